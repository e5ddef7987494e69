/** The records of a file of CSV: its dialect, its header, and its lines as cells by field. */

import {CsvReader, type CsvRecord, sniffDialect} from '../core/csv-reader.ts'
import {type Cells, standsForNothing} from '../core/import-cells.ts'
import {type Columns, titleUnit} from '../core/import-columns.ts'
import {refusedReference} from '../core/import-posting.ts'
import {otherTitles} from '../core/import-tables.ts'
import type {Field} from '../core/import-titles.ts'
import {isUndone} from '../core/import-words.ts'
import {Refusal} from '../core/refusal.ts'
import {isBlank, titledBeginning, untitledBeginning} from './import-header.ts'
import type {Plan, Raw, RecordOptions} from './import-plan.ts'

/** Refused (INVALID_INPUT): no header that is understood, or one with two columns that mean the same. */
export function csvPlan(sample: string, options: RecordOptions, name: string): Plan {
  const dialect = sniffDialect(sample)
  const {newline} = dialect
  const {delimiter, sampled, found} = options.header
    ? titledBeginning(sample, dialect, options, name)
    : untitledBeginning(sample, dialect, options)
  const fresh = () => new CsvReader(delimiter, newline)
  const {at, titles, columns} = found
  const pairs = Object.entries(columns) as [Field, number][]
  const firstLine = sampled[at]?.line ?? 0
  const width = titles?.length ?? sampled.find((record) => !isBlank(record))?.cells.length ?? 0
  const blank = Object.fromEntries(pairs.map(([field]) => [field, undefined]))
  const layout = {pairs, blank, width, statuses: found.statuses, delimiter, needed: neededWidth(columns)}
  const reading = () => {
    const elsewhere = titles === null ? () => null : otherTitles(titles, columns)
    return (records: readonly CsvRecord[]) => {
      const raws: Raw[] = []
      for (const record of records) {
        if (record.line <= firstLine || isBlank(record) || isSeparatorNote(record)) continue
        const problem = record.problem ?? elsewhere(record.line, record.cells)
        raws.push(rawOf(problem === null ? record : {...record, problem}, layout))
      }
      return raws
    }
  }
  const read = () => reading()(sampled)
  if (options.decimal === null) refuseCutAmounts(read(), columns, delimiter)
  const known = new Set(pairs.map(([, place]) => place))
  return {
    shape: {kind: 'csv', delimiter, titles, newline: sample.includes('\r\n') ? '\r\n' : newline},
    fields: new Set(pairs.map(([field]) => field)),
    titles: titles ?? [],
    unit: titles === null ? null : titleUnit(titles, columns),
    titleOf: (field) =>
      titles?.[columns[field] ?? -1] ?? (columns[field] === undefined ? field : `column ${columns[field] + 1}`),
    start: () => {
      const reader = fresh()
      const usable = reading()
      return {push: (text) => usable(reader.push(text)), end: () => usable(reader.end())}
    },
    read,
    isBroken: () => false,
    unknown: () =>
      (titles ?? []).flatMap((title, place) =>
        known.has(place) ? [] : [{title, cells: read().map(({original}) => original[place] ?? '')}],
      ),
  }
}

const MONEY: readonly Field[] = ['amount', 'in', 'out', 'opening']

/**
 * Amounts with a decimal comma, in a file that separates its cells with commas and has room for one more: 12,50 is
 * then 12 with a note of 50. Refused (INVALID_INPUT) where some lines look so, and none has anything else there.
 */
function refuseCutAmounts(records: readonly Raw[], columns: Columns, delimiter: string): void {
  if (delimiter !== ',') return
  const others = Object.entries(columns).filter(([field]) => field !== 'note')
  for (const at of MONEY.flatMap((field) => columns[field] ?? [])) {
    if (others.some(([, place]) => place === at + 1)) continue
    const said = records.map(({original}) => [0, 1].map((after) => (original[at + after] ?? '').trim()))
    const cut = said.find(([, after]) => after !== '')
    const isCut = ([amount = '', after = '']: readonly string[]) =>
      after === '' || (/^[+-]?\d{1,6}$/.test(amount) && /^\d{1,2}$/.test(after))
    if (cut === undefined || !said.every(isCut)) continue
    throw new Refusal('INVALID_INPUT', `The amounts may be cut at their commas: is it ${cut.join(',')}?`, {
      hint: 'Separate the cells with semicolons, or put amounts in quotes; if they are whole numbers, say --decimal point',
    })
  }
}

/** `sep=;`, which a spreadsheet writes for itself. */
function isSeparatorNote({line, cells}: CsvRecord): boolean {
  return line === 1 && /^sep=/i.test(cells[0] ?? '')
}

interface Layout {
  readonly pairs: readonly (readonly [Field, number])[]
  /** The cells of a line with nothing in it: every line has the same shape. */
  readonly blank: Cells
  readonly width: number
  /** Further columns of a status: of the booking, of its payment. Any of them can say that nothing was done. */
  readonly statuses: readonly number[]
  readonly delimiter: string
  /** So many cells a line must have at least. */
  readonly needed: number
}

/** Spreadsheets leave out empty cells at the end of a line. Of these a torn line may have lost something. */
const MAY_BE_LEFT_OUT: ReadonlySet<string> = new Set<Field>(['note', 'address', 'category', 'source', 'email'])

function neededWidth(columns: Columns): number {
  const places = Object.entries(columns).map(([field, place]) => [field, place ?? 0] as const)
  const last = Math.max(-1, ...places.flatMap(([field, place]) => (MAY_BE_LEFT_OUT.has(field) ? [] : [place])))
  // Whether an amount is whole shows only where something follows it.
  const isMoney = places.some(([field, place]) => place === last && ['amount', 'in', 'out', 'opening'].includes(field))
  return last + (isMoney ? 2 : 1)
}

function rawOf(record: CsvRecord, layout: Layout): Raw {
  const {line, cells, raw, problem} = record
  if (problem !== null) return {line, place: 0, cells: {}, original: [raw], problem}
  const byField: {[field in Field]?: string | undefined} = {...layout.blank}
  for (const [field, at] of layout.pairs) {
    const cell = cells[at]
    if (cell !== undefined && cell !== '' && !standsForNothing(field, cell)) byField[field] = cell
  }
  for (const at of layout.statuses) {
    const status = cells[at] ?? ''
    if (isUndone(status)) byField.status = status
  }
  const misplaced = 'reason' in layout.blank ? misplacedReason(cells, byField.reason) : null
  if (misplaced !== null) byField.reason = misplaced
  const notMended = misplaced === null ? null : 'it was refused, and its reason does not stand in its column yet'
  return {line, place: 0, cells: byField, original: cells, problem: cellProblem(record, layout) ?? notMended}
}

/** Behind a line that could not be read the reason stands in another column, until the line is mended. */
function misplacedReason(cells: readonly string[], reason: string | undefined): string | null {
  if (refusedReference(reason ?? null) !== null) return null
  const last = cells.findLast((cell) => cell.trim() !== '') ?? null
  return refusedReference(last) === null ? null : last
}

function cellProblem({cells, raw, torn}: CsvRecord, {width, needed, delimiter}: Layout): string | null {
  if (cells.length < width && (torn || cells.length < needed)) {
    return `it has ${cells.length} cells, and the header ${width}`
  }
  if (cells.length > width && cells.slice(width).some((cell) => cell.trim() !== '')) {
    const comma = delimiter === ',' ? '; a comma inside a cell needs quotes around it' : ''
    return `it has ${cells.length} cells, and the header ${width}${comma}`
  }
  return raw.includes('\ufffd') ? 'it has bytes that are no characters in this encoding' : null
}
