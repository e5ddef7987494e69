/** What a command works on: the database, who runs it, and the clock. */

import type {DatabasePool} from 'slonik'

export interface Ledger {
  readonly pool: DatabasePool
  /** Who runs the command; stands in every entry. */
  readonly operator: string
  readonly now: () => Date
  /** That many random bytes, for references that are made here. */
  readonly randomBytes: (count: number) => Uint8Array
  /** Told when something is tried again after the database went away. */
  readonly onRetry?: (attempt: number, waitMs: number) => void
}
