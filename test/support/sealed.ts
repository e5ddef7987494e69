/** Writes entries as an intruder with every right would: past all triggers and checks, with a hash that fits if wanted. */

import {chainRoot, entryHash} from '../../src/core/hash-chain.ts'
import {money} from '../../src/core/money.ts'
import type {TestDatabase} from './database.ts'

export interface Forged {
  readonly client_id: bigint
  readonly unit: string
  readonly seq: bigint
  readonly kind: string
  readonly direction: string
  readonly amount: bigint
  readonly balance_before: bigint
  readonly balance_after: bigint
  readonly staff_id: bigint | null
  readonly method: string | null
  readonly note: string | null
  readonly reference: string
  readonly reverses: bigint | null
  readonly counter_client_id: bigint | null
  readonly counter_seq: bigint | null
  readonly occurred_at: string
  readonly operator: string
}

type Sql = Pick<TestDatabase, 'sql'>

/** Statements with no trigger, foreign key or append-only rule in their way. */
export async function bySuperuser({sql}: Sql, statements: string): Promise<void> {
  await sql(`begin; set local session_replication_role = replica; ${statements}; commit`)
}

/** The hash that an entry should have after the one before it. Two decimals. */
function sealOf(entry: Forged, before: string | null): string {
  const unit = {code: entry.unit, decimals: entry.unit === 'lesson' ? 0 : 2}
  const root = before === null ? chainRoot(entry.client_id, unit) : Buffer.from(before, 'hex')
  return entryHash(root, {
    clientId: entry.client_id,
    unit,
    seq: entry.seq,
    kind: entry.kind,
    direction: entry.direction,
    amount: money(entry.amount),
    balanceBefore: money(entry.balance_before),
    balanceAfter: money(entry.balance_after),
    staff: entry.staff_id === null ? null : {id: entry.staff_id},
    method: entry.method,
    note: entry.note,
    reference: entry.reference,
    reversesSeq: entry.reverses,
    counter:
      entry.counter_client_id === null || entry.counter_seq === null
        ? null
        : {clientId: entry.counter_client_id, seq: entry.counter_seq},
    occurredAt: entry.occurred_at,
    operator: entry.operator,
  }).toString('hex')
}

interface StoredLine {
  readonly entry: Forged
  readonly hash: string
}

/** An account's entries as they stand. */
async function storedChain({sql}: Sql, clientId: number, unit: string): Promise<StoredLine[]> {
  const rows = await sql(
    `select client_id, unit, seq, kind, direction, amount, balance_before, balance_after, staff_id, method, note,
       reference, reverses, counter_client_id, counter_seq, operator, encode(hash, 'hex') as hash,
       to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred_at
     from entry where client_id = $1 and unit = $2 order by seq`,
    [clientId, unit],
  )
  const numbers = ['client_id', 'seq', 'amount', 'balance_before', 'balance_after', 'staff_id', 'reverses']
  return rows.map(({hash, ...row}) => {
    const entry = Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        value !== null && [...numbers, 'counter_client_id', 'counter_seq'].includes(name)
          ? BigInt(String(value))
          : value,
      ]),
    )
    return {entry: entry as unknown as Forged, hash: String(hash)}
  })
}

/**
 * Appends an entry with a hash that fits, whatever it says; `move` also moves the account as the program would.
 * Returns the entry.
 */
export async function forge(
  database: Sql,
  what: Pick<Forged, 'direction' | 'amount'> & {readonly client_id: number; readonly unit?: string} & Partial<
      Omit<Forged, 'client_id' | 'unit'>
    >,
  {move = true} = {},
): Promise<Forged> {
  const unit = what.unit ?? 'AZN'
  const chain = await storedChain(database, what.client_id, unit)
  const last = chain.at(-1)
  const before = last?.entry.balance_after ?? 0n
  const entry: Forged = {
    seq: (last?.entry.seq ?? 0n) + 1n,
    kind: what.direction === 'IN' ? 'topup' : 'payment',
    balance_before: before,
    balance_after: what.direction === 'IN' ? before + what.amount : before - what.amount,
    staff_id: null,
    method: null,
    note: null,
    reference: `forged-${what.client_id}-${unit}-${(last?.entry.seq ?? 0n) + 1n}`,
    reverses: null,
    counter_client_id: null,
    counter_seq: null,
    occurred_at: '2026-11-22T10:00:00.000Z',
    operator: 'intruder',
    ...what,
    client_id: BigInt(what.client_id),
    unit,
  }
  await writeLine(database, {entry, hash: sealOf(entry, last?.hash ?? null)})
  if (move) await moveAccount(database, what.client_id, unit)
  return entry
}

/** Writes an account's chain anew from `edit`ed entries, every hash and the account's row fitting. */
export async function rewriteChain(
  database: Sql,
  clientId: number,
  unit: string,
  edit: (entries: readonly Forged[]) => readonly Forged[],
): Promise<void> {
  const chain = await storedChain(database, clientId, unit)
  await bySuperuser(database, `delete from entry where client_id = ${clientId} and unit = '${unit}'`)
  let before: string | null = null
  let balance = 0n
  for (const [at, edited] of edit(chain.map(({entry}) => entry)).entries()) {
    const after: bigint = edited.direction === 'IN' ? balance + edited.amount : balance - edited.amount
    const entry = {...edited, seq: BigInt(at + 1), balance_before: balance, balance_after: after}
    const hash: string = sealOf(entry, before)
    await writeLine(database, {entry, hash})
    before = hash
    balance = after
  }
  await moveAccount(database, clientId, unit)
}

/** Sets an account's row to its last entry. */
export async function moveAccount(database: Sql, clientId: number, unit: string): Promise<void> {
  await bySuperuser(
    database,
    `update account a set balance = e.balance_after, last_seq = e.seq, last_hash = e.hash
     from (select * from entry where client_id = ${clientId} and unit = '${unit}' order by seq desc limit 1) e
     where a.client_id = ${clientId} and a.unit = '${unit}'`,
  )
}

async function writeLine(database: Sql, {entry, hash}: StoredLine): Promise<void> {
  const literal = (value: unknown) => (value === null ? 'null' : `'${String(value).replaceAll("'", "''")}'`)
  await bySuperuser(
    database,
    `insert into entry (${Object.keys(entry).join(', ')}, hash)
     values (${Object.values(entry).map(literal).join(', ')}, decode('${hash}', 'hex'))`,
  )
}
