/** Which column of a line a refusal is about, where its cells could be read and the ledger refused what they say. */

import type {Cells} from './import-cells.ts'
import type {Field} from './import-titles.ts'
import type {Refusal, RefusalCode} from './refusal.ts'

const FIELD_OF: {readonly [code in RefusalCode]?: Field} = {
  CLIENT_NOT_FOUND: 'client',
  REFERENCE_CONFLICT: 'reference',
  STAFF_NOT_FOUND: 'staff',
  // Of what a line may leave out only a payment's staff member is missed later.
  USAGE: 'staff',
}
const OF_AMOUNTS: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'ALREADY_OPENED',
  'BALANCE_LIMIT',
  'INSUFFICIENT_FUNDS',
  'INVALID_AMOUNT',
])
const AMOUNTS = ['amount', 'in', 'out', 'opening'] as const

export interface RefusedPosting {
  /** Where its amount stands (`amountField`). */
  readonly amountField: Field
  /** Whether its client is archived; else it is the staff member. */
  readonly archived: boolean
  readonly hasOwnReference: boolean
}

/** Null where it is about no column alone. */
export function fieldRefused({code}: Refusal, posting: RefusedPosting): Field | null {
  const {amountField, archived, hasOwnReference} = posting
  if (code === 'ARCHIVED') return archived ? 'client' : 'staff'
  if (code === 'REFERENCE_CONFLICT' && !hasOwnReference) return null
  return OF_AMOUNTS.has(code) ? amountField : (FIELD_OF[code] ?? null)
}

/** The field that the amount of a line stands in. */
export function amountField(cells: Cells): Field {
  for (const field of AMOUNTS) {
    const cell = cells[field]
    if (cell !== undefined && cell !== '') return field
  }
  return 'amount'
}
