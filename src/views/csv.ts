/** Lists as CSV (RFC 4180), safe to open in a spreadsheet. */

type Cell = string | number | boolean | readonly string[] | null

/** A header of the first row's keys, then a line per row. An empty list is the header alone, from `columns`. */
export function csvText(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
  numeric: readonly string[],
): string {
  const line = (cells: readonly string[]) => `${cells.map(quotedCell).join(',')}\r\n`
  const body = rows.map((row) => line(columns.map((column) => cellText(at(row, column), numeric.includes(column)))))
  return line(columns) + body.join('')
}

/** `staff.name` is the name inside staff. */
function at(row: Readonly<Record<string, unknown>>, column: string): Cell {
  let value: unknown = row
  for (const key of column.split('.'))
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : null
  return value === undefined ? null : (value as Cell)
}

function cellText(value: Cell, isNumber: boolean): string {
  if (value === null) return ''
  const text = typeof value === 'object' ? value.join(' ') : String(value)
  // A spreadsheet runs a text that begins so; an apostrophe makes it text again (OWASP, CSV injection).
  return !isNumber && typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

function quotedCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
