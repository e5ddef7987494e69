/** Whose names a text may be meant for as a whole: with a typo, or in another spelling. */

import type {CommonQueryMethods} from 'slonik'
import {type Word, wholeWordCost, wordsOf} from '../core/closeness.ts'
import {NONE, nameCost, TYPO, TYPO_MAX, WHOLE} from '../core/search-rank.ts'
import {typedOf} from './search.ts'
import {farCall, readLikeWords} from './search-choices.ts'
import {type Hit, readHits} from './search-hits.ts'

const LOOKALIKES_MAX = 100

/**
 * Ids of the clients other than `client` that `text` may be meant for at least as well. Where `isWhole`, the text being the
 * client's whole name in another spelling, they are those whose names have the words just as typed; where all that was
 * typed stands in the client's name, those whose names sound the same; otherwise also those one typo away.
 */
export async function lookalikes(
  db: CommonQueryMethods,
  text: string,
  client: {readonly id: bigint; readonly name: string; readonly searchKey: string},
  isWhole: boolean,
): Promise<readonly bigint[]> {
  const typed = await typedOf(text)
  const cost = ({name, searchKey}: Pick<Hit, 'name' | 'searchKey'>, costOf = wholeWordCost) =>
    nameCost(typed.words, wordsOf(name, searchKey), costOf)
  // Nothing is as close as the name itself.
  if (isWhole && cost(client, asTyped) !== NONE) return []
  const most = isWhole || cost(client) < TYPO ? WHOLE : TYPO_MAX
  const choosing = {most: LOOKALIKES_MAX, archived: true, costOf: wholeWordCost}
  const call = farCall(typed, await readLikeWords(db, typed), choosing)
  const hits = call === null ? [] : await readHits(db, call)
  const alike = hits.filter((hit) => cost(hit, isWhole ? asTyped : wholeWordCost) <= most)
  return alike.map(({id}) => BigInt(id)).filter((id) => id !== client.id)
}

function asTyped(typed: Word, kept: Word): number {
  return typed.own === kept.own ? 0 : NONE
}
