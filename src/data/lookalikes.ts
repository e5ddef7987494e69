/** Whose names a text may be meant for as a whole: with a typo, or in another spelling. */

import type {CommonQueryMethods} from 'slonik'
import {wholeWordCost, wordsOf} from '../core/closeness.ts'
import {nameCost, TYPO, TYPO_MAX, WHOLE} from '../core/search-rank.ts'
import type {Candidate} from './find-client.ts'
import {farIds, readHits, typedOf} from './search.ts'

const LOOKALIKES_MAX = 100

/**
 * The clients other than `client` that `text` may be meant for at least as well. Where all that was typed stands in the
 * client's name, they are those whose names sound the same; otherwise also those one typo away.
 */
export async function lookalikes(
  db: CommonQueryMethods,
  text: string,
  client: Candidate,
): Promise<readonly Omit<Candidate, 'how' | 'defaultPrice'>[]> {
  const typed = await typedOf(text)
  const cost = (name: string, searchKey: string) => nameCost(typed.words, wordsOf(name, searchKey), wholeWordCost)
  const most = cost(client.name, client.searchKey) < TYPO ? WHOLE : TYPO_MAX
  const ids = await farIds(db, typed, LOOKALIKES_MAX, wholeWordCost)
  const rows = ids === null ? [] : await readHits(db, ids, {archived: true})
  return rows
    .filter(({id, name, searchKey}) => id !== client.id && cost(name, searchKey) <= most)
    .map(({id, name, searchKey, phone, code, archivedAt, ownBalance}) => ({
      id,
      name,
      searchKey,
      phone,
      code,
      archived: archivedAt !== null,
      balance: ownBalance,
    }))
}
