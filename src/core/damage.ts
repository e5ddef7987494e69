/** What `verify` can find wrong. */

/** Public API: added to, never renamed. */
export const DAMAGE_KINDS = [
  /** An entry is missing. */
  'gap',
  /** An entry does not go on where the one before it ended, or does not add up. */
  'chain',
  /** An entry is not what was sealed. */
  'hash',
  /** An account stands elsewhere than its last entry. */
  'balance',
  /** An entry or an account lacks what it belongs to. */
  'orphan',
  /** The two sides of a transfer do not match. */
  'transfer',
  /** A reversal does not fit its original. */
  'reversal',
  /** Two entries of a client carry the same reference. */
  'reference',
  /** The ledger no longer holds what it held at an earlier checkpoint. */
  'checkpoint',
] as const
export type DamageKind = (typeof DAMAGE_KINDS)[number]

export interface Damage {
  readonly kind: DamageKind
  /** The id of the entry, as in `42-7`; null where it is about an account. */
  readonly entry: string | null
  readonly clientId: bigint
  /** One sentence without a final period. */
  readonly message: string
}

/** More are counted but not kept: a ledger that is damaged throughout must not fill the memory. */
const LISTED_MAX = 1_000

/** Gathers damages. */
export class DamageList {
  readonly listed: Damage[] = []
  readonly kinds = new Set<DamageKind>()
  count = 0

  add(damage: Damage): void {
    this.count++
    this.kinds.add(damage.kind)
    if (this.listed.length < LISTED_MAX) this.listed.push(damage)
  }
}
