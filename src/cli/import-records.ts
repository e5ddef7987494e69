/** The records of an opened file: its dialect, its header, and its lines as cells by field. */

import {CsvReader, type CsvRecord, sniffDialect} from '../core/csv-reader.ts'
import {
  type Columns,
  FIELDS,
  type Field,
  fieldOf,
  headerColumns,
  type Mapping,
  numberedColumns,
} from '../core/import-columns.ts'
import {refusedReference} from '../core/import-line.ts'
import {lineHash} from '../core/import-overlap.ts'
import type {ImportSource, SourceRecord} from '../core/import-source.ts'
import {type DecimalMark, decimalMark} from '../core/import-values.ts'
import {Refusal} from '../core/refusal.ts'
import {quoted} from '../core/text.ts'
import {type OpenedFile, textOf} from './import-file.ts'

const BATCH_RECORDS = 2_000
/** A bank's own lines before the header. */
const PREAMBLE_MAX = 40
const SAMPLE_CHARACTERS = 200_000

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

export interface Records {
  readonly source: ImportSource
  readonly shape: Shape
  readonly fields: ReadonlySet<Field>
  readonly mark: DecimalMark | null
  /** How the file calls the column of a field. */
  readonly titleOf: (field: Field) => string
}

/** Refused: INVALID_INPUT (no header that is understood, decimal marks that contradict each other), USAGE (a mapping). */
export async function readRecords(file: OpenedFile, options: RecordOptions): Promise<Records> {
  const sample = await beginning(file)
  const plan = /^\s*\{/.test(sample) ? jsonPlan(sample, options) : csvPlan(sample, options, file.name)
  const {fields} = plan
  if (![...fields].some((field) => field !== 'reason')) throw noColumns(plan.titles, file.name)
  const mark = options.decimal ?? decimalMark(amounts(plan.read()))
  const batches = () => batched(file, plan)
  // Lines with references, or with those that they were refused with, are known by these.
  const sampled = plan.read()
  const known = fields.has('reference') || sampled.every(({cells}) => refusedReference(cells.reason ?? null) !== null)
  const hashes = known ? null : await hashesOf(batches)
  return {
    source: {name: file.name, digest: file.digest, bytes: file.bytes, batches, hashes},
    shape: plan.shape,
    fields,
    mark,
    titleOf: plan.titleOf,
  }
}

interface Plan {
  readonly shape: Shape
  readonly fields: ReadonlySet<Field>
  readonly titles: readonly string[]
  readonly titleOf: (field: Field) => string
  /** A reader of the whole text from its beginning, fed piece by piece. */
  readonly start: () => {readonly push: (text: string) => Raw[]; readonly end: () => Raw[]}
  /** The records of the file's beginning. */
  readonly read: () => Raw[]
}

/** Its place is known when it is taken up into a batch. */
type Raw = {-readonly [key in keyof SourceRecord]: SourceRecord[key]}

async function beginning(file: OpenedFile): Promise<string> {
  let text = ''
  for await (const piece of textOf(file)) {
    text += piece
    if (text.length >= SAMPLE_CHARACTERS) break
  }
  return text
}

const MONEY_FIELDS = ['amount', 'in', 'out', 'opening'] as const

function* amounts(records: readonly Raw[]): Generator<string> {
  for (const {cells} of records) {
    for (const field of MONEY_FIELDS) {
      const cell = cells[field]
      if (cell !== undefined && cell !== '') yield cell
    }
  }
}

async function* batched(file: OpenedFile, plan: Plan): AsyncGenerator<readonly SourceRecord[]> {
  const reader = plan.start()
  let batch: SourceRecord[] = []
  let place = 0
  const full = (records: readonly Raw[]) => {
    const batches: SourceRecord[][] = []
    for (const record of records) {
      record.place = place++
      batch.push(record)
      if (batch.length === BATCH_RECORDS) {
        batches.push(batch)
        batch = []
      }
    }
    return batches
  }
  for await (const text of textOf(file)) yield* full(reader.push(text))
  yield* full(reader.end())
  if (batch.length > 0) yield batch
}

/** What a line says, whatever the order of its columns; why an earlier import refused it is no part of that. */
function contentOf({cells, original, problem}: SourceRecord): string {
  if (problem !== null) return typeof original === 'string' ? original : original.join('\u001f')
  let content = ''
  for (const field of FIELDS) {
    const cell = field === 'reason' ? undefined : cells[field]?.trim()
    if (cell) content += `${field}\u001e${cell}\u001f`
  }
  return content
}

async function hashesOf(batches: () => AsyncIterable<readonly SourceRecord[]>): Promise<BigUint64Array> {
  let hashes = new BigUint64Array(16_384)
  let count = 0
  for await (const records of batches()) {
    if (count + records.length > hashes.length) {
      const larger = new BigUint64Array(hashes.length * 2)
      larger.set(hashes)
      hashes = larger
    }
    for (const record of records) hashes[count++] = lineHash(contentOf(record))
  }
  return hashes.slice(0, count)
}

function csvPlan(sample: string, {mappings, header}: RecordOptions, name: string): Plan {
  const {delimiter, newline} = sniffDialect(sample)
  const fresh = () => new CsvReader(delimiter, newline)
  const sampled = readAll(fresh(), sample)
  const found = header ? findHeader(sampled, mappings) : {at: -1, titles: null, columns: numberedColumns(mappings)}
  if (found === null) throw noColumns(sampled.find((record) => !isBlank(record))?.cells ?? [], name)
  const {at, titles, columns} = found
  const pairs = Object.entries(columns) as [Field, number][]
  const firstLine = sampled[at]?.line ?? 0
  const width = titles?.length ?? sampled.find((record) => !isBlank(record))?.cells.length ?? 0
  const usable = (records: readonly CsvRecord[]) =>
    records.flatMap((record): Raw[] =>
      record.line <= firstLine || isBlank(record) || isSeparatorNote(record) ? [] : [rawOf(record, pairs, width)],
    )
  return {
    shape: {kind: 'csv', delimiter, titles, newline: sample.includes('\r\n') ? '\r\n' : newline},
    fields: new Set(pairs.map(([field]) => field)),
    titles: titles ?? [],
    titleOf: (field) =>
      titles?.[columns[field] ?? -1] ?? (columns[field] === undefined ? field : `column ${columns[field] + 1}`),
    start: () => {
      const reader = fresh()
      return {push: (text) => usable(reader.push(text)), end: () => usable(reader.end())}
    },
    read: () => usable(sampled),
  }
}

/** The last record of a sample may be cut; it is judged with the rest of the file. */
function readAll(reader: CsvReader, sample: string): readonly CsvRecord[] {
  const records = reader.push(sample)
  return sample.length < SAMPLE_CHARACTERS ? [...records, ...reader.end()] : records
}

function findHeader(records: readonly CsvRecord[], mappings: readonly Mapping[]) {
  for (const [at, {cells, problem}] of records.slice(0, PREAMBLE_MAX).entries()) {
    const columns: Columns | null = problem === null ? headerColumns(cells, mappings) : null
    if (columns !== null) return {at, titles: cells, columns}
  }
  return null
}

function isBlank({cells, problem}: CsvRecord): boolean {
  return problem === null && cells.every((cell) => cell.trim() === '')
}

/** `sep=;`, which a spreadsheet writes for itself. */
function isSeparatorNote({line, cells}: CsvRecord): boolean {
  return line === 1 && /^sep=/.test(cells[0] ?? '')
}

function rawOf(
  {line, cells, raw, problem}: CsvRecord,
  pairs: readonly (readonly [Field, number])[],
  width: number,
): Raw {
  if (problem !== null) return {line, place: 0, cells: {}, original: [raw], problem}
  const wrong = cellProblem(cells, width, raw)
  const byField: {[field in Field]?: string | undefined} = {}
  for (const [field, at] of pairs) {
    const cell = cells[at]
    // All of them, so that every line has the same shape.
    byField[field] = cell === '' ? undefined : cell
  }
  return {line, place: 0, cells: byField, original: cells, problem: wrong}
}

function cellProblem(cells: readonly string[], width: number, raw: string): string | null {
  if (cells.length < width) return `it has ${cells.length} cells, and the header ${width}`
  if (cells.length > width && cells.slice(width).some((cell) => cell.trim() !== '')) {
    return `it has ${cells.length} cells, and the header ${width}`
  }
  return raw.includes('\ufffd') ? 'it has bytes that are no characters in this encoding' : null
}

function jsonPlan(sample: string, {mappings}: RecordOptions): Plan {
  const names = new Map<string, Field | null>()
  const fieldIn = (key: string) => {
    let field = names.get(key)
    if (field === undefined) {
      field = fieldOf(key, mappings)
      if (names.size < 10_000) names.set(key, field)
    }
    return field
  }
  const start = () => {
    const reader = new LineReader()
    const read = (lines: readonly TextLine[]) =>
      lines.flatMap((line): Raw[] => (line.text.trim() === '' ? [] : [jsonRecord(line, fieldIn)]))
    return {push: (text: string) => read(reader.push(text)), end: () => read(reader.end())}
  }
  const read = () => {
    const reader = start()
    const records = reader.push(sample)
    return sample.length < SAMPLE_CHARACTERS ? [...records, ...reader.end()] : records
  }
  const fields = new Set(read().flatMap(({cells}) => Object.keys(cells) as Field[]))
  return {shape: {kind: 'jsonl'}, fields, titles: [...names.keys()], titleOf: (field) => field, start, read}
}

const LINE_MAX = 16_777_216
const KEPT_MAX = 100_000

interface TextLine {
  readonly line: number
  readonly text: string
  /** Longer than is read: the text is only its beginning. */
  readonly isCut: boolean
}

class LineReader {
  private rest = ''
  private line = 1
  private isCut = false

  push(text: string): readonly TextLine[] {
    const lines = text.split('\n')
    return lines.flatMap((piece, at) => {
      this.add(piece)
      return at < lines.length - 1 ? [this.take()] : []
    })
  }

  end(): readonly TextLine[] {
    return this.rest === '' ? [] : [this.take()]
  }

  private add(piece: string): void {
    if (!this.isCut) this.rest += piece
    if (this.rest.length <= LINE_MAX) return
    // Without its end it could be read as another line than it is.
    this.isCut = true
    this.rest = this.rest.slice(0, KEPT_MAX)
  }

  private take(): TextLine {
    const {rest, isCut} = this
    this.rest = ''
    this.isCut = false
    return {line: this.line++, text: rest, isCut}
  }
}

function jsonRecord({line, text, isCut}: TextLine, fieldIn: (key: string) => Field | null): Raw {
  const problem = (what: string): Raw => ({line, place: 0, cells: {}, original: text.slice(0, KEPT_MAX), problem: what})
  if (isCut) return problem(`it has more than ${LINE_MAX} characters`)
  if (text.includes('\ufffd')) return problem('it has bytes that are no characters in this encoding')
  let value: unknown
  try {
    value = LONG_NUMBER.test(text) ? JSON.parse(text, asWritten) : JSON.parse(text)
  } catch {
    return problem('it is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return problem('it is not a JSON object')
  const cells: {[field in Field]?: string} = {}
  for (const [key, entry] of Object.entries(value)) {
    const field = fieldIn(key)
    if (field === null || cells[field] !== undefined) continue
    const cell = cellOf(entry)
    if (cell === 'not a text') return problem(`the value of ${quoted(key)} is neither a text nor a number`)
    if (cell !== null) cells[field] = cell.text
  }
  return {line, place: 0, cells, original: text, problem: null}
}

/** Somewhere in the line, maybe in a text: what may be a number of more digits than a double keeps, or has an exponent. */
const LONG_NUMBER = /[\d.]{16}|\d[eE]/

/** A number as it stands in the line: an amount that was rounded on the way would be another one. */
function asWritten(_key: string, value: unknown, {source}: {readonly source?: string} = {}): unknown {
  return typeof value === 'number' ? (source ?? value) : value
}

/** Null for nothing. A person may be an object with an id, as in our own documents. */
function cellOf(value: unknown): {readonly text: string} | 'not a text' | null {
  if (value === null) return null
  if (typeof value !== 'object') return {text: String(value)}
  if (Array.isArray(value) || !('id' in value) || typeof value.id === 'object') return 'not a text'
  return cellOf(value.id)
}

const TITLES_SHOWN_MAX = 12
const TITLE_SHOWN_MAX = 60

function noColumns(titles: readonly string[], name: string): Refusal {
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
