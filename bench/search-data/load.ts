/** Puts people into a ledger's database many at a time, with everything that search looks at. */

import type {DatabasePool} from 'slonik'
import {sql} from 'slonik'
import {codeKey} from '../../src/core/code.ts'
import {loadFolding} from '../../src/core/search-key.ts'
import {indexNames} from '../../src/data/search-words.ts'
import {nameOf, type Person} from './people.ts'

const CHUNK = 10_000

/** Their ids are their places, counted from 1. */
export async function loadPeople(pool: DatabasePool, people: readonly Person[]): Promise<void> {
  const fold = await loadFolding()
  for (let start = 0; start < people.length; start += CHUNK) {
    const rows = people.slice(start, start + CHUNK).map((person, at) => {
      const name = nameOf(person)
      return {...person, id: BigInt(start + at + 1), name, searchKey: fold(name)}
    })
    const text = (values: readonly (string | null)[]) => sql.array([...values], 'text')
    const ids = sql.array(
      rows.map(({id}) => id),
      'int8',
    )
    const coded = rows.filter(({code}) => code !== null)
    await pool.transaction(async (tx) => {
      await tx.query(sql.unsafe`
        insert into client (id, name, search_key, phone, phone_digits, code) overriding system value
        select id, name, search_key, phone, regexp_replace(phone, '\\D', '', 'g'), code
        from unnest(
          ${ids}, ${text(rows.map(({name}) => name))}, ${text(rows.map(({searchKey}) => searchKey))},
          ${text(rows.map(({phone}) => phone))}, ${text(rows.map(({code}) => code))}
        ) as fresh (id, name, search_key, phone, code)`)
      await tx.query(sql.unsafe`
        insert into client_code (code_key, client_id)
        select * from unnest(${text(coded.map(({code}) => codeKey(code ?? '')))}, ${sql.array(
          coded.map(({id}) => id),
          'int8',
        )}) on conflict do nothing`)
      await tx.query(sql.unsafe`insert into account (client_id, unit) select id, 'AZN' from unnest(${ids}) as id`)
      await indexNames(
        tx,
        rows.map(({id, searchKey}) => ({clientId: id, searchKey})),
      )
    })
  }
  await pool.query(sql.unsafe`analyze`)
}
