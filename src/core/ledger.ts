/** Decides a posting to one account: an entry to write, or a refusal. Pure; the same for one and for twenty thousand. */

import type {Direction, Entry, Kind, Method, Person} from './entry.ts'
import {chainRoot, entryHashText} from './hash-chain.ts'
import {isoDecimals} from './iso4217.ts'
import {amountText, amountWithUnit, BALANCE_MAX, type Money, money} from './money.ts'
import {Refusal} from './refusal.ts'
import type {Unit} from './unit.ts'

/** One account while it is held: nothing moves it until the transaction ends. */
export interface HeldAccount {
  readonly client: Person
  readonly unit: Unit
  readonly balance: Money
  readonly lastSeq: bigint
  /** The hash of its last entry, as bytes or as hex digits; null while it has none. */
  readonly lastHash: Uint8Array | string | null
  readonly archived: boolean
}

/** Staff as named in a posting. */
export interface StaffOnDuty extends Person {
  readonly archived: boolean
}

/** How an account is to move, and what the entry is linked to, if anything. */
export interface Movement {
  readonly kind: Kind
  readonly direction: Direction
  readonly amount: Money
  readonly reversesSeq?: bigint
  readonly counter?: {readonly clientId: bigint; readonly seq: bigint}
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

/** Money is handed back. Refused: an archived client or staff (ARCHIVED), more than there is (INSUFFICIENT_FUNDS). */
export function decideRefund(account: HeldAccount, amount: Money, around: Circumstances): EntryDraft {
  return draftEntry(account, {kind: 'refund', direction: 'OUT', amount}, around)
}

/** A balance is put right; `around.note` says why. Refused: as the top-up or refund of that direction. */
export function decideAdjustment(
  account: HeldAccount,
  direction: Direction,
  amount: Money,
  around: Circumstances,
): EntryDraft {
  return draftEntry(account, {kind: 'adjustment', direction, amount}, around)
}

/**
 * The balance that was brought from an older book: only as an account's first entry, so that it can be brought once.
 * Refused: an account that has entries (ALREADY_OPENED), and as `decideTopup`.
 */
export function decideOpening(account: HeldAccount, amount: Money, around: Circumstances): EntryDraft {
  if (account.lastSeq > 0n) throw alreadyOpened(account)
  return draftEntry(account, {kind: 'opening', direction: 'IN', amount}, around)
}

/** The next entry of an account. Refused: ARCHIVED, INSUFFICIENT_FUNDS, BALANCE_LIMIT. */
export function draftEntry(account: HeldAccount, movement: Movement, around: Circumstances): EntryDraft {
  refuseArchived(account, around.staff)
  const {kind, direction, amount} = movement
  const after = direction === 'IN' ? account.balance + amount : account.balance - amount
  if (after < 0n) throw shortBalance(account, kind, amount)
  if (after > BALANCE_MAX) throw balanceLimit(account, amount)
  const {client, unit} = account
  const draft = {
    clientId: client.id,
    client,
    unit,
    seq: account.lastSeq + 1n,
    kind,
    direction,
    amount,
    balanceBefore: account.balance,
    balanceAfter: money(after),
    staff: around.staff === null ? null : {id: around.staff.id, name: around.staff.name},
    method: around.method,
    note: around.note,
    reference: around.reference,
    reversesSeq: movement.reversesSeq ?? null,
    reversedBySeqs: NOT_REVERSED,
    counter: movement.counter ?? null,
    occurredAt: around.occurredAt,
    operator: around.operator,
    hash: '',
  }
  draft.hash = entryHashText(account.lastHash ?? chainRoot(client.id, unit), draft)
  return draft
}

const NOT_REVERSED: EntryDraft['reversedBySeqs'] = []

export function refuseArchived(account: Pick<HeldAccount, 'client' | 'archived'>, staff: StaffOnDuty | null): void {
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

/** The refusal of what the balance does not cover: INSUFFICIENT_FUNDS, with what is missing. */
export function shortBalance(
  account: Pick<HeldAccount, 'client' | 'unit' | 'balance'>,
  kind: Kind,
  amount: Money,
): Refusal {
  const {unit, balance, client} = account
  const missing = amountText(money(amount - balance), unit)
  return new Refusal(
    'INSUFFICIENT_FUNDS',
    `${client.name} has ${amountWithUnit(balance, unit)}, ${missing} ${unit.code} less than the ${amountText(amount, unit)} asked for`,
    {
      hint:
        kind === 'payment'
          ? `Top up first with: fleks topup ${client.id} ${missing}${unitFlagFor(unit)}`
          : `Only what is on the account can be taken; see where it went with: fleks history ${client.id}`,
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

/** A count is hardly ever the unit of a bare amount, so a command that can be copied must name it. */
export function unitFlagFor({code}: Unit): string {
  return isoDecimals(code) === undefined ? ` --unit ${code}` : ''
}

function alreadyOpened({client, unit, lastSeq}: HeldAccount): Refusal {
  const entries = lastSeq === 1n ? 'an entry' : `${lastSeq} entries`
  return new Refusal('ALREADY_OPENED', `${client.name} already has ${entries} in ${unit.code}`, {
    hint: `An opening comes first; put the balance right with: fleks adjust ${client.id} +AMOUNT --reason TEXT`,
    details: {client: {id: Number(client.id), name: client.name}, unit: unit.code, entries: Number(lastSeq)},
  })
}

function balanceLimit(account: HeldAccount, amount: Money): Refusal {
  const {unit, client} = account
  return new Refusal('BALANCE_LIMIT', `${amountWithUnit(amount, unit)} more would take ${client.name} over the limit`, {
    hint: `A balance is at most ${amountWithUnit(BALANCE_MAX as Money, unit)}`,
    details: {client: {id: Number(client.id), name: client.name}, unit: unit.code},
  })
}
