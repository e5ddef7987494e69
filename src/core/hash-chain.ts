/** The hash chain of an account: each entry's hash seals the one before it. Specified in docs/LEDGER-FORMAT.md. */

import {createHash} from 'node:crypto'
import type {Direction, Kind, Method} from './entry.ts'
import {amountText, type Money} from './money.ts'
import type {Unit} from './unit.ts'

/** Everything of an entry that is sealed: all of it but when it was recorded, by which batch, and people's names. */
export interface Sealed {
  readonly clientId: bigint
  readonly unit: Unit
  readonly seq: bigint
  readonly kind: Kind
  readonly direction: Direction
  readonly amount: Money
  readonly balanceBefore: Money
  readonly balanceAfter: Money
  readonly staffId: bigint | null
  readonly method: Method | null
  readonly note: string | null
  readonly reference: string
  readonly reversesSeq: bigint | null
  readonly counter: {readonly clientId: bigint; readonly seq: bigint} | null
  /** RFC 3339 in UTC with milliseconds. */
  readonly occurredAt: string
  readonly operator: string
}

/**
 * The canonical form: one JSON array without spaces, ids and seqs as numbers, amounts as strings with the unit's
 * decimals, absent values as null. Any JSON library can write it; none needs to sort keys.
 */
export function canonicalEntry(entry: Sealed): string {
  return JSON.stringify([
    Number(entry.clientId),
    entry.unit.code,
    Number(entry.seq),
    entry.kind,
    entry.direction,
    amountText(entry.amount, entry.unit),
    amountText(entry.balanceBefore, entry.unit),
    amountText(entry.balanceAfter, entry.unit),
    idNumber(entry.staffId),
    entry.method,
    entry.note,
    entry.reference,
    idNumber(entry.reversesSeq),
    idNumber(entry.counter?.clientId),
    idNumber(entry.counter?.seq),
    entry.occurredAt,
    entry.operator,
  ])
}

/** What the first entry of an account is chained to, in place of a hash before it. */
export function chainRoot(clientId: bigint, unit: Unit): Buffer {
  return createHash('sha256').update(`fleks:1:${clientId}:${unit.code}`).digest()
}

/** SHA-256 (FIPS 180-4) over the 32 bytes of the hash before, then the canonical form in UTF-8. */
export function entryHash(before: Uint8Array, entry: Sealed): Buffer {
  return createHash('sha256').update(before).update(canonicalEntry(entry)).digest()
}

function idNumber(id: bigint | null | undefined): number | null {
  return id === null || id === undefined ? null : Number(id)
}
