/** Many accounts at once: holding them in key order, or only reading them. */

import {type CommonQueryMethods, type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Money} from '../core/money.ts'
import type {Unit} from '../core/unit.ts'
import {int8Column, textColumn} from './binary-arrays.ts'
import {type KnownEntries, knownOf, type ReferenceAsked, referenceArrays} from './bulk-references.ts'
import {textOrNull} from './rows.ts'

/** An account to hold; `opens`: it is opened where the client has none in this unit. */
export interface AccountKey {
  readonly clientId: bigint
  readonly unit: Unit
  readonly opens: boolean
}

/** As the database has it while it is held. */
export interface AccountState {
  readonly balance: Money
  readonly lastSeq: bigint
  /** Hex digits. */
  readonly lastHash: string | null
  readonly archived: boolean
}

export interface HeldAccounts {
  /** By place among those asked; one that does not exist and is not to be opened is missing. */
  readonly states: ReadonlyMap<number, AccountState>
  /** RFC 3339 in UTC: what entries of this transaction are recorded with. */
  readonly recordedAt: string
}

const heldRow = z.object({
  places: textOrNull,
  balances: textOrNull,
  seqs: textOrNull,
  hashes: textOrNull,
  archived: textOrNull,
  recordedAt: z.string(),
})

/** By key, which is the order everyone locks in, so that there is no deadlock. */
export function inKeyOrder(a: AccountKey, b: AccountKey): number {
  if (a.clientId !== b.clientId) return a.clientId < b.clientId ? -1 : 1
  return a.unit.code < b.unit.code ? -1 : a.unit.code > b.unit.code ? 1 : 0
}

/**
 * Holds the accounts until the transaction ends, then looks the references up; `keys` are distinct and in key order.
 * One round trip, because the accounts are held through each.
 */
export async function holdAccounts(
  tx: DatabaseTransactionConnection,
  keys: readonly AccountKey[],
  references: readonly ReferenceAsked[],
): Promise<HeldAccounts & {readonly known: KnownEntries}> {
  const clients = sql.binary(int8Column(keys, ({clientId}) => clientId))
  const units = sql.binary(textColumn(keys, ({unit}) => unit.code))
  const opens = sql.array(
    keys.map((key) => key.opens),
    'bool',
  )
  const row = await tx.one(sql.type(z.extend(heldRow, {known: textOrNull}))`
    select places, balances, seqs, hashes, archived, known, recorded_at::timestamptz(3) as "recordedAt"
    from hold_accounts(${clients}::bigint[], ${units}::text[], ${opens}, ${referenceArrays(references)})`)
  return {states: statesOf(row), recordedAt: row.recordedAt, known: knownOf(row.known, references.length)}
}

/** The same without holding anything, for a dry run. */
export async function readAccounts(db: CommonQueryMethods, keys: readonly AccountKey[]): Promise<HeldAccounts> {
  const clients = sql.binary(int8Column(keys, ({clientId}) => clientId))
  const units = sql.binary(textColumn(keys, ({unit}) => unit.code))
  const row = await db.one(sql.type(heldRow)`
    select
      string_agg(q.n::text, ',') as places,
      string_agg(a.balance::text, ',') as balances,
      string_agg(a.last_seq::text, ',') as seqs,
      string_agg(coalesce(encode(a.last_hash, 'hex'), ''), ',') as hashes,
      string_agg(case when c.archived_at is null then '' else 't' end, ',') as archived,
      now()::timestamptz(3) as "recordedAt"
    from unnest(${clients}::bigint[], ${units}::text[]) with ordinality as q (client_id, unit, n)
    join client c on c.id = q.client_id
    join account a on a.client_id = q.client_id and a.unit = q.unit`)
  return {states: statesOf(row), recordedAt: row.recordedAt}
}

function statesOf(row: z.infer<typeof heldRow>): ReadonlyMap<number, AccountState> {
  const states = new Map<number, AccountState>()
  if (row.places === null) return states
  const values = (text: string | null) => (text ?? '').split(',')
  const [balances, seqs, hashes] = [values(row.balances), values(row.seqs), values(row.hashes)]
  const archived = values(row.archived)
  values(row.places).forEach((place, at) => {
    const hash = hashes[at] ?? ''
    states.set(Number(place) - 1, {
      balance: BigInt(balances[at] ?? '') as Money,
      lastSeq: BigInt(seqs[at] ?? ''),
      lastHash: hash === '' ? null : hash,
      archived: archived[at] === 't',
    })
  })
  return states
}
