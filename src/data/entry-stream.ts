/** The ledger's entries from first to last, streamed from one snapshot. */

import {type DatabaseTransactionConnection, sql} from 'slonik'
import type {StoredSeal} from '../core/chain-check.ts'
import {streamRows, type TextRow} from './snapshot.ts'

/** An entry as it is stored, nothing checked. */
export interface StoredEntry extends StoredSeal {
  /** As `occurredAt`. */
  readonly recordedAt: string
  readonly batch: string | null
  /** Null unless asked for with `clientNames`. */
  readonly clientName: string | null
  /** The seqs of its reversals, oldest first, with commas between; null where there are none, and unless asked for with `reversals`. */
  readonly reversedBySeqs: string | null
  /** Of what a reversal reverses; null for other entries, and unless asked for with `originals`. */
  readonly reversedKind: string | null
  readonly reversedMethod: string | null
  readonly reversedStaffId: string | null
}

export interface EntryFilter {
  readonly clientId?: bigint | null
  /** Entries that happened at or after this moment. */
  readonly from?: Date | null
  /** Entries that happened before this moment. */
  readonly to?: Date | null
  // Each costs the server a third as much again as all the rest; so they are only joined where they are used.
  readonly clientNames?: boolean
  readonly reversals?: boolean
  readonly originals?: boolean
}

/**
 * Gives the entries in the order of their keys (client, unit, seq) to `onBatch`, some hundreds at a time; it is
 * awaited before many more are read, so memory stays the same however long the ledger is. To be called in `inSnapshot`.
 */
export async function streamEntries(
  tx: DatabaseTransactionConnection,
  {clientId = null, from = null, to = null, clientNames = false, reversals = false, originals = false}: EntryFilter,
  onBatch: (entries: readonly StoredEntry[]) => void | Promise<void>,
): Promise<void> {
  const conditions = [
    sql.fragment`true`,
    ...(clientId === null ? [] : [sql.fragment`e.client_id = ${sql.literalValue(clientId.toString())}`]),
    ...(from === null ? [] : [sql.fragment`e.occurred_at >= ${sql.literalValue(from.toISOString())}`]),
    ...(to === null ? [] : [sql.fragment`e.occurred_at < ${sql.literalValue(to.toISOString())}`]),
  ]
  const select = sql.fragment`
    select ${storedEntryColumns}, ${clientNames ? sql.fragment`c.name` : sql.fragment`null`},
      ${reversals ? sql.fragment`b.seqs` : sql.fragment`null`},
      ${originals ? sql.fragment`o.kind, o.method, o.staff_id` : sql.fragment`null, null, null`}
    from entry e
    ${clientNames ? sql.fragment`left join client c on c.id = e.client_id` : sql.fragment``}
    ${reversals ? reversalTable : sql.fragment``}
    ${originals ? originalTable : sql.fragment``}
    where ${sql.join(conditions, sql.fragment` and `)}
    order by e.client_id, e.unit, e.seq`
  await streamRows(tx, select, (rows) => onBatch(Array.from(rows, storedEntry)))
}

const reversalTable = sql.fragment`
  left join (
    select client_id, unit, reverses, string_agg(seq::text, ',' order by seq) as seqs
    from entry
    where reverses is not null
    group by client_id, unit, reverses
  ) b on b.client_id = e.client_id and b.unit = e.unit and b.reverses = e.seq`

const originalTable = sql.fragment`
  left join lateral (
    select kind, method, staff_id
    from entry
    where client_id = e.client_id and unit = e.unit and seq = e.reverses
    limit 1
  ) o on e.reverses is not null`

/** The first columns of `storedEntry`, for a query from `entry e`. */
const storedEntryColumns = sql.fragment`
  e.client_id, e.unit, e.seq, e.kind, e.direction, e.amount, e.balance_before, e.balance_after, e.staff_id, e.method,
  e.note, e.reference, e.reverses, e.counter_client_id, e.counter_seq, e.occurred_at, e.recorded_at, e.operator,
  encode(e.hash, 'hex'), e.batch`

function storedEntry(row: TextRow): StoredEntry {
  const text = (at: number) => row[at] ?? ''
  const orNull = (at: number) => row[at] ?? null
  return {
    clientId: text(0),
    unit: text(1),
    seq: text(2),
    kind: text(3),
    direction: text(4),
    amount: text(5),
    balanceBefore: text(6),
    balanceAfter: text(7),
    staffId: orNull(8),
    method: orNull(9),
    note: orNull(10),
    reference: text(11),
    reversesSeq: orNull(12),
    counterClientId: orNull(13),
    counterSeq: orNull(14),
    occurredAt: utcTime(text(15)),
    recordedAt: utcTime(text(16)),
    operator: text(17),
    hash: text(18),
    batch: orNull(19),
    clientName: orNull(20),
    reversedBySeqs: orNull(21),
    reversedKind: orNull(22),
    reversedMethod: orNull(23),
    reversedStaffId: orNull(24),
  }
}

/** The length of `2026-11-22 10:00:00.123+00`. */
const WITH_MILLISECONDS = 26

/**
 * `2026-11-22 10:00:00.5+00` → `2026-11-22T10:00:00.500Z`. What is not of this form (a year before Christ, infinity, finer
 * than milliseconds) comes out as something that no entry was sealed with, and never throws.
 */
export function utcTime(text: string): string {
  if (text.length === WITH_MILLISECONDS) return `${text.slice(0, 10)}T${text.slice(11, 23)}Z`
  const zone = text.length - 3
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, zone).padEnd(3, '0')}Z`
}
