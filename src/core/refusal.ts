/** What fleks answers when it will not do something: the published error codes and their exit codes. */

/** Every error code with its exit code. Public API: added to, never renumbered. */
export const EXIT_CODES = {
  INTERNAL: 1,
  USAGE: 2,
  UNKNOWN_COMMAND: 2,
  INVALID_AMOUNT: 2,
  INVALID_INPUT: 2,
  INVALID_CONFIG: 2,
  CONFIRMATION_REQUIRED: 2,
  CLIENT_NOT_FOUND: 3,
  STAFF_NOT_FOUND: 3,
  ENTRY_NOT_FOUND: 3,
  IMPORT_NOT_FOUND: 3,
  AMBIGUOUS: 4,
  INSUFFICIENT_FUNDS: 5,
  BALANCE_LIMIT: 5,
  BALANCE_NOT_ZERO: 5,
  ARCHIVED: 5,
  ALREADY_REVERSED: 5,
  NOT_REVERSIBLE: 5,
  ALREADY_OPENED: 5,
  BATCH_REFUSED: 5,
  REFERENCE_CONFLICT: 6,
  DUPLICATE_CLIENT: 6,
  DUPLICATE_CODE: 6,
  DUPLICATE_STAFF: 6,
  SETTING_IN_USE: 6,
  LEDGER_NOT_EMPTY: 6,
  OVERLAP: 6,
  INTEGRITY: 8,
  DATABASE_UNAVAILABLE: 9,
  SCHEMA_OUTDATED: 9,
  OUTCOME_UNKNOWN: 9,
  READ_ONLY_STANDBY: 9,
  INPUT: 74,
  OUTPUT: 74,
  INTERRUPTED: 130,
} as const

export type RefusalCode = keyof typeof EXIT_CODES

/** Values beside the message, for scripts: already plain JSON (amounts as decimal strings, ids as numbers). */
export type RefusalDetails = Readonly<Record<string, unknown>>

export interface RefusalExtras {
  /** One sentence on what to do, usually a command that can be typed. */
  readonly hint?: string
  readonly details?: RefusalDetails
  readonly cause?: unknown
}

/** The one domain error. `message` is one sentence on what happened, with the values in it, without a final period. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly hint: string | null
  readonly details: RefusalDetails | null

  constructor(code: RefusalCode, message: string, extras: RefusalExtras = {}) {
    super(message, extras.cause === undefined ? undefined : {cause: extras.cause})
    this.name = 'Refusal'
    this.code = code
    this.hint = extras.hint ?? null
    this.details = extras.details ?? null
  }

  get exit(): number {
    return EXIT_CODES[this.code]
  }
}

/** A refusal as an outcome, where it is one of many; anything else is thrown on. */
export function valueOrRefusal<T>(work: () => T): T | Refusal {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
