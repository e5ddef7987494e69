/** Entries as rows: writing one, reading them back. */

import {type CommonQueryMethods, type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import {DIRECTIONS, type Entry, KINDS, METHODS} from '../core/entry.ts'
import type {EntryDraft} from '../core/ledger.ts'
import type {TransferDraft} from '../core/transfer.ts'
import {findUnit, type Unit} from '../core/unit.ts'
import {bigintColumn, bigintOrNull, idInJson, moneyColumn, textOrNull} from './rows.ts'

export const entryRow = z.object({
  clientId: bigintColumn,
  clientName: z.string(),
  unit: z.string(),
  seq: bigintColumn,
  kind: z.enum(KINDS),
  direction: z.enum(DIRECTIONS),
  amount: moneyColumn,
  balanceBefore: moneyColumn,
  balanceAfter: moneyColumn,
  staffId: bigintOrNull,
  staffName: textOrNull,
  method: z.nullable(z.enum(METHODS)),
  note: textOrNull,
  reference: z.string(),
  reversesSeq: bigintOrNull,
  reversedBySeqs: z.array(idInJson),
  counterClientId: bigintOrNull,
  counterSeq: bigintOrNull,
  occurredAt: z.string(),
  recordedAt: z.string(),
  operator: z.string(),
  hash: z.string(),
})

/** The columns of `entryRow`, for a query from `entry e` joined with `client c` and `staff s`. */
export const entryColumns = sql.fragment`
  e.client_id as "clientId", c.name as "clientName", e.unit, e.seq, e.kind, e.direction, e.amount,
  e.balance_before as "balanceBefore", e.balance_after as "balanceAfter", e.staff_id as "staffId", s.name as "staffName",
  e.method, e.note, e.reference, e.reverses as "reversesSeq",
  array(
    select r.seq from entry r where r.client_id = e.client_id and r.unit = e.unit and r.reverses = e.seq order by r.seq
  ) as "reversedBySeqs", e.counter_client_id as "counterClientId",
  e.counter_seq as "counterSeq", e.occurred_at as "occurredAt", e.recorded_at as "recordedAt", e.operator,
  encode(e.hash, 'hex') as hash`

export function entryOf(row: z.infer<typeof entryRow>, counted: readonly Unit[]): Entry {
  const {clientId, clientName, staffId, staffName, counterClientId, counterSeq, unit, ...same} = row
  return {
    ...same,
    clientId,
    unit: findUnit(unit, counted),
    client: {id: clientId, name: clientName},
    staff: staffId === null || staffName === null ? null : {id: staffId, name: staffName},
    counter: counterClientId === null || counterSeq === null ? null : {clientId: counterClientId, seq: counterSeq},
  }
}

/** One entry by its key; it must exist. */
export async function readEntry(
  db: CommonQueryMethods,
  key: {readonly clientId: bigint; readonly unitCode: string; readonly seq: bigint},
  counted: readonly Unit[],
): Promise<Entry> {
  const row = await db.one(sql.type(entryRow)`
    select ${entryColumns}
    from entry e
    join client c on c.id = e.client_id
    left join staff s on s.id = e.staff_id
    where e.client_id = ${key.clientId} and e.unit = ${key.unitCode} and e.seq = ${key.seq}`)
  return entryOf(row, counted)
}

/** Writes a decided entry; the database moves the account, or refuses. Returns when it was recorded (RFC 3339). */
export async function insertEntry(tx: DatabaseTransactionConnection, draft: EntryDraft): Promise<string> {
  const {recordedAt} = await tx.one(sql.type(recordedRow)`${insertion([draft])}`)
  return recordedAt
}

/** Writes both sides of a transfer in one statement: neither is right without the other. Both are recorded at once. */
export async function insertTransfer(
  tx: DatabaseTransactionConnection,
  {entry, counterEntry}: TransferDraft,
): Promise<readonly string[]> {
  const rows = await tx.many(sql.type(recordedRow)`${insertion([entry, counterEntry])}`)
  return rows.map(({recordedAt}) => recordedAt)
}

const recordedRow = z.object({recordedAt: z.string()})

function insertion(drafts: readonly EntryDraft[]) {
  const rows = drafts.map(
    (draft) => sql.fragment`(
      ${draft.clientId}, ${draft.unit.code}, ${draft.seq}, ${draft.kind}, ${draft.direction}, ${draft.amount},
      ${draft.balanceBefore}, ${draft.balanceAfter}, ${draft.staff?.id ?? null}, ${draft.method}, ${draft.note},
      ${draft.reference}, ${draft.reversesSeq}, ${draft.counter?.clientId ?? null}, ${draft.counter?.seq ?? null},
      ${draft.occurredAt}, ${draft.operator}, decode(${draft.hash}, 'hex'))`,
  )
  return sql.fragment`
    insert into entry (
      client_id, unit, seq, kind, direction, amount, balance_before, balance_after, staff_id, method, note,
      reference, reverses, counter_client_id, counter_seq, occurred_at, operator, hash)
    values ${sql.join(rows, sql.fragment`, `)}
    returning recorded_at as "recordedAt"`
}
