/** How the lines of a file are read, told by its columns and by the user. */

import type {Method} from './entry.ts'
import type {DateReader, DecimalMark} from './import-values.ts'
import type {LineKind} from './import-words.ts'

export interface LineRules {
  readonly dates: DateReader
  readonly mark: DecimalMark | null
  /** What every line is, where no column says so. */
  readonly kind: LineKind | null
  /** What money going out is, where a sign or a column tells only the direction. */
  readonly outIs: 'payment' | 'refund'
  /** Who did the work, where a line names nobody. */
  readonly staff: string | null
  readonly unit: string | null
  /** The currency that the title of the amounts says, unless the user says another. */
  readonly titleUnit?: string | null
  /** The ledger's own, which a sign such as $ is read as. */
  readonly ownUnit?: string
  readonly method: Method | null
  /** Whether the columns have something that a posting needs. */
  readonly hasMoney: boolean
  readonly hasClient: boolean
}
