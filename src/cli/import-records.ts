/** The records of an opened file: its dialect, its header, and its lines as cells by field. */

import {lineHash} from '../core/import-overlap.ts'
import {refusedReference} from '../core/import-posting.ts'
import type {ImportSource, SourceRecord} from '../core/import-source.ts'
import {FIELDS, type Field} from '../core/import-titles.ts'
import {type DecimalMark, decimalMark, isAmount} from '../core/import-values.ts'
import {Refusal} from '../core/refusal.ts'
import {quoted} from '../core/text.ts'
import {csvPlan} from './import-csv.ts'
import {type OpenedFile, textOf} from './import-file.ts'
import {jsonPlan} from './import-jsonl.ts'
import {noColumns, type Plan, type Raw, type RecordOptions, SAMPLE_CHARACTERS, type Shape} from './import-plan.ts'

const BATCH_RECORDS = 500

export interface Records {
  readonly source: ImportSource
  readonly shape: Shape
  readonly fields: ReadonlySet<Field>
  readonly mark: DecimalMark | null
  /** The currency that the titles name. */
  readonly unit: string | null
  /** How the file calls the column of a field. */
  readonly titleOf: (field: Field) => string
  readonly unknown: Plan['unknown']
}

/**
 * Refused: INVALID_INPUT (nothing in it, no header that is understood, amounts that could be read in two ways), USAGE (a
 * mapping).
 */
export async function readRecords(file: OpenedFile, options: RecordOptions): Promise<Records> {
  const sample = await beginning(file)
  refuseUnreadable(sample, file.name)
  const plan = /^\s*\{/.test(sample) ? jsonPlan(sample, options) : csvPlan(sample, options, file.name)
  const {fields} = plan
  if (![...fields].some((field) => field !== 'reason') && !plan.isBroken()) throw noColumns(plan.titles, file.name)
  const mark = options.decimal ?? decimalMark(amounts(plan.read(), fields))
  const batches = () => batched(file, plan)
  // Lines with references, or with those that they were refused with, are known by these alone.
  const sampled = plan.read()
  const known = sampled.every(
    ({cells}) => cells.reference !== undefined || refusedReference(cells.reason ?? null) !== null,
  )
  const hashes = known ? null : await hashesOf(batches)
  return {
    source: {name: file.name, digest: file.digest, bytes: file.bytes, batches, hashes},
    shape: plan.shape,
    fields,
    mark,
    unit: plan.unit,
    titleOf: plan.titleOf,
    unknown: plan.unknown,
  }
}

function refuseUnreadable(sample: string, name: string): void {
  if (sample.trim() === '') {
    throw new Refusal('INVALID_INPUT', `There is nothing in ${quoted(name)}`, {hint: 'Look at what wrote it'})
  }
  if (/^\s*\[\s*[{\]]/.test(sample)) {
    throw new Refusal('INVALID_INPUT', `${quoted(name)} is one JSON array, not JSON lines`, {
      hint: "Make lines of it: jq -c '.[]' FILE | fleks import -",
    })
  }
  if (/^\s*\{\s*[\r\n]/.test(sample)) {
    throw new Refusal('INVALID_INPUT', `The JSON of ${quoted(name)} goes over several lines, and is no JSON lines`, {
      hint: 'Make a line of each object: jq -c . FILE | fleks import -',
    })
  }
}

/** Fields that only a posting has. */
const OF_POSTINGS: readonly Field[] = ['at', 'time', 'staff', 'method', 'reference', 'kind', 'direction', 'status']

/** Fields that a list of people can have as well: its day, what kind of client it is, and what their status is. */
const OF_VISITS: readonly Field[] = ['at', 'time', 'staff', 'method', 'reference', 'direction']

/**
 * A list of people has no column of money but their balance and their price. Neither has a file whose amounts go by a
 * title that nobody knows, and its lines would all be taken for people. Refused: INVALID_INPUT.
 */
export function refuseHiddenMoney(
  {fields, titleOf, unknown}: Pick<Records, 'fields' | 'titleOf' | 'unknown'>,
  name: string,
): void {
  if (MOVEMENTS.some((field) => fields.has(field))) return
  const has = (ofThese: readonly Field[]) => ofThese.some((field) => fields.has(field))
  const ofPostings = has(OF_POSTINGS)
  if (fields.has('opening') && !has(OF_VISITS)) return
  const hidden = unknown().filter(({cells}) => {
    const said = cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
    return said.length > 0 && said.every((cell) => isAmount(cell, ofPostings ? 'any' : 'with decimals'))
  })
  // A visit's price is what it cost.
  const prices = fields.has('defaultPrice') && has(OF_VISITS) ? [titleOf('defaultPrice')] : []
  const titles = [...prices, ...hidden.map(({title}) => title)].map((title) => title.trim())
  if (titles.length === 0) return
  const shown = titles.slice(0, 5).map((title) => quoted(title))
  throw new Refusal('INVALID_INPUT', `Nothing says what the numbers of ${quoted(name)} are: ${shown.join(', ')}`, {
    hint: `Say it, as in: --map amount=${titles[0]}; or --kind client, for a list of people`,
    details: {columns: titles},
  })
}

const LINE_END = /[\r\n]/
/** A first line of so many characters is none. */
const SAMPLE_MAX = 17_000_000

/** At least one whole line: a cell of ten megabytes may stand in the first. */
async function beginning(file: OpenedFile): Promise<string> {
  let text = ''
  for await (const piece of textOf(file)) {
    text += piece
    if (text.length >= SAMPLE_CHARACTERS && LINE_END.test(text)) break
    if (text.length > SAMPLE_MAX) break
  }
  return text
}

const MOVEMENTS: readonly Field[] = ['amount', 'in', 'out']

/** What is read as an amount: in a list of people their prices as well. */
function* amounts(records: readonly Raw[], fields: ReadonlySet<Field>): Generator<string> {
  const read: readonly Field[] = MOVEMENTS.some((field) => fields.has(field))
    ? [...MOVEMENTS, 'opening']
    : ['opening', 'defaultPrice']
  for (const {cells} of records) {
    for (const field of read) {
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
