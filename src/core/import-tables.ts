/** Several tables in one file, such as two exports put together: what stands below other titles means something else. */

import {type Columns, readHeader} from './import-columns.ts'
import {type Field, fieldNamed, simplified} from './import-titles.ts'
import {isAmount} from './import-values.ts'

const MONEY: readonly Field[] = ['amount', 'in', 'out', 'opening']
const WHOSE: readonly Field[] = ['client', 'name', 'phone', 'code']

/** Whether the lines below such titles say whose money they are about, and how much. */
export function isTable(columns: Columns): boolean {
  return [MONEY, WHOSE].every((fields) => fields.some((field) => columns[field] !== undefined))
}

/** Whether one of these lines has an amount where the titles have it. */
export function hasMoney(lines: readonly (readonly string[])[], columns: Columns): boolean {
  return lines.some((cells) => placesOf(columns).some((place) => isAmount(cells[place] ?? '', 'any')))
}

/**
 * Told every line below the titles in turn: why it is not to be read, or null. The same titles again, as at the top of
 * every page, change nothing.
 */
export function otherTitles(
  titles: readonly string[],
  columns: Columns,
): (line: number, cells: readonly string[]) => string | null {
  const places = placesOf(columns)
  const own = titles.map(simplified).join('\n')
  let below: number | null = null
  return (line, cells) => {
    // A title in place of an amount is rare, and looking at all cells of all lines is not for nothing.
    const isTitle = places.some((place) => fieldNamedLike(cells[place]) !== null)
    const header = isTitle ? readHeader(cells, []) : null
    if (header !== null && isTable(header.columns)) {
      below = cells.map(simplified).join('\n') === own ? null : line
      return null
    }
    return below === null ? null : `it stands below the titles of another table, in line ${below}`
  }
}

function placesOf(columns: Columns): readonly number[] {
  return MONEY.flatMap((field) => columns[field] ?? [])
}

const HYPHEN = 45
const DIGIT_MAX = 57

function fieldNamedLike(cell: string | undefined): Field | null {
  const first = cell?.charCodeAt(0) ?? DIGIT_MAX
  // Nearly all of them are numbers.
  if (cell === undefined || (first >= HYPHEN && first <= DIGIT_MAX)) return null
  return /\p{L}/u.test(cell) ? fieldNamed(cell) : null
}
