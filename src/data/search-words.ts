/** Keeps the words by which a client is found. */

import {type DatabaseTransactionConnection, sql} from 'slonik'
import {deletions, looseWord} from '../core/search-key.ts'
import {int8Array, textArray} from './binary-arrays.ts'

/** The coarse phonetic form of a folded name, word by word. */
export function looseKey(searchKey: string): string {
  return searchKey.split(' ').map(looseWord).join(' ')
}

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
  const text = (values: readonly string[]) => sql.array([...values], 'text')
  await tx.query(sql.unsafe`
    with spelled as (
      insert into word (word, loose)
      select word, loose from unnest(${text(words)}, ${text(loose)}) as fresh (word, loose)
      order by word
      on conflict do nothing
    ), varied as (
      insert into word_variant (variant, form)
      select variant, form
      from unnest(${text(variants.map(({variant}) => variant))}, ${text(variants.map(({form}) => form))}) as fresh (variant, form)
      order by variant, form
      on conflict do nothing
    )
    insert into client_word (word, other, client_id)
    select word, other, client_id
    from unnest(
      ${text(pairs.map(({word}) => word))}, ${text(pairs.map(({other}) => other))},
      ${sql.array(
        pairs.map(({clientId}) => clientId),
        'int8',
      )}
    ) as fresh (word, other, client_id)`)
}

/** Every two words of a folded name, both ways round; one word alone with an empty other. */
function wordPairs(searchKey: string): readonly {readonly word: string; readonly other: string}[] {
  const words = searchKey.split(' ')
  if (words.length === 1) return [{word: searchKey, other: ''}]
  const pairs = words.flatMap((word, at) => words.filter((_, place) => place !== at).map((other) => ({word, other})))
  return [...new Map(pairs.map((pair) => [`${pair.word} ${pair.other}`, pair])).values()]
}

/** The same for many clients at once, of whom none has words yet. */
export async function indexManyWords(
  tx: DatabaseTransactionConnection,
  clients: readonly {readonly id: bigint; readonly searchKey: string}[],
): Promise<void> {
  const pairs = clients.flatMap(({id, searchKey}) => [...new Set(searchKey.split(' '))].map((word) => ({word, id})))
  const words = [...new Set(pairs.map(({word}) => word))].sort()
  const loose = words.map(looseWord)
  const variants = [...new Set(loose)].flatMap((word) => deletions(word).map((variant) => ({variant, word})))
  const texts = (values: readonly string[]) => sql.binary(textArray(values))
  await tx.query(sql.unsafe`
    with spelled as (
      insert into word (word, loose)
      select word, loose from unnest(${texts(words)}::text[], ${texts(loose)}::text[]) as fresh (word, loose)
      order by word
      on conflict do nothing
    ), varied as (
      insert into word_variant (variant, loose)
      select variant, loose
      from unnest(${texts(variants.map(({variant}) => variant))}::text[], ${texts(variants.map(({word}) => word))}::text[])
        as fresh (variant, loose)
      order by variant, loose
      on conflict do nothing
    )
    insert into client_word (word, client_id)
    select word, id
    from unnest(${texts(pairs.map(({word}) => word))}::text[],
      ${sql.binary(int8Array(pairs.map(({id}) => id)))}::bigint[]) as pair (word, id)`)
}
