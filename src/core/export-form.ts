/** What an exported ledger is written by: each function makes the text of one piece. */

import type {Reversed} from './contra.ts'
import type {Entry} from './entry.ts'
import type {FiledClient, FiledRow, FiledStaff, FileHeader} from './ledger-file.ts'

export interface ExportedEntry {
  readonly entry: Entry
  /** The import that it came with. */
  readonly batch: bigint | null
  /** Of a reversal: what it reverses. */
  readonly reversed: Reversed | null
}

/** Called from top to bottom. What a form leaves out is not read either. */
export interface ExportForm {
  readonly start: (header: FileHeader) => string
  readonly staff?: (staff: readonly FiledStaff[]) => string
  readonly rows?: (rows: readonly FiledRow[]) => string
  readonly clients?: (clients: readonly FiledClient[]) => string
  /** Account by account, each in its order. */
  readonly entries: (entries: readonly ExportedEntry[]) => string
  /** `sha256` is over everything before, in hex; empty unless `sealed`. */
  readonly end: (sha256: string) => string
  readonly sealed: boolean
  /** Whether it needs to know what a reversal reverses. */
  readonly needsReversed: boolean
}
