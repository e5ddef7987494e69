/** Clients and staff as the ledger knows them. */

import type {Money} from './money.ts'
import type {Unit} from './unit.ts'

/** A client's profile. `defaultPrice` is in the ledger's own unit; times are RFC 3339 in UTC; `birthDate` is YYYY-MM-DD. */
export interface Client {
  readonly id: bigint
  readonly name: string
  readonly phone: string | null
  readonly email: string | null
  readonly code: string | null
  readonly birthDate: string | null
  readonly category: string | null
  readonly source: string | null
  readonly address: string | null
  readonly note: string | null
  readonly defaultPrice: Money | null
  readonly createdAt: string
  readonly archivedAt: string | null
}

export interface Balance {
  readonly unit: Unit
  readonly balance: Money
}

/** A client as a list row: with the balance in the ledger's own unit. */
export interface ClientRow extends Client {
  readonly own: Balance
}

/** A client in full: every balance, the ledger's own unit first. */
export interface ClientCard extends Client {
  readonly unit: Unit
  readonly balances: readonly Balance[]
}

export interface Staff {
  readonly id: bigint
  readonly name: string
  readonly createdAt: string
  readonly archivedAt: string | null
}

/** What the business decided once, for every desk. */
export interface Settings {
  readonly businessName: string | null
  /** The ledger's own unit: what amounts are in when nothing else is said. */
  readonly unit: Unit
  /** An IANA time zone name. */
  readonly timeZone: string
  /** A BCP 47 language tag, or null for ISO-like dates. */
  readonly locale: string | null
  readonly countedUnits: readonly Unit[]
}
