/** The ledger's nouns: what an entry, an account and the people around them are. */

import type {Money} from './money.ts'
import type {Unit} from './unit.ts'

export const KINDS = ['topup', 'payment', 'reversal', 'refund', 'adjustment', 'transfer', 'opening'] as const
export type Kind = (typeof KINDS)[number]

/** IN is a credit (the balance grows), OUT a debit (it shrinks). */
export const DIRECTIONS = ['IN', 'OUT'] as const
export type Direction = (typeof DIRECTIONS)[number]

export const METHODS = ['cash', 'card', 'transfer', 'other'] as const
export type Method = (typeof METHODS)[number]

/** What names one entry: its account (a client in a unit) and its place in it, counted from 1 without gaps. */
export interface EntryKey {
  readonly clientId: bigint
  readonly unit: Unit
  readonly seq: bigint
}

/** Someone as an entry shows them. */
export interface Person {
  readonly id: bigint
  readonly name: string
}

/** One line of the ledger as it was written. Times are RFC 3339 in UTC with milliseconds; `hash` is 64 hex digits. */
export interface Entry extends EntryKey {
  readonly client: Person
  readonly kind: Kind
  readonly direction: Direction
  readonly amount: Money
  readonly balanceBefore: Money
  readonly balanceAfter: Money
  readonly staff: Person | null
  readonly method: Method | null
  readonly note: string | null
  readonly reference: string
  /** The seq, in the same account, of the entry that this one cancels. */
  readonly reversesSeq: bigint | null
  /** The seqs, in the same account, of the entries that cancel this one, whole or in parts; oldest first. */
  readonly reversedBySeqs: readonly bigint[]
  /** The other side of a transfer: same unit, another client. */
  readonly counter: {readonly clientId: bigint; readonly seq: bigint} | null
  readonly occurredAt: string
  readonly recordedAt: string
  readonly operator: string
  readonly hash: string
}

/** One side of a transfer takes from an account what the other gives to another client's. */
export interface TransferPosting {
  readonly entry: Entry
  readonly counterEntry: Entry
  readonly replayed: boolean
  readonly dryRun: boolean
}

/** The answer to a posting command. `replayed`: the reference was known and nothing was written. */
export interface Posting {
  readonly entry: Entry
  readonly replayed: boolean
  readonly dryRun: boolean
}
