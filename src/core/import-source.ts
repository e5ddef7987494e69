/** A file to import, as whoever reads it hands it on. */

import type {Cells} from './import-cells.ts'

/** One line (or a record of several, where a cell has line breaks in it). */
export interface SourceRecord {
  /** Where it begins in the file, counted from 1. */
  readonly line: number
  /** Its place among the records, from 0. */
  readonly place: number
  readonly cells: Cells
  /** As it stood: its cells, or the text of a JSON line. */
  readonly original: readonly string[] | string
  /** Why it cannot be read at all. */
  readonly problem: string | null
}

export interface ImportSource {
  readonly name: string
  /** SHA-256 of its bytes, 64 hex digits. */
  readonly digest: string
  readonly bytes: number
  /** The same records every time. */
  readonly batches: () => AsyncIterable<readonly SourceRecord[]>
  /** A hash of each record's content; null where a column has references. */
  readonly hashes: BigUint64Array | null
}
