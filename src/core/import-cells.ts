/** The cells of one line by field, and what is refused in one of them. */

import type {Field} from './import-titles.ts'
import {type DecimalMark, parseSigned, type Signed} from './import-values.ts'
import {Refusal} from './refusal.ts'
import {cleanText, quoted} from './text.ts'

/** The cells of a line by field; '' and undefined are nothing. */
export type Cells = {readonly [field in Field]?: string | undefined}

/** A refusal that knows its column. */
export class CellRefusal extends Error {
  readonly field: Field | null
  readonly refusal: Refusal
  constructor(field: Field | null, refusal: Refusal) {
    super(refusal.message)
    this.field = field
    this.refusal = refusal
  }
}

/** The text of a cell as a person would read it, or null where nothing stands in it. */
export function cellText(cells: Cells, field: Field): string | null {
  const cell = cells[field]
  if (cell === undefined) return null
  const plain = unwrapped(cell).trim()
  return plain === '' ? null : plain
}

/** Spreadsheets keep leading zeros as ="007", and a leading apostrophe keeps a text from being run. */
function unwrapped(cell: string): string {
  const first = cell.charCodeAt(0)
  if (first === 61 /* = */) return /^="([^"]*)"$/.exec(cell)?.[1] ?? cell
  return first === 39 /* ' */ && /^'[=+\-@]/.test(cell) ? cell.slice(1) : cell
}

/** A reference that stands for none would make one line of all that have it. */
const NO_REFERENCE =
  /^(?:0+|n\/?a|null|none|nil|nan|undefined|\\n|\(null\)|\(blank\)|б\/?н|н\/д|нет|без номера|yoxdur)$/i
const NO_REFERENCE_LENGTH_MAX = 11
const DASH = /^\s*[-\u2013\u2014]\s*$/
/** Where a dash is a sign, or nothing is told from zero. */
const HAS_OWN_DASH: ReadonlySet<Field> = new Set(['amount', 'in', 'out', 'opening', 'defaultPrice', 'direction'])

/** Whether a cell that is not empty stands for nothing all the same. */
export function standsForNothing(field: Field, cell: string): boolean {
  if (cell.length > NO_REFERENCE_LENGTH_MAX) return false
  if (cell.length <= 3 && DASH.test(cell)) return !HAS_OWN_DASH.has(field)
  return field === 'reference' && NO_REFERENCE.test(cell.trim())
}

/** Whether it is a long number as a spreadsheet shows it, 1.23457E+11: many numbers would be this one. */
export function isRounded(text: string): boolean {
  return /^\d(?:[.,]\d+)?E\+\d{2,}$/i.test(text)
}

/** The first of several cells that says something. Throws CellRefusal (USAGE, INVALID_INPUT). */
export function neededText(cells: Cells, field: Field, others: readonly Field[], max: number): string {
  let found = cellText(cells, field)
  for (let at = 0; found === null && at < others.length; at++) found = cellText(cells, others[at] ?? field)
  if (found === null) {
    throw new CellRefusal(field, new Refusal('USAGE', `The line has no ${field}`, {hint: `Fill in its ${field}`}))
  }
  const text = found
  return inField(field, () => cleanText(field, text, max))
}

/** A refusal of the work becomes one of the field. */
export function inField<T>(field: Field, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refusal) throw new CellRefusal(field, error)
    throw error
  }
}

/** An amount above zero. Throws CellRefusal (INVALID_AMOUNT). */
export function positiveAmount(field: Field, cell: string, mark: DecimalMark | null): Signed {
  const signed = inField(field, () => parseSigned(cell, mark))
  if (signed.negative || signed.amount.digits === 0n) {
    const what = signed.negative ? 'less than zero' : 'zero'
    throw new CellRefusal(
      field,
      new Refusal('INVALID_AMOUNT', `The ${field} ${quoted(cell)} is ${what}`, {
        hint: 'It is more than zero, as in 12.50',
      }),
    )
  }
  return signed
}
