/** The records of a file of CSV: its dialect, its header, and its lines as cells by field. */

import {CsvReader, type CsvRecord, sniffDialect} from '../core/csv-reader.ts'
import type {Cells} from '../core/import-cells.ts'
import {type Columns, type Header, numberedColumns, readHeader, titleUnit} from '../core/import-columns.ts'
import {refusedReference} from '../core/import-posting.ts'
import type {Field} from '../core/import-titles.ts'
import {Refusal} from '../core/refusal.ts'
import {quoted} from '../core/text.ts'
import {noColumns, type Plan, type Raw, type RecordOptions, SAMPLE_CHARACTERS} from './import-plan.ts'

/** A bank's own lines before the header. */
const PREAMBLE_MAX = 40

/** Refused (INVALID_INPUT): no header that is understood, or one with two columns that mean the same. */
export function csvPlan(sample: string, options: RecordOptions, name: string): Plan {
  const {delimiter, newline} = sniffDialect(sample)
  const fresh = () => new CsvReader(delimiter, newline)
  const sampled = readAll(fresh(), sample)
  const found = options.header
    ? findHeader(sampled, options)
    : {at: -1, titles: null, columns: {...numberedColumns(options.mappings), ...reasonColumn(sampled)}}
  if (found === null) throw noColumns(sampled.find((record) => !isBlank(record))?.cells ?? [], name)
  const {at, titles, columns} = found
  const pairs = Object.entries(columns) as [Field, number][]
  const firstLine = sampled[at]?.line ?? 0
  const width = titles?.length ?? sampled.find((record) => !isBlank(record))?.cells.length ?? 0
  const blank = Object.fromEntries(pairs.map(([field]) => [field, undefined]))
  const layout = {pairs, blank, width, delimiter, needed: neededWidth(columns)}
  const usable = (records: readonly CsvRecord[]) => {
    const raws: Raw[] = []
    for (const record of records) {
      if (record.line > firstLine && !isBlank(record) && !isSeparatorNote(record)) raws.push(rawOf(record, layout))
    }
    return raws
  }
  const read = () => usable(sampled)
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
      return {push: (text) => usable(reader.push(text)), end: () => usable(reader.end())}
    },
    read,
    unknown: () =>
      (titles ?? []).flatMap((title, place) =>
        known.has(place) ? [] : [{title, cells: read().map(({original}) => original[place] ?? '')}],
      ),
  }
}

/** The last record of a sample may be cut; it is judged with the rest of the file. */
function readAll(reader: CsvReader, sample: string): readonly CsvRecord[] {
  const records = reader.push(sample)
  return sample.length < SAMPLE_CHARACTERS ? [...records, ...reader.end()] : records
}

/** Lines that were refused have the reason behind them, also where no title says so. */
function reasonColumn(records: readonly CsvRecord[]): Columns {
  const lines = records.filter((record) => !isBlank(record))
  const width = lines[0]?.cells.length ?? 0
  const isReason = ({cells}: CsvRecord) => refusedReference(cells[width - 1] ?? null) !== null
  return lines.length > 0 && lines.every(isReason) ? {reason: width - 1} : {}
}

/** The record with the most titles that are known: lines before the header may have one or two of them as well. */
function findHeader(records: readonly CsvRecord[], {mappings}: RecordOptions) {
  let best: {at: number; titles: readonly string[]; header: Header; known: number} | null = null
  for (const [at, {cells, problem}] of records.slice(0, PREAMBLE_MAX).entries()) {
    const header = problem === null ? readHeader(cells, mappings) : null
    if (header === null) continue
    const known = Object.keys(header.columns).length
    if (best === null || known > best.known) best = {at, titles: cells, header, known}
  }
  if (best === null) return null
  const {at, titles, header} = best
  const [doubled] = header.doubled
  if (doubled !== undefined) throw twice(...doubled, titles)
  return {at, titles, columns: header.columns}
}

function twice(field: Field, places: readonly number[], titles: readonly string[]): Refusal {
  const names = places.map((place) => `${quoted((titles[place] ?? '').trim())} (${place + 1})`).join(', ')
  return new Refusal('INVALID_INPUT', `Several columns can be the ${field}: ${names}`, {
    hint: `Say which, by its number: --map ${field}=${(places[0] ?? 0) + 1}`,
    details: {field, columns: places.map((place) => titles[place] ?? '')},
  })
}

/**
 * Amounts with a decimal comma, in a file that separates its cells with commas and has room for one more: 12,50 is
 * then 12 with a note of 50. Refused (INVALID_INPUT) where every line looks so.
 */
function refuseCutAmounts(records: readonly Raw[], columns: Columns, delimiter: string): void {
  const at = columns.amount
  if (at === undefined || delimiter !== ',' || records.length === 0) return
  const others = Object.entries(columns).filter(([field]) => field !== 'note')
  if (others.some(([, place]) => place === at + 1)) return
  const cut = ({original}: Raw) =>
    /^[+-]?\d{1,6}$/.test((original[at] ?? '').trim()) && /^\d{2}$/.test((original[at + 1] ?? '').trim())
  const [first] = records
  if (first === undefined || !records.every(cut)) return
  const {original} = first
  throw new Refusal(
    'INVALID_INPUT',
    `The amounts may be cut at their commas: is it ${original[at]},${original[at + 1]}?`,
    {
      hint: 'Separate the cells with semicolons, or put amounts in quotes; if they are whole numbers, say --decimal point',
    },
  )
}

function isBlank({cells, problem}: CsvRecord): boolean {
  return problem === null && cells.every((cell) => cell.trim() === '')
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
    if (cell !== '') byField[field] = cell
  }
  return {line, place: 0, cells: byField, original: cells, problem: cellProblem(record, layout)}
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
