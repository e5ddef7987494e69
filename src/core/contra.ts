/** Double entry: every entry moves a client's liability, and this says what moves against it. */

import type {Entry, Kind, Method, Person} from './entry.ts'
import {Refusal} from './refusal.ts'

/** The other account of an entry: money received by method, what a staff member earned, or a part of equity. */
export type Contra =
  | {readonly of: 'cash'; readonly method: Method | null}
  | {readonly of: 'income'; readonly staff: Person | null}
  | {readonly of: 'adjustments' | 'openings' | 'transfers'}

/** What of a reversed entry decides where its reversal is booked. */
export interface Reversed {
  readonly kind: Kind
  readonly method: Method | null
  readonly staff: Person | null
}

/**
 * Top-ups and refunds move cash, payments are income of who did the work. A transfer passes through one account of its
 * own, which is empty when both sides are there. A reversal goes back to where the reversed entry came from.
 */
export function contraOf(
  entry: Pick<Entry, 'kind' | 'method' | 'staff' | 'reference'>,
  reversed: Reversed | null,
): Contra {
  if (entry.kind !== 'reversal') return contraOfKind(entry.kind, entry)
  if (reversed !== null && reversed.kind !== 'reversal') return contraOfKind(reversed.kind, reversed)
  throw new Refusal(
    'INTEGRITY',
    `The reversal with the reference ${entry.reference} reverses nothing that can be reversed`,
    {
      hint: 'Look for damage with: fleks verify',
    },
  )
}

function contraOfKind(kind: Exclude<Kind, 'reversal'>, {method, staff}: Omit<Reversed, 'kind'>): Contra {
  switch (kind) {
    case 'topup':
    case 'refund':
      return {of: 'cash', method}
    case 'payment':
      return {of: 'income', staff}
    case 'adjustment':
      return {of: 'adjustments'}
    case 'opening':
      return {of: 'openings'}
    case 'transfer':
      return {of: 'transfers'}
  }
}
