/** Decides a transfer: two entries that move an amount from one client's account to another's. Pure. */

import type {Person} from './entry.ts'
import {type Circumstances, draftEntry, type EntryDraft, type HeldAccount} from './ledger.ts'
import type {Money} from './money.ts'
import {Refusal} from './refusal.ts'

export interface TransferDraft {
  /** What is taken, OUT. */
  readonly entry: EntryDraft
  /** What is given, IN. */
  readonly counterEntry: EntryDraft
}

/**
 * Both sides, each naming the other, under one reference. Refused: one client on both sides (INVALID_INPUT), and, of
 * either side, ARCHIVED, INSUFFICIENT_FUNDS, BALANCE_LIMIT.
 */
export function decideTransfer(
  from: HeldAccount,
  to: HeldAccount,
  amount: Money,
  around: Omit<Circumstances, 'staff' | 'method'>,
): TransferDraft {
  refuseOneClient(from.client, to.client)
  const circumstances = {...around, staff: null, method: null}
  const side = (account: HeldAccount, other: HeldAccount, direction: 'IN' | 'OUT') =>
    draftEntry(
      account,
      {kind: 'transfer', direction, amount, counter: {clientId: other.client.id, seq: other.lastSeq + 1n}},
      circumstances,
    )
  return {entry: side(from, to, 'OUT'), counterEntry: side(to, from, 'IN')}
}

/** Refused (INVALID_INPUT): a transfer of a client to itself. */
export function refuseOneClient(from: Person, to: Person): void {
  if (from.id !== to.id) return
  throw new Refusal('INVALID_INPUT', `A transfer from ${from.name} to ${to.name} would move nothing`, {
    hint: 'Name two different clients',
    details: {client: {id: Number(from.id), name: from.name}},
  })
}
