/** A small business to test with, and postings with everything left open. */

import {parseEntryId} from '../../src/core/entry-id.ts'
import {parseDecimal} from '../../src/core/money.ts'
import {addClient} from '../../src/data/clients.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import type {PostingRequest} from '../../src/data/posting.ts'
import type {ReversalRequest} from '../../src/data/reversal.ts'
import {addStaff} from '../../src/data/staff.ts'
import type {TransferRequest} from '../../src/data/transfer.ts'

export const ANYWAY = {allowDuplicate: true} as const
export const UNIQUE = {allowDuplicate: false} as const

const OPEN = {unit: null, staff: null, method: null, note: null, reference: null, at: null, dryRun: false} as const

/** A top-up or payment of `amount` with nothing else said, but what `more` says. */
export function request(client: string, amount: string | null, more: Partial<PostingRequest> = {}): PostingRequest {
  return {...OPEN, client, amount: amount === null ? null : parseDecimal(amount), ...more}
}

/** Anna Petrova is client 1, Ina staff 1. */
export async function openBusiness(ledger: Ledger): Promise<void> {
  await addClient(ledger, 'Anna Petrova', {}, UNIQUE)
  await addStaff(ledger, 'Ina')
}

const SAID = {note: null, reference: null, at: null, dryRun: false} as const

/** The reversal of an entry such as `1-7`, of all that is left of it unless an amount is named. */
export function reversal(entry: string, amount: string | null, more: Partial<ReversalRequest> = {}): ReversalRequest {
  return {
    ...SAID,
    note: 'typed wrong',
    entry: parseEntryId(entry),
    amount: amount === null ? null : parseDecimal(amount),
    ...more,
  }
}

export function transferRequest(
  from: string,
  to: string,
  amount: string,
  more: Partial<TransferRequest> = {},
): TransferRequest {
  return {...SAID, from, to, amount: parseDecimal(amount), unit: null, ...more}
}
