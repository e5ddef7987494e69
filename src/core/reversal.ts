/** Decides a reversal: an entry that cancels an earlier one of its account, whole or in parts. Pure. */

import type {Entry} from './entry.ts'
import {entryId} from './entry-id.ts'
import {type Circumstances, draftEntry, type EntryDraft, type HeldAccount} from './ledger.ts'
import {amountText, amountWithUnit, type Money, money} from './money.ts'
import {Refusal} from './refusal.ts'
import type {Unit} from './unit.ts'

/** One reversal of the original so far. */
interface Part {
  readonly seq: bigint
  readonly amount: Money
}

/** An entry with every reversal of it, read while its account is held. */
export interface Original {
  readonly entry: Entry
  readonly parts: readonly Part[]
}

/** What is left to reverse; `beforeSeq`: what was left when that entry was posted. */
export function restOf({entry, parts}: Original, beforeSeq: bigint | null = null): Money {
  const earlier = parts.filter(({seq}) => beforeSeq === null || seq < beforeSeq)
  return money(earlier.reduce((rest, {amount}) => rest - amount, entry.amount as bigint))
}

/**
 * Cancels `amount` of the original, or what is left of it (null); `around.note` is the reason. The reversal carries
 * the original's staff and method, so that what is added up by either comes out net. Refused: a reversal or one side
 * of a transfer (NOT_REVERSIBLE), more than is left (ALREADY_REVERSED) or than there ever was (INVALID_AMOUNT), an
 * archived client (ARCHIVED), money that has been spent (INSUFFICIENT_FUNDS).
 */
export function decideReversal(
  account: HeldAccount,
  original: Original,
  amount: Money | null,
  around: Omit<Circumstances, 'staff' | 'method'>,
  ownUnit: Unit,
): EntryDraft {
  const {entry} = original
  refuseIrreversible(entry, ownUnit)
  const rest = restOf(original)
  if (rest <= 0n || (amount ?? 0n) > rest) throw tooMuch(original, amount, rest, ownUnit)
  return draftEntry(
    account,
    {
      kind: 'reversal',
      direction: entry.direction === 'IN' ? 'OUT' : 'IN',
      amount: amount ?? rest,
      reversesSeq: entry.seq,
    },
    // Whoever did the work may have left since; that keeps nobody from putting it right.
    {...around, staff: entry.staff === null ? null : {...entry.staff, archived: false}, method: entry.method},
  )
}

function refuseIrreversible(entry: Entry, ownUnit: Unit): void {
  const id = entryId(entry, ownUnit)
  if (entry.kind === 'reversal') {
    throw new Refusal('NOT_REVERSIBLE', `${id} is a reversal itself, which cannot be reversed`, {
      hint: `Post again what should stand, or put it right with: fleks adjust ${entry.clientId} +AMOUNT --reason TEXT`,
      details: {entry: id, kind: entry.kind},
    })
  }
  if (entry.counter !== null) {
    const [from, to] =
      entry.direction === 'OUT' ? [entry.counter.clientId, entry.clientId] : [entry.clientId, entry.counter.clientId]
    throw new Refusal('NOT_REVERSIBLE', `${id} is one side of a transfer, and both sides belong together`, {
      hint: `Transfer it back with: fleks transfer ${from} ${to} ${amountText(entry.amount, entry.unit)}${unitFlag(entry.unit, ownUnit)}`,
      details: {entry: id, kind: entry.kind, counterpart: entryId({...entry, ...entry.counter}, ownUnit)},
    })
  }
}

function unitFlag(unit: Unit, ownUnit: Unit): string {
  return unit.code === ownUnit.code ? '' : ` --unit ${unit.code}`
}

function tooMuch({entry, parts}: Original, amount: Money | null, rest: Money, ownUnit: Unit): Refusal {
  const {unit} = entry
  const id = entryId(entry, ownUnit)
  const details = {
    entry: id,
    amount: amountText(entry.amount, unit),
    reversed: amountText(money(entry.amount - rest), unit),
    left: amountText(rest, unit),
    asked: amount === null ? null : amountText(amount, unit),
    unit: unit.code,
    reversedBy: parts.map(({seq}) => entryId({...entry, seq}, ownUnit)),
  }
  if (parts.length === 0) {
    const asked = amountWithUnit(amount ?? rest, unit)
    return new Refusal('INVALID_AMOUNT', `${asked} is more than the ${details.amount} ${unit.code} of ${id}`, {
      hint: 'Leave --amount out to reverse the whole entry',
      details,
    })
  }
  const by = details.reversedBy.join(', ')
  return rest === 0n
    ? new Refusal(
        'ALREADY_REVERSED',
        `${id} is already reversed by ${by}; nothing is left of its ${amountWithUnit(entry.amount, unit)}`,
        {
          hint: `See the entries with: fleks history ${entry.clientId}`,
          details,
        },
      )
    : new Refusal(
        'ALREADY_REVERSED',
        `${details.reversed} of ${amountWithUnit(entry.amount, unit)} of ${id} are already reversed by ${by}; ${details.left} ${unit.code} are left`,
        {hint: `Reverse the rest by leaving --amount out, or at most: --amount ${details.left}`, details},
      )
}
