/** Lists as CSV (RFC 4180), safe to open in a spreadsheet. */

type Cell = string | number | boolean | readonly string[] | null

/** A header of `columns`, then a line per row; those in `numeric` hold digits and marks. */
export function csvText(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
  numeric: readonly string[],
): string {
  return csvLine(columns) + csvRows(columns, rows, numeric)
}

/** The rows alone, for a list that is written in pieces. */
export function csvRows(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
  numeric: readonly string[],
): string {
  const text = (row: Readonly<Record<string, unknown>>, column: string) =>
    cellText(at(row, column), numeric.includes(column))
  return rows.map((row) => csvLine(columns.map((column) => text(row, column)))).join('')
}

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quotedCell).join(',')}\r\n`
}

/** `staff.name` is the name inside staff. */
function at(row: Readonly<Record<string, unknown>>, column: string): Cell {
  let value: unknown = row
  for (const key of column.split('.'))
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : null
  return value === undefined ? null : (value as Cell)
}

/** A spreadsheet runs a text that begins so; an apostrophe makes it text again (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
/** Digits and the marks between them, of amounts and phone numbers, run nothing. */
const DIGITS = /^[+-]?[\d .()/-]*$/

function cellText(value: Cell, isNumber: boolean): string {
  if (value === null) return ''
  const text = typeof value === 'object' ? value.join(' ') : String(value)
  const isPlain = typeof value !== 'string' || (isNumber && DIGITS.test(text)) || !FORMULA.test(text)
  return isPlain ? text : `'${text}`
}

function quotedCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
