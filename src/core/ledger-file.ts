/** What the lines of an exported ledger hold beside the entries; the format is specified in docs/EXPORT.md. */

import type {Client, Settings, Staff} from './client.ts'
import type {Money} from './money.ts'

/** Raised when a reader of the old form would misread the new one. */
export const FILE_FORMAT = 1

/** The first line. Times are RFC 3339 in UTC. */
export interface FileHeader {
  /** Of the fleks that wrote it. */
  readonly version: string
  readonly exportedAt: string
  /** What was left out; all null in a file that a ledger can be rebuilt from. */
  readonly scope: {readonly client: bigint | null; readonly from: string | null; readonly to: string | null}
  readonly settings: Settings
}

/** As `Staff` and `Client`, with times in microseconds, as the database keeps them. */
export type FiledStaff = Staff

export interface FiledClient extends Client {
  readonly accounts: readonly FiledAccount[]
}

export interface FiledAccount {
  readonly unitCode: string
  readonly balance: Money
  readonly lastSeq: bigint
  /** 64 hex digits; null while there is no entry. */
  readonly lastHash: string | null
}

/** A whole row of a table that imports keep, such as import_run, as PostgreSQL's row_to_json writes it. */
export interface FiledRow {
  readonly table: string
  /** A JSON object. */
  readonly row: string
}

/** The last line: what must have come before it. `sha256` is over every byte before the line, in hex. */
export interface FileEnd {
  readonly staff: number
  readonly rows: number
  readonly clients: number
  readonly entries: number
  readonly sha256: string
}
