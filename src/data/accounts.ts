/** Accounts: holding one for a posting, reading balances. */

import {type CommonQueryMethods, type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Balance} from '../core/client.ts'
import type {Person} from '../core/entry.ts'
import type {HeldAccount} from '../core/ledger.ts'
import {findUnit, type Unit} from '../core/unit.ts'
import {bigintColumn, bigintOrNull, moneyColumn, textOrNull} from './rows.ts'

const heldRow = z.object({
  balance: moneyColumn,
  lastSeq: bigintColumn,
  lastHash: z.nullable(z.instanceof(Uint8Array)),
  archivedAt: textOrNull,
  replayUnit: textOrNull,
  replaySeq: bigintOrNull,
})

export interface Held {
  readonly account: HeldAccount
  /** The client's entry that already carries the reference, if there is one. */
  readonly replay: {readonly clientId: bigint; readonly unitCode: string; readonly seq: bigint} | null
}

/**
 * Holds the account's row until the transaction ends, so its balance cannot move under us, then looks the reference
 * up. Opens the account where the client has none in this unit.
 */
export async function lockAccount(
  tx: DatabaseTransactionConnection,
  client: Person,
  unit: Unit,
  reference: string,
): Promise<Held> {
  const row = await tx.one(sql.type(heldRow)`
    select balance, last_seq as "lastSeq", last_hash as "lastHash", archived_at as "archivedAt",
      replay_unit as "replayUnit", replay_seq as "replaySeq"
    from hold_account(${client.id}, ${unit.code}, ${reference})`)
  const {balance, lastSeq, lastHash, archivedAt, replayUnit, replaySeq} = row
  const known = replayUnit !== null && replaySeq !== null
  return {
    account: {client, unit, balance, lastSeq, lastHash, archived: archivedAt !== null},
    replay: known ? {clientId: client.id, unitCode: replayUnit, seq: replaySeq} : null,
  }
}

/**
 * Holds the accounts of two clients in one unit, always the lower id first, so that two transfers in opposite
 * directions never wait for each other; otherwise as `lockAccount`. In two statements, because no rule of SQL says in
 * which order one statement would take its locks.
 */
export async function lockTwoAccounts(
  tx: DatabaseTransactionConnection,
  [one, other]: readonly [Person, Person],
  unit: Unit,
  reference: string,
): Promise<readonly [Held, Held]> {
  const [low, high] = one.id < other.id ? [one, other] : [other, one]
  const lower = await lockAccount(tx, low, unit, reference)
  const higher = await lockAccount(tx, high, unit, reference)
  return low === one ? [lower, higher] : [higher, lower]
}

const balanceRow = z.object({unit: z.string(), balance: moneyColumn})

/** Every balance of one client, the ledger's own unit first. */
export async function readBalances(
  db: CommonQueryMethods,
  clientId: bigint,
  own: Unit,
  counted: readonly Unit[],
): Promise<readonly Balance[]> {
  const rows = await db.any(sql.type(balanceRow)`
    select unit, balance
    from account
    where client_id = ${clientId} and (last_seq > 0 or unit = ${own.code})
    order by unit <> ${own.code}, unit`)
  return rows.map(({unit, balance}) => ({unit: findUnit(unit, counted), balance}))
}

const totalRow = z.object({unit: z.string(), balance: moneyColumn, clients: z.int()})

export interface Total extends Balance {
  /** How many clients have more than nothing in this unit. */
  readonly clients: number
}

/** What is owed to all clients together, unit by unit, the ledger's own first. */
export async function readTotals(
  db: CommonQueryMethods,
  own: Unit,
  counted: readonly Unit[],
): Promise<readonly Total[]> {
  const rows = await db.any(sql.type(totalRow)`
    select unit, sum(balance)::bigint as balance, count(*) filter (where balance > 0)::integer as clients
    from account
    where last_seq > 0
    group by unit
    order by unit <> ${own.code}, unit`)
  return rows.map(({unit, ...total}) => ({unit: findUnit(unit, counted), ...total}))
}
