/** From what was typed to what is asked of the data layer: each text parsed once, strictly. */

import type {Direction, Method} from '../core/entry.ts'
import {parseEntryId} from '../core/entry-id.ts'
import {parseDecimal, parseSignedDecimal} from '../core/money.ts'
import {parseReference} from '../core/reference.ts'
import {Refusal} from '../core/refusal.ts'
import {cleanText, NOTE_MAX, quoted} from '../core/text.ts'
import type {PostingOptions, PostingRequest} from '../data/posting.ts'
import type {ReversalRequest} from '../data/reversal.ts'
import type {TransferRequest} from '../data/transfer.ts'

/** The flags of any posting as oclif gives them. */
interface OptionsInput {
  readonly at?: string | undefined
  readonly 'dry-run': boolean
  readonly note?: string | undefined
  readonly reason?: string | undefined
  readonly reference?: string | undefined
}

/** The arguments and flags of a posting as oclif gives them. */
export interface PostingInput {
  readonly args: {readonly client?: string | undefined; readonly amount?: string | undefined}
  readonly flags: OptionsInput & {
    readonly method?: Method | undefined
    readonly staff?: string | undefined
    readonly unit?: string | undefined
  }
}

/** Refused: no client (USAGE), and each text that cannot be used (INVALID_AMOUNT, INVALID_INPUT). */
export function postingRequest({args, flags}: PostingInput): PostingRequest {
  return {
    ...accountOptions(args.client, flags),
    amount: args.amount === undefined ? null : parseDecimal(args.amount),
  }
}

/** An adjustment: the sign of its amount is the direction. Refused: as `postingRequest`. */
export function adjustmentRequest({args, flags}: PostingInput): {
  readonly direction: Direction
  readonly request: PostingRequest
} {
  const {negative, ...amount} = parseSignedDecimal(args.amount ?? '')
  return {direction: negative ? 'OUT' : 'IN', request: {...accountOptions(args.client, flags), amount}}
}

/** Refused: no client on either side (USAGE), INVALID_AMOUNT, INVALID_INPUT. */
export function transferRequest(
  args: {readonly from: string; readonly to: string; readonly amount: string},
  flags: OptionsInput & {readonly unit?: string | undefined},
): TransferRequest {
  return {
    ...postingOptions(flags),
    from: named(args.from, 'client'),
    to: named(args.to, 'client'),
    amount: parseDecimal(args.amount),
    unit: flags.unit ?? null,
  }
}

/** Refused: what is not the id of an entry (INVALID_INPUT), INVALID_AMOUNT. */
export function reversalRequest(
  args: {readonly entry: string},
  flags: OptionsInput & {readonly amount?: string | undefined},
): ReversalRequest {
  return {
    ...postingOptions(flags),
    entry: parseEntryId(args.entry),
    amount: flags.amount === undefined ? null : parseDecimal(flags.amount),
  }
}

function accountOptions(client: string | undefined, flags: PostingInput['flags']): Omit<PostingRequest, 'amount'> {
  return {client: named(client, 'client'), ...postingDetails(flags)}
}

/** All but who and how much. */
export function postingDetails(flags: PostingInput['flags']): Omit<PostingRequest, 'client' | 'amount'> {
  return {
    ...postingOptions(flags),
    unit: flags.unit ?? null,
    staff: flags.staff === undefined ? null : named(flags.staff, 'staff member'),
    method: flags.method ?? null,
  }
}

function postingOptions({at, 'dry-run': dryRun, note, reason, reference}: OptionsInput): PostingOptions {
  return {
    note: reason === undefined ? textOf('note', note) : textOf('reason', reason),
    reference: reference === undefined ? null : parseReference(reference),
    at: at ?? null,
    dryRun,
  }
}

function textOf(field: string, text: string | undefined): string | null {
  return text === undefined ? null : cleanText(field, text, NOTE_MAX)
}

const PERSON_MAX = 200

/** The text that names a client or staff member. Refused (USAGE, INVALID_INPUT): none, or one that no name can be. */
export function named(text: string | undefined, what: string): string {
  if (text === undefined || text.trim() === '') {
    throw new Refusal('USAGE', `Which ${what}? None was named`, {hint: `Name the ${what} by id, code, phone or name`})
  }
  return cleanText(what, text, PERSON_MAX)
}

/** Refused (USAGE): anything but a whole number. */
export function parseImportId(text: string): bigint {
  if (/^[1-9]\d{0,14}$/.test(text)) return BigInt(text)
  throw new Refusal('USAGE', `${quoted(text)} is not the number of an import`, {
    hint: 'See them with: fleks import list',
  })
}

const LIMIT_MAX = 10_000

/** Refused (USAGE): anything but a whole number from 1 to 10000. */
export function parseLimit(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= LIMIT_MAX) return limit
  throw new Refusal('USAGE', `${quoted(text)} is not a number of rows`, {hint: `--limit takes 1 to ${LIMIT_MAX}`})
}
