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
  const had = askedOf(existing)
  const left: Partial<Asked> = {
    ...(asked.amount === null ? {amount: had.amount} : {}),
    ...(asked.occurredAt === null ? {occurredAt: had.occurredAt} : {}),
  }
  const before = askedJson(had)
  const now = askedJson({...asked, ...left})
  const differs = FIELD_NAMES.filter((field) => before[field] !== now[field])
  if (differs.length === 0) return existing
  const {reference, kind} = existing
  const what = `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind} of ${amountWithUnit(existing.amount, existing.unit)}`
  throw new Refusal(
    'REFERENCE_CONFLICT',
    `The reference ${reference} already stands for ${idText}, ${what}; this one has another ${differs.map((field) => FIELDS[field]).join(', ')}`,
    {
      hint: 'Use a new reference for a new posting',
      details: {reference, existing: {entry: idText, ...before}, asked: askedJson(asked), differs},
    },
  )
}

function askedOf(entry: Entry): Asked {
  const {kind, direction, unit, amount, staff, method, note, reversesSeq, counter, occurredAt} = entry
  const staffId = staff?.id ?? null
  const counterClientId = counter?.clientId ?? null
  return {kind, direction, unit, amount, staffId, method, note, reversesSeq, counterClientId, occurredAt}
}

/** What can differ, and how it is called. */
const FIELDS = {
  kind: 'kind',
  direction: 'direction',
  amount: 'amount',
  unit: 'unit',
  staff: 'staff member',
  method: 'method',
  note: 'note',
  reversesSeq: 'entry to reverse',
  counterClient: 'client on the other side',
  occurredAt: 'time',
} as const
const FIELD_NAMES = Object.keys(FIELDS) as readonly (keyof typeof FIELDS)[]

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
