/** Everything of the ledger but its entries, as an export keeps it. */

import {type DatabaseTransactionConnection, sql} from 'slonik'
import type {FiledAccount, FiledClient, FiledRow, FiledStaff} from '../core/ledger-file.ts'
import {type Money, money} from '../core/money.ts'
import type {Scope} from './export-scope.ts'
import {filedTables} from './filed-tables.ts'
import {streamRows, type TextRow} from './snapshot.ts'

type OnBatch<T> = (some: readonly T[]) => Promise<void>

/** By id, some hundreds at a time; to be called in `inSnapshot`, like the others here. */
export async function streamFiledStaff(tx: DatabaseTransactionConnection, onBatch: OnBatch<FiledStaff>): Promise<void> {
  await streamRows(tx, sql.fragment`select id, name, created_at, archived_at from staff order by id`, (rows) =>
    onBatch(Array.from(rows, filedStaff)),
  )
}

function filedStaff([id, name, createdAt, archivedAt]: TextRow): FiledStaff {
  return {id: whole(id), name: text(name), createdAt: time(createdAt), archivedAt: timeOrNull(archivedAt)}
}

export async function streamFiledRows(tx: DatabaseTransactionConnection, onBatch: OnBatch<FiledRow>): Promise<void> {
  for (const table of await filedTables(tx)) {
    const select = sql.fragment`
      select row_to_json(t) from ${sql.identifier([table])} t order by row_to_json(t)::text collate "C"`
    await streamRows(tx, select, (rows) => onBatch(Array.from(rows, ([row]) => ({table, row: text(row)}))))
  }
}

/** Clients with all their accounts. */
export async function streamFiledClients(
  tx: DatabaseTransactionConnection,
  scope: Scope,
  onBatch: OnBatch<FiledClient>,
): Promise<void> {
  const only =
    scope.client === null ? sql.fragment`` : sql.fragment`where c.id = ${sql.literalValue(String(scope.client.id))}`
  const select = sql.fragment`
    select c.id, c.name, c.phone, c.email, c.code, c.birth_date, c.category, c.source, c.address, c.note,
      c.default_price, c.created_at, c.archived_at,
      (select json_agg(json_build_array(unit, balance::text, last_seq::text, encode(last_hash, 'hex')) order by unit)
       from account a where a.client_id = c.id)
    from client c ${only}
    order by c.id`
  await streamRows(tx, select, (rows) => onBatch(Array.from(rows, filedClient)))
}

function filedClient(row: TextRow): FiledClient {
  const [id, name, phone, email, code, birthDate, category, source, address, note, price, created, archived, accounts] =
    row
  return {
    id: whole(id),
    name: text(name),
    phone: phone ?? null,
    email: email ?? null,
    code: code ?? null,
    birthDate: birthDate ?? null,
    category: category ?? null,
    source: source ?? null,
    address: address ?? null,
    note: note ?? null,
    defaultPrice: price === null || price === undefined ? null : money(BigInt(price)),
    createdAt: time(created),
    archivedAt: timeOrNull(archived),
    accounts:
      accounts === null || accounts === undefined ? [] : (JSON.parse(accounts) as AccountTuple[]).map(filedAccount),
  }
}

type AccountTuple = readonly [unit: string, balance: string, lastSeq: string, lastHash: string | null]

function filedAccount([unitCode, balance, lastSeq, lastHash]: AccountTuple): FiledAccount {
  return {unitCode, balance: BigInt(balance) as Money, lastSeq: BigInt(lastSeq), lastHash}
}

function text(value: string | null | undefined): string {
  if (value === null || value === undefined) throw new TypeError('A column that is never null was null')
  return value
}

function whole(value: string | null | undefined): bigint {
  return BigInt(text(value))
}

function timeOrNull(value: string | null | undefined): string | null {
  return value === null || value === undefined ? null : time(value)
}

/** `2026-11-22 10:00:00.5+00` → `2026-11-22T10:00:00.500000Z`. */
function time(value: string | null | undefined): string {
  const stored = text(value)
  return `${stored.slice(0, 10)}T${stored.slice(11, 19)}.${stored.slice(20, -3).padEnd(6, '0')}Z`
}
