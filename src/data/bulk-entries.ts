/** Writes many decided entries in one statement; the database moves the accounts, or refuses them all. */

import {type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import type {EntryDraft} from '../core/ledger.ts'
import {hexColumn, int8Column, momentColumn, textColumn} from './binary-arrays.ts'

const HASH_BYTES = 32
const countRow = z.object({written: z.int()})

/**
 * `drafts` in key order, which is the order of the largest index. `batch`: the import that they belong to. The values are
 * taken at once, so whoever forgets the drafts while the database works spares V8 their copying.
 */
export function insertEntries(
  tx: DatabaseTransactionConnection,
  drafts: readonly EntryDraft[],
  batch: bigint | null,
): Promise<void> {
  return drafts.length === 0 ? Promise.resolve() : inserted(tx, insertionOf(drafts, batch), drafts.length)
}

type Insertion = ReturnType<typeof insertionOf>

async function inserted(tx: DatabaseTransactionConnection, insertion: Insertion, count: number): Promise<void> {
  const {written} = await tx.one(insertion)
  if (written !== count) throw new Error(`${count} entries were decided and ${written} written`)
}

function insertionOf(drafts: readonly EntryDraft[], batch: bigint | null) {
  const ids = (value: (draft: EntryDraft) => bigint | null) => sql.binary(int8Column(drafts, value))
  const texts = (value: (draft: EntryDraft) => string | null) => sql.binary(textColumn(drafts, value))
  const moments = sql.binary(momentColumn(drafts, ({occurredAt}) => occurredAt))
  const hashes = sql.binary(hexColumn(drafts, HASH_BYTES, ({hash}) => hash))
  // `returning`: without it Citus reports every broken rule as an internal error.
  return sql.type(countRow)`
    with written as (
      insert into entry (
        client_id, unit, seq, kind, direction, amount, balance_before, balance_after, staff_id, method, note,
        reference, reverses, counter_client_id, counter_seq, occurred_at, operator, hash, batch)
      select d.client_id, d.unit, d.seq, d.kind, d.direction, d.amount, d.balance_before, d.balance_after, d.staff_id,
        d.method, d.note, d.reference, d.reverses, d.counter_client_id, d.counter_seq, d.occurred_at, d.operator,
        d.hash, ${batch}::bigint
      from unnest(
        ${ids(({clientId}) => clientId)}::bigint[], ${texts(({unit}) => unit.code)}::text[],
        ${ids(({seq}) => seq)}::bigint[], ${texts(({kind}) => kind)}::text[],
        ${texts(({direction}) => direction)}::text[], ${ids(({amount}) => amount)}::bigint[],
        ${ids(({balanceBefore}) => balanceBefore)}::bigint[], ${ids(({balanceAfter}) => balanceAfter)}::bigint[],
        ${ids(({staff}) => staff?.id ?? null)}::bigint[], ${texts(({method}) => method)}::text[],
        ${texts(({note}) => note)}::text[], ${texts(({reference}) => reference)}::text[],
        ${ids(({reversesSeq}) => reversesSeq)}::bigint[], ${ids(({counter}) => counter?.clientId ?? null)}::bigint[],
        ${ids(({counter}) => counter?.seq ?? null)}::bigint[], ${moments}::timestamptz[],
        ${texts(({operator}) => operator)}::text[], ${hashes}::bytea[]
      ) as d (client_id, unit, seq, kind, direction, amount, balance_before, balance_after, staff_id, method, note,
        reference, reverses, counter_client_id, counter_seq, occurred_at, operator, hash)
      returning 1
    )
    select count(*)::integer as written from written`
}
