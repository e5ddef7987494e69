/** Keeps the words by which a client is found. */

import {type DatabaseTransactionConnection, sql} from 'slonik'
import {deletions, looseWord} from '../core/search-key.ts'
import {int8Array, textArray} from './binary-arrays.ts'

/** Makes the index hold exactly the words of this name. New words join the dictionary; old ones stay there unused. */
export async function indexWords(
  tx: DatabaseTransactionConnection,
  clientId: bigint,
  searchKey: string,
): Promise<void> {
  await tx.query(sql.unsafe`delete from client_word where client_id = ${clientId}`)
  await indexNames(tx, [{clientId, searchKey}])
}

export interface IndexedName {
  readonly clientId: bigint
  /** The folded name. */
  readonly searchKey: string
}

/** Indexes the names of clients that are not yet indexed, all at once. */
export async function indexNames(tx: DatabaseTransactionConnection, names: readonly IndexedName[]): Promise<void> {
  // Sorted, so that two desks that add the same words take their locks in the same order.
  const words = [...new Set(names.flatMap(({searchKey}) => searchKey.split(' ')))].sort()
  const loose = words.map(looseWord)
  const variants = [...new Set([...words, ...loose])].flatMap((form) =>
    deletions(form).map((variant) => ({variant, form})),
  )
  const pairs = names.flatMap(({clientId, searchKey}) => wordPairs(searchKey).map((pair) => ({...pair, clientId})))
  const texts = (values: readonly string[]) => sql.binary(textArray(values))
  await tx.query(sql.unsafe`
    with spelled as (
      insert into word (word, loose)
      select word, loose from unnest(${texts(words)}::text[], ${texts(loose)}::text[]) as fresh (word, loose)
      order by word
      on conflict do nothing
    ), varied as (
      insert into word_variant (variant, form)
      select variant, form
      from unnest(${texts(variants.map(({variant}) => variant))}::text[], ${texts(variants.map(({form}) => form))}::text[])
        as fresh (variant, form)
      order by variant, form
      on conflict do nothing
    )
    insert into client_word (word, other, client_id)
    select word, other, client_id
    from unnest(
      ${texts(pairs.map(({word}) => word))}::text[], ${texts(pairs.map(({other}) => other))}::text[],
      ${sql.binary(int8Array(pairs.map(({clientId}) => clientId)))}::bigint[]
    ) as fresh (word, other, client_id)`)
}

/** Every two words of a folded name, both ways round; one word alone with an empty other. */
function wordPairs(searchKey: string): readonly {readonly word: string; readonly other: string}[] {
  const words = searchKey.split(' ')
  if (words.length === 1) return [{word: searchKey, other: ''}]
  const pairs = words.flatMap((word, at) => words.filter((_, place) => place !== at).map((other) => ({word, other})))
  return [...new Map(pairs.map((pair) => [`${pair.word} ${pair.other}`, pair])).values()]
}
