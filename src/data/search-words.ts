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
  // Sorted, so that two desks that add the same words take their locks in the same order.
  const words = [...new Set(searchKey.split(' '))].sort()
  const loose = words.map(looseWord)
  const variants = [...new Set(loose)].flatMap((word) => deletions(word).map((variant) => ({variant, word})))
  await tx.query(sql.unsafe`
    with spelled as (
      insert into word (word, loose)
      select word, loose from unnest(${sql.array(words, 'text')}, ${sql.array(loose, 'text')}) as fresh (word, loose)
      order by word
      on conflict do nothing
    ), varied as (
      insert into word_variant (variant, loose)
      select variant, loose
      from unnest(${sql.array(
        variants.map(({variant}) => variant),
        'text',
      )}, ${sql.array(
        variants.map(({word}) => word),
        'text',
      )}) as fresh (variant, loose)
      order by variant, loose
      on conflict do nothing
    ), forgotten as (
      delete from client_word where client_id = ${clientId} and word <> all(${sql.array(words, 'text')})
    )
    insert into client_word (word, client_id)
    select word, ${clientId}::bigint from unnest(${sql.array(words, 'text')}) as word
    on conflict do nothing`)
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
