/** Whose names a text may be meant for as a whole: with a typo, or in another spelling. */

import type {CommonQueryMethods} from 'slonik'
import {type Word, wholeWordCost, wordsOf} from '../core/closeness.ts'
import {NONE, nameCost, TYPO, TYPO_MAX, WHOLE} from '../core/search-rank.ts'
import {farIds, type Hit, readHits, typedOf} from './search.ts'

const LOOKALIKES_MAX = 100

/**
 * The clients other than `client` that `text` may be meant for at least as well. Where `isWhole`, the text being the
 * client's whole name in another spelling, they are those whose names have the words just as typed; where all that was
 * typed stands in the client's name, those whose names sound the same; otherwise also those one typo away.
 */
export async function lookalikes(
  db: CommonQueryMethods,
  text: string,
  client: Pick<Hit, 'id' | 'name' | 'searchKey'>,
  isWhole: boolean,
): Promise<readonly Hit[]> {
  const typed = await typedOf(text)
  const cost = ({name, searchKey}: Pick<Hit, 'name' | 'searchKey'>, costOf = wholeWordCost) =>
    nameCost(typed.words, wordsOf(name, searchKey), costOf)
  // Nothing is as close as the name itself.
  if (isWhole && cost(client, asTyped) !== NONE) return []
  const most = isWhole || cost(client) < TYPO ? WHOLE : TYPO_MAX
  const hits = await readHits(db, await farIds(db, typed, LOOKALIKES_MAX, wholeWordCost), {archived: true})
  return hits.filter((hit) => hit.id !== client.id && cost(hit, isWhole ? asTyped : wholeWordCost) <= most)
}

function asTyped(typed: Word, kept: Word): number {
  return typed.own === kept.own ? 0 : NONE
}
