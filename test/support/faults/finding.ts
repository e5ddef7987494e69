/** What a judge can find. */

export type FindingKind =
  /** Told as done, and not there, or not in its balance. */
  | 'lost'
  /** One intention, and more entries than it has. */
  | 'doubled'
  /** One side of a transfer. */
  | 'partial'
  /** In the ledger, and nobody asked for it, or it was told as not done. */
  | 'invented'
  /** Entries that stand in another order than they happened. */
  | 'disorder'
  /** The books do not add up. */
  | 'unsound'
  | 'hung'
  /** An answer that must never be given. */
  | 'broken'

export interface Finding {
  readonly kind: FindingKind
  readonly text: string
}

export function finding(kind: FindingKind, text: string): Finding {
  return {kind, text}
}
