/** What a command works on: the database, who runs it, and the clock. */

import type {CommonQueryMethods} from 'slonik'

/** The connection was lost, or another transaction was in the way (SQLSTATE class 40). */
export type RetryReason = 'lost' | 'clash'

export interface Ledger {
  /** Or a transaction of it, and then whatever opens one opens a part of that. */
  readonly pool: CommonQueryMethods
  /** A connection beside those of `pool`, to look things up in good time; whatever fails there is looked up again. */
  readonly lookout?: CommonQueryMethods
  /** Who runs the command; stands in every entry. */
  readonly operator: string
  readonly now: () => Date
  /** That many random bytes, for references that are made here. */
  readonly randomBytes: (count: number) => Uint8Array
  /** Told before something is tried again, with the wait until then; may mend what is missing. */
  readonly onRetry?: (attempt: number, waitMs: number, reason: RetryReason) => unknown
}
