/** What text is shown on: a view takes it as an argument and never looks at the terminal itself. */

import type {Unit} from './unit.ts'

export interface Screen {
  /** Columns of the terminal; null where output is a pipe or file and is never cut short. */
  readonly width: number | null
  readonly colour: boolean
  /** An IANA time zone name: times are shown in it. */
  readonly timeZone: string
  /** A BCP 47 tag, or null for `2026-11-22 14:00`. */
  readonly locale: string | null
  readonly ownUnit: Unit
}

export const FORMATS = ['table', 'json', 'jsonl', 'csv'] as const
export type Format = (typeof FORMATS)[number]
