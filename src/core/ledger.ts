/** Decides a posting: an entry to write, or a refusal. Pure; the same for one posting and for twenty thousand. */

import type {Direction, Entry, Kind, Method, Person} from './entry.ts'
import {chainRoot, entryHash} from './hash-chain.ts'
import {amountText, amountWithUnit, BALANCE_MAX, type Money, money} from './money.ts'
import {Refusal} from './refusal.ts'
import type {Unit} from './unit.ts'

/** One account while it is held: nothing moves it until the transaction ends. */
export interface HeldAccount {
  readonly client: Person
  readonly unit: Unit
  readonly balance: Money
  readonly lastSeq: bigint
  /** The hash of its last entry; null while it has none. */
  readonly lastHash: Uint8Array | null
  readonly archived: boolean
}

/** Staff as named in a posting. */
export interface StaffOnDuty extends Person {
  readonly archived: boolean
}

/** How an account is to move. */
interface Movement {
  readonly kind: Kind
  readonly direction: Direction
  readonly amount: Money
}

/** What is recorded beside the movement. `occurredAt` is RFC 3339 in UTC with milliseconds. */
export interface Circumstances {
  readonly staff: StaffOnDuty | null
  readonly method: Method | null
  readonly note: string | null
  readonly reference: string
  readonly occurredAt: string
  readonly operator: string
}

/** An entry that is decided but not yet written: only the time of recording is missing. */
export type EntryDraft = Omit<Entry, 'recordedAt'>

/** Money comes in. Refused: an archived client (ARCHIVED), a balance beyond the limit (BALANCE_LIMIT). */
export function decideTopup(account: HeldAccount, amount: Money, around: Circumstances): EntryDraft {
  return draftEntry(account, {kind: 'topup', direction: 'IN', amount}, around)
}

/**
 * A service was delivered by `around.staff`. Refused: no staff (USAGE), an archived client or staff (ARCHIVED),
 * a balance that is too small (INSUFFICIENT_FUNDS).
 */
export function decidePayment(account: HeldAccount, amount: Money, around: Circumstances): EntryDraft {
  if (around.staff === null) {
    throw new Refusal('USAGE', 'A payment needs the staff member who did the service', {hint: 'Add: --staff NAME'})
  }
  return draftEntry(account, {kind: 'payment', direction: 'OUT', amount}, around)
}

function draftEntry(account: HeldAccount, movement: Movement, around: Circumstances): EntryDraft {
  refuseArchived(account, around.staff)
  const {kind, direction, amount} = movement
  const after = direction === 'IN' ? account.balance + amount : account.balance - amount
  if (after < 0n) throw shortBalance(account, amount)
  if (after > BALANCE_MAX) throw balanceLimit(account, amount)
  const facts = {
    clientId: account.client.id,
    unit: account.unit,
    seq: account.lastSeq + 1n,
    kind,
    direction,
    amount,
    balanceBefore: account.balance,
    balanceAfter: money(after),
    method: around.method,
    note: around.note,
    reference: around.reference,
    reversesSeq: null,
    counter: null,
    occurredAt: around.occurredAt,
    operator: around.operator,
  }
  const before = account.lastHash ?? chainRoot(account.client.id, account.unit)
  const hash = entryHash(before, {...facts, staffId: around.staff?.id ?? null}).toString('hex')
  const staff = around.staff === null ? null : {id: around.staff.id, name: around.staff.name}
  return {...facts, client: account.client, staff, hash}
}

function refuseArchived(account: HeldAccount, staff: StaffOnDuty | null): void {
  if (account.archived) {
    throw new Refusal('ARCHIVED', `${account.client.name} is archived`, {
      hint: `Bring the client back with: fleks client restore ${account.client.id}`,
      details: {client: {id: Number(account.client.id), name: account.client.name}},
    })
  }
  if (staff?.archived) {
    throw new Refusal('ARCHIVED', `${staff.name} no longer works here`, {
      hint: 'See who does with: fleks staff list',
      details: {staff: {id: Number(staff.id), name: staff.name}},
    })
  }
}

function shortBalance(account: HeldAccount, amount: Money): Refusal {
  const {unit, balance, client} = account
  const missing = amountText(money(amount - balance), unit)
  return new Refusal(
    'INSUFFICIENT_FUNDS',
    `${client.name} has ${amountWithUnit(balance, unit)}, ${missing} ${unit.code} less than the ${amountText(amount, unit)} asked for`,
    {
      hint: `Top up first with: fleks topup ${client.id} ${missing}`,
      details: {
        client: {id: Number(client.id), name: client.name},
        balance: amountText(balance, unit),
        amount: amountText(amount, unit),
        missing,
        unit: unit.code,
      },
    },
  )
}

function balanceLimit(account: HeldAccount, amount: Money): Refusal {
  const {unit, client} = account
  return new Refusal('BALANCE_LIMIT', `${amountWithUnit(amount, unit)} more would take ${client.name} over the limit`, {
    hint: `A balance is at most ${amountWithUnit(BALANCE_MAX as Money, unit)}`,
    details: {client: {id: Number(client.id), name: client.name}, unit: unit.code},
  })
}

/** What a caller asked for with a reference; null where it left the value open. */
export interface Asked {
  readonly kind: Kind
  readonly unit: Unit
  readonly amount: Money | null
  readonly staffId: bigint | null
  readonly method: Method | null
  readonly note: string | null
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
    existing.unit.code === asked.unit.code &&
    (asked.amount === null || existing.amount === asked.amount) &&
    (existing.staff?.id ?? null) === asked.staffId &&
    existing.method === asked.method &&
    existing.note === asked.note &&
    (asked.occurredAt === null || existing.occurredAt === asked.occurredAt)
  if (same) return existing
  throw new Refusal(
    'REFERENCE_CONFLICT',
    `The reference ${existing.reference} already stands for ${idText}, a ${existing.kind} of ${amountWithUnit(existing.amount, existing.unit)}`,
    {
      hint: 'Use a new reference for a new posting',
      details: {
        reference: existing.reference,
        existing: {
          entry: idText,
          kind: existing.kind,
          amount: amountText(existing.amount, existing.unit),
          unit: existing.unit.code,
          staff: existing.staff === null ? null : Number(existing.staff.id),
          method: existing.method,
          note: existing.note,
          occurredAt: existing.occurredAt,
        },
        asked: {
          kind: asked.kind,
          amount: asked.amount === null ? null : amountText(asked.amount, asked.unit),
          unit: asked.unit.code,
          staff: asked.staffId === null ? null : Number(asked.staffId),
          method: asked.method,
          note: asked.note,
          occurredAt: asked.occurredAt,
        },
      },
    },
  )
}
