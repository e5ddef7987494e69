/** How the records of a file are to be read, told by its beginning. */

import type {Mapping} from '../core/import-columns.ts'
import type {SourceRecord} from '../core/import-source.ts'
import type {Field} from '../core/import-titles.ts'
import type {DecimalMark} from '../core/import-values.ts'
import {Refusal} from '../core/refusal.ts'
import {quoted} from '../core/text.ts'

/** So much of a file is looked at before it is read. */
export const SAMPLE_CHARACTERS = 200_000

export interface RecordOptions {
  readonly mappings: readonly Mapping[]
  readonly header: boolean
  /** Null: told by the file. */
  readonly decimal: DecimalMark | null
}

/** How a file is written, for writing lines of the same kind. */
export type Shape =
  | {
      readonly kind: 'csv'
      readonly delimiter: string
      readonly titles: readonly string[] | null
      readonly newline: string
    }
  | {readonly kind: 'jsonl'}

/** Its place is known when it is taken up into a batch. */
export type Raw = {-readonly [key in keyof SourceRecord]: SourceRecord[key]}

export interface Plan {
  readonly shape: Shape
  readonly fields: ReadonlySet<Field>
  readonly titles: readonly string[]
  /** The currency that the titles name. */
  readonly unit: string | null
  readonly titleOf: (field: Field) => string
  /** A reader of the whole text from its beginning, fed piece by piece. */
  readonly start: () => {readonly push: (text: string) => Raw[]; readonly end: () => Raw[]}
  /** Whether none of the records at the beginning can be read, though each can be told why. */
  readonly isBroken: () => boolean
  /** The records of the file's beginning. */
  readonly read: () => Raw[]
  /** Columns that mean nothing, and what stands in each at the beginning. */
  readonly unknown: () => readonly {readonly title: string; readonly cells: readonly string[]}[]
}

const TITLES_SHOWN_MAX = 12
const TITLE_SHOWN_MAX = 60

export function noColumns(titles: readonly string[], name: string): Refusal {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what no text has.
  if (/[\0-\x08\x0e-\x1f]/.test(titles.slice(0, TITLES_SHOWN_MAX).join(''))) {
    return new Refusal('INVALID_INPUT', `${quoted(name)} is not a file of text`, {
      hint: 'Export it as CSV where it comes from',
    })
  }
  const first = titles.slice(0, TITLES_SHOWN_MAX)
  const shown = first.map((title) => quoted(title.trim()))
  return new Refusal(
    'INVALID_INPUT',
    `No column of ${quoted(name)} is known${shown.length === 0 ? '' : `: ${shown.join(', ')}`}`,
    {
      hint: 'Say which is which, as in: --map client=Customer --map amount=Sum; or, without a header: --no-header --map amount=3',
      details: {columns: first.map((title) => title.slice(0, TITLE_SHOWN_MAX).toWellFormed())},
    },
  )
}
