/** Decides what a known reference means: the same posting again, or another one. Pure. */

import type {Direction, Entry, Kind, Method} from './entry.ts'
import {amountText, amountWithUnit, type Money} from './money.ts'
import {Refusal} from './refusal.ts'
import type {Unit} from './unit.ts'

/** What a caller asked for with a reference; null where it left the value open or there is none. */
export interface Asked {
  readonly kind: Kind
  readonly direction: Direction
  readonly unit: Unit
  readonly amount: Money | null
  readonly staffId: bigint | null
  readonly method: Method | null
  readonly note: string | null
  /** The entry that it cancels. */
  readonly reversesSeq: bigint | null
  /** The client on the other side of a transfer. */
  readonly counterClientId: bigint | null
  /** RFC 3339 in UTC, only when the caller named a time. */
  readonly occurredAt: string | null
}

/**
 * Decides whether a known reference asks for the same thing again (a replay) or for another (REFERENCE_CONFLICT).
 * A time and an amount that the caller left open are not compared: "now" and a default price differ between tries.
 */
export function decideReplay(existing: Entry, asked: Asked, idText: string): Entry {
  const same =
    existing.kind === asked.kind &&
    existing.direction === asked.direction &&
    existing.unit.code === asked.unit.code &&
    (asked.amount === null || existing.amount === asked.amount) &&
    (existing.staff?.id ?? null) === asked.staffId &&
    existing.method === asked.method &&
    existing.note === asked.note &&
    existing.reversesSeq === asked.reversesSeq &&
    (existing.counter?.clientId ?? null) === asked.counterClientId &&
    (asked.occurredAt === null || existing.occurredAt === asked.occurredAt)
  if (same) return existing
  const {reference, kind, unit} = existing
  const article = /^[aeiou]/.test(kind) ? 'an' : 'a'
  const what = `${article} ${kind} of ${amountWithUnit(existing.amount, unit)}`
  throw new Refusal('REFERENCE_CONFLICT', `The reference ${reference} already stands for ${idText}, ${what}`, {
    hint: 'Use a new reference for a new posting',
    details: {reference, existing: {entry: idText, ...existingJson(existing)}, asked: askedJson(asked)},
  })
}

function existingJson(entry: Entry) {
  const {kind, direction, unit, amount, staff, method, note, reversesSeq, counter, occurredAt} = entry
  return askedJson({
    kind,
    direction,
    unit,
    amount,
    staffId: staff?.id ?? null,
    method,
    note,
    reversesSeq,
    counterClientId: counter?.clientId ?? null,
    occurredAt,
  })
}

function askedJson({kind, direction, unit, amount, staffId, method, note, ...links}: Asked) {
  const {reversesSeq, counterClientId, occurredAt} = links
  const number = (id: bigint | null) => (id === null ? null : Number(id))
  return {
    kind,
    direction,
    amount: amount === null ? null : amountText(amount, unit),
    unit: unit.code,
    staff: number(staffId),
    method,
    note,
    reversesSeq: number(reversesSeq),
    counterClient: number(counterClientId),
    occurredAt,
  }
}
