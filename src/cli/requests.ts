/** From what was typed to what is asked of the data layer: each text parsed once, strictly. */

import type {Method} from '../core/entry.ts'
import {parseDecimal} from '../core/money.ts'
import {parseReference} from '../core/reference.ts'
import {Refusal} from '../core/refusal.ts'
import {cleanText, NOTE_MAX, quoted} from '../core/text.ts'
import type {PostingRequest} from '../data/posting.ts'

/** The arguments and flags of a posting as oclif gives them. */
export interface PostingInput {
  readonly args: {readonly client?: string | undefined; readonly amount?: string | undefined}
  readonly flags: {
    readonly at?: string | undefined
    readonly 'dry-run': boolean
    readonly method?: Method | undefined
    readonly note?: string | undefined
    readonly reference?: string | undefined
    readonly staff?: string | undefined
    readonly unit?: string | undefined
  }
}

/** Refused: no client (USAGE), and each text that cannot be used (INVALID_AMOUNT, INVALID_INPUT). */
export function postingRequest({args, flags}: PostingInput): PostingRequest {
  return {
    client: named(args.client, 'client'),
    amount: args.amount === undefined ? null : parseDecimal(args.amount),
    unit: flags.unit ?? null,
    staff: flags.staff === undefined ? null : named(flags.staff, 'staff member'),
    method: flags.method ?? null,
    note: flags.note === undefined ? null : cleanText('note', flags.note, NOTE_MAX),
    reference: flags.reference === undefined ? null : parseReference(flags.reference),
    at: flags.at ?? null,
    dryRun: flags['dry-run'],
  }
}

const PERSON_MAX = 200

/** The text that names a client or staff member. Refused (USAGE, INVALID_INPUT): none, or one that no name can be. */
export function named(text: string | undefined, what: string): string {
  if (text === undefined || text.trim() === '') {
    throw new Refusal('USAGE', `Which ${what}? None was named`, {hint: `Name the ${what} by id, code, phone or name`})
  }
  return cleanText(what, text, PERSON_MAX)
}

const LIMIT_MAX = 10_000

/** Refused (USAGE): anything but a whole number from 1 to 10000. */
export function parseLimit(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= LIMIT_MAX) return limit
  throw new Refusal('USAGE', `${quoted(text)} is not a number of rows`, {hint: `--limit takes 1 to ${LIMIT_MAX}`})
}
