/** What an import came to, as views show it. */

import type {Money} from './money.ts'
import type {Refusal} from './refusal.ts'
import type {Unit} from './unit.ts'

export interface ImportedFile {
  readonly file: string
  /** Null where nothing was written. */
  readonly runId: bigint | null
  readonly read: number
  readonly applied: number
  readonly replayed: number
  readonly refused: number
  readonly overlap: {
    readonly lines: number
    readonly choice: 'skip' | 'post' | null
    readonly files: readonly {readonly runId: bigint; readonly fileName: string; readonly lines: number}[]
  }
  readonly money: readonly {readonly unit: Unit; readonly in: Money; readonly out: Money}[]
  readonly balances: readonly {readonly unit: Unit; readonly before: Money; readonly after: Money}[]
  /** The first of the refused lines. */
  readonly refusals: readonly RefusedRow[]
  readonly rejects: string | null
  readonly dryRun: boolean
  /** False where all or nothing was asked for, and it was nothing. */
  readonly committed: boolean
}

export interface RefusedRow {
  readonly line: number
  /** As the file calls it. */
  readonly column: string | null
  /** Not the error itself: its stack holds all that was on the way to the database with it. */
  readonly refusal: Pick<Refusal, 'code' | 'message' | 'hint'>
}
