/** Where the lines of a file of CSV begin, and what its titles mean. */

import {CsvReader, type CsvRecord, DELIMITERS, type sniffDialect} from '../core/csv-reader.ts'
import {type Columns, type Header, numberedColumns, readHeader} from '../core/import-columns.ts'
import {refusedReference} from '../core/import-posting.ts'
import {hasMoney, isTable} from '../core/import-tables.ts'
import type {Field} from '../core/import-titles.ts'
import {Refusal} from '../core/refusal.ts'
import {quoted} from '../core/text.ts'
import {noColumns, type RecordOptions, SAMPLE_CHARACTERS} from './import-plan.ts'

/** A bank's own lines before the header. */
const PREAMBLE_MAX = 40

interface Beginning {
  readonly delimiter: string
  readonly sampled: readonly CsvRecord[]
  readonly found: {
    readonly at: number
    readonly titles: readonly string[] | null
    readonly columns: Columns
    readonly statuses: readonly number[]
  }
}

type Dialect = ReturnType<typeof sniffDialect>

/**
 * Notes full of semicolons, or many broken lines, may divide more evenly than what they stand in: the delimiter is the
 * one by which most titles are known.
 */
export function titledBeginning(sample: string, dialect: Dialect, options: RecordOptions, name: string): Beginning {
  const read = (delimiter: string) => readAll(new CsvReader(delimiter, dialect.newline), sample)
  const isSaid = sample.startsWith('sep=')
  let best: {readonly delimiter: string; readonly sampled: readonly CsvRecord[]; readonly one: Candidate} | null = null
  for (const delimiter of new Set([dialect.delimiter, ...(isSaid ? [] : DELIMITERS)])) {
    const sampled = read(delimiter)
    const one = mostKnown(candidatesOf(sampled, options))
    if (one !== null && (best === null || known(one) > known(best.one))) best = {delimiter, sampled, one}
  }
  if (best === null) throw noColumns(read(dialect.delimiter).find((record) => !isBlank(record))?.cells ?? [], name)
  const {delimiter, sampled, one} = best
  const {at, titles, header} = one
  const [doubled] = header.doubled
  if (doubled !== undefined) throw twice(...doubled, titles)
  refuseLostTable(sampled, one, options)
  return {delimiter, sampled, found: {at, titles, columns: header.columns, statuses: header.statuses}}
}

export function untitledBeginning(sample: string, {delimiter, newline}: Dialect, {mappings}: RecordOptions): Beginning {
  const sampled = readAll(new CsvReader(delimiter, newline), sample)
  const columns = {...numberedColumns(mappings), ...reasonColumn(sampled)}
  return {delimiter, sampled, found: {at: -1, titles: null, columns, statuses: []}}
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

interface Candidate {
  readonly at: number
  readonly titles: readonly string[]
  readonly header: Header
}

function candidatesOf(records: readonly CsvRecord[], {mappings}: RecordOptions): readonly Candidate[] {
  return records.slice(0, PREAMBLE_MAX).flatMap(({cells, problem}, at): readonly Candidate[] => {
    const header = problem === null && !isUndivided(cells) ? readHeader(cells, mappings) : null
    return header === null ? [] : [{at, titles: cells, header}]
  })
}

/** Several titles in one cell: another delimiter stands between them, and `Client ID,Amount` is no list of clients. */
function isUndivided(cells: readonly string[]): boolean {
  return cells.length === 1 && DELIMITERS.some((delimiter) => cells[0]?.includes(delimiter))
}

function known({header}: Candidate): number {
  return Object.keys(header.columns).length
}

/** The record with the most titles that are known: lines before the header may have one or two of them as well. */
function mostKnown(candidates: readonly Candidate[]): Candidate | null {
  const [first = null, ...others] = candidates
  return others.reduce((one, other) => (one === null || known(other) > known(one) ? other : one), first)
}

/** Refused (INVALID_INPUT): a table before the titles, whose lines would be taken for a preamble and be lost. */
function refuseLostTable(records: readonly CsvRecord[], {at}: Candidate, options: RecordOptions): void {
  const before = candidatesOf(records, options).find((one) => one.at < at && isTable(one.header.columns))
  if (before === undefined) return
  const between = records.slice(before.at + 1, at).map(({cells}) => cells)
  if (hasMoney(between, before.header.columns)) throw twoTables(records[before.at]?.line ?? 1, records[at]?.line ?? 1)
}

function twoTables(first: number, second: number): Refusal {
  return new Refusal(
    'INVALID_INPUT',
    `There are two tables, with their titles in line ${first} and in line ${second}`,
    {
      hint: 'Make a file of each',
    },
  )
}

function twice(field: Field, places: readonly number[], titles: readonly string[]): Refusal {
  const names = places.map((place) => `${quoted((titles[place] ?? '').trim())} (${place + 1})`).join(', ')
  return new Refusal('INVALID_INPUT', `Several columns can be the ${field}: ${names}`, {
    hint: `Say which, by its number: --map ${field}=${(places[0] ?? 0) + 1}`,
    details: {field, columns: places.map((place) => titles[place] ?? '')},
  })
}

/** A control-Z is how DOS ended a file. */
export function isBlank({cells, problem}: CsvRecord): boolean {
  return problem === null && cells.every((cell) => cell.trim() === '' || (cell === '\u001a' && cells.length === 1))
}
