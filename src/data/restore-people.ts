/** Writes everything of a filed ledger but its entries, into tables that are empty. */

import {type DatabaseTransactionConnection, sql} from 'slonik'
import type {Settings} from '../core/client.ts'
import {codeKey} from '../core/code.ts'
import type {FiledClient, FiledRow, FiledStaff} from '../core/ledger-file.ts'
import {phoneDigits} from '../core/phone.ts'
import {loadFolding} from '../core/search-key.ts'
import {int4Array, int8Array, textArray} from './binary-arrays.ts'
import {indexNames} from './search-words.ts'

type Tx = DatabaseTransactionConnection

const ids = (values: readonly (bigint | null)[]) => sql.binary(int8Array(values))
const texts = (values: readonly (string | null)[]) => sql.binary(textArray(values))

export async function writeSettings(tx: Tx, settings: Settings): Promise<void> {
  const {businessName, unit, timeZone, locale, countedUnits} = settings
  await tx.query(sql.unsafe`
    update settings
    set business_name = ${businessName}, unit = ${unit.code}, time_zone = ${timeZone}, locale = ${locale}`)
  await tx.query(sql.unsafe`delete from counted_unit`)
  await tx.query(sql.unsafe`
    insert into counted_unit (code, decimals)
    select code, decimals
    from unnest(${texts(countedUnits.map(({code}) => code))}::text[],
      ${sql.binary(int4Array(countedUnits.map(({decimals}) => decimals)))}::int[]) as u (code, decimals)`)
}

export async function writeStaff(tx: Tx, staff: readonly FiledStaff[]): Promise<void> {
  const fold = await loadFolding()
  await tx.query(sql.unsafe`
    insert into staff (id, name, search_key, created_at, archived_at)
    overriding system value
    select id, name, search_key, created_at::timestamptz, archived_at::timestamptz
    from unnest(
      ${ids(staff.map(({id}) => id))}::bigint[], ${texts(staff.map(({name}) => name))}::text[],
      ${texts(staff.map(({name}) => fold(name)))}::text[], ${texts(staff.map(({createdAt}) => createdAt))}::text[],
      ${texts(staff.map(({archivedAt}) => archivedAt))}::text[]
    ) as s (id, name, search_key, created_at, archived_at)`)
}

/** Rows of one table. */
export async function writeRows(tx: Tx, table: string, rows: readonly FiledRow[]): Promise<void> {
  const name = sql.identifier([table])
  await tx.query(sql.unsafe`
    insert into ${name}
    overriding system value
    select * from json_populate_recordset(null::${name}, ${`[${rows.map(({row}) => row).join(',')}]`}::json)`)
}

/** Clients with their codes, the words they are found by, and their accounts, which begin empty. */
export async function writeClients(tx: Tx, clients: readonly FiledClient[]): Promise<void> {
  const fold = await loadFolding()
  const keys = clients.map(({name}) => fold(name))
  const words = (value: (client: FiledClient) => string | null) => texts(clients.map(value))
  await tx.query(sql.unsafe`
    insert into client (
      id, name, search_key, phone, phone_digits, email, code, birth_date, category, source, address, note,
      default_price, created_at, archived_at)
    overriding system value
    select id, name, search_key, phone, phone_digits, email, code, birth_date::date, category, source, address,
      note, default_price, created_at::timestamptz, archived_at::timestamptz
    from unnest(
      ${ids(clients.map(({id}) => id))}::bigint[], ${words(({name}) => name)}::text[], ${texts(keys)}::text[],
      ${words(({phone}) => phone)}::text[],
      ${words(({phone}) => (phone === null ? null : phoneDigits(phone)))}::text[], ${words(({email}) => email)}::text[],
      ${words(({code}) => code)}::text[], ${words(({birthDate}) => birthDate)}::text[],
      ${words(({category}) => category)}::text[], ${words(({source}) => source)}::text[],
      ${words(({address}) => address)}::text[], ${words(({note}) => note)}::text[],
      ${ids(clients.map(({defaultPrice}) => defaultPrice))}::bigint[], ${words(({createdAt}) => createdAt)}::text[],
      ${words(({archivedAt}) => archivedAt)}::text[]
    ) as c (id, name, search_key, phone, phone_digits, email, code, birth_date, category, source, address,
      note, default_price, created_at, archived_at)`)
  const coded = clients.filter(({code}) => code !== null)
  await tx.query(sql.unsafe`
    insert into client_code (code_key, client_id)
    select *
    from unnest(${texts(coded.map(({code}) => codeKey(code ?? '')))}::text[], ${ids(coded.map(({id}) => id))}::bigint[])`)
  await indexNames(
    tx,
    clients.map(({id}, at) => ({clientId: id, searchKey: keys[at] ?? ''})),
  )
  const accounts = clients.flatMap(({id, accounts: own}) => own.map(({unitCode}) => ({id, unitCode})))
  await tx.query(sql.unsafe`
    insert into account (client_id, unit)
    select *
    from unnest(${ids(accounts.map(({id}) => id))}::bigint[], ${texts(accounts.map(({unitCode}) => unitCode))}::text[])`)
}
