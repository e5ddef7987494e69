/** The records of a file of JSON lines. */

import {standsForNothing} from '../core/import-cells.ts'
import {fieldOf, ONLY_ONE} from '../core/import-columns.ts'
import {refusedReference} from '../core/import-posting.ts'
import type {Field} from '../core/import-titles.ts'
import {isUndone} from '../core/import-words.ts'
import {repeatedKey} from '../core/json-keys.ts'
import {occurrences, quoted} from '../core/text.ts'
import {type Plan, type Raw, type RecordOptions, SAMPLE_CHARACTERS} from './import-plan.ts'

export function jsonPlan(sample: string, {mappings}: RecordOptions): Plan {
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
  const unknown = () =>
    [...names].filter(([, field]) => field === null).map(([title]) => ({title, cells: valuesOf(sample, title)}))
  return {
    shape: {kind: 'jsonl'},
    fields,
    titles: [...names.keys()],
    unit: null,
    titleOf: (field) => field,
    start,
    read,
    isBroken: () => {
      const records = read()
      const isTold = ({problem, cells}: Raw) => problem !== null || refusedReference(cells.reason ?? null) !== null
      return records.length > 0 && records.every(isTold)
    },
    unknown,
  }
}

function valuesOf(sample: string, key: string): readonly string[] {
  return sample.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line)[key]
      return typeof value === 'string' || typeof value === 'number' ? [String(value)] : []
    } catch {
      return []
    }
  })
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

type FieldIn = (key: string) => Field | null

function jsonRecord({line, text, isCut}: TextLine, fieldIn: FieldIn): Raw {
  const problem = (what: string): Raw => ({line, place: 0, cells: {}, original: text.slice(0, KEPT_MAX), problem: what})
  if (isCut) return problem(`it has more than ${LINE_MAX} characters`)
  if (text.includes('\ufffd')) return problem('it has bytes that are no characters in this encoding')
  const value = parsed(text)
  if (value === undefined) return problem('it is not JSON')
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return problem('it is not a JSON object')
  const inner = lineWithin(value)
  if (inner !== null) {
    const record = jsonRecord({line, text: inner.text, isCut: false}, fieldIn)
    return {...record, cells: {...record.cells, reason: inner.reason}}
  }
  const keys = Object.keys(value)
  // As many as there are names before a colon, unless one stands in a text.
  const twice = occurrences(text, '":') === keys.length ? null : repeatedKey(text)
  if (twice !== null) return problem(`it has ${quoted(twice)} twice`)
  const cells = cellsOf(value, fieldIn)
  return typeof cells === 'string' ? problem(cells) : {line, place: 0, cells, original: text, problem: null}
}

function parsed(text: string): unknown {
  try {
    return LONG_NUMBER.test(text) ? JSON.parse(text, asWritten) : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A line that could not be read, as it stands in a file of refused lines. */
function lineWithin(value: object): {readonly text: string; readonly reason: string} | null {
  if (!('line' in value) || !('reason' in value) || Object.keys(value).length !== 2) return null
  const {line, reason} = value
  if (typeof line !== 'string' || typeof reason !== 'string' || refusedReference(reason) === null) return null
  return {text: line, reason}
}

/** The cells of an object, or why it has none. */
function cellsOf(value: object, fieldIn: FieldIn): Raw['cells'] | string {
  const cells: {[field in Field]?: string} = {}
  const keyOf: {[field in Field]?: string} = {}
  for (const [key, entry] of Object.entries(value)) {
    const field = fieldIn(key)
    if (field === null) continue
    const cell = cellOf(entry, field)
    if (cell === 'not a text') return `the value of ${quoted(key)} is neither a text nor a number`
    if (cell === null || standsForNothing(field, cell.text)) continue
    const before = cells[field]
    if (before === undefined || (field === 'status' && isUndone(cell.text))) {
      cells[field] = cell.text
      keyOf[field] = key
      if (cell.name !== null && field === 'client') cells.name ??= cell.name
    } else if (before !== cell.text && ONLY_ONE.has(field)) {
      return `its ${field} can be ${quoted(keyOf[field] ?? '')} or ${quoted(key)}`
    }
  }
  return cells
}

/** Somewhere in the line, maybe in a text: what may be a number of more digits than a double keeps, or has an exponent. */
const LONG_NUMBER = /[\d.]{16}|\d[eE]/

/** A number as it stands in the line: an amount that was rounded on the way would be another one. */
function asWritten(_key: string, value: unknown, {source}: {readonly source?: string} = {}): unknown {
  return typeof value === 'number' ? (source ?? value) : value
}

interface JsonCell {
  readonly text: string
  /** Of a person. */
  readonly name: string | null
}

/**
 * Null for nothing. A person may be an object with an id, as in our own documents: the name beside it must fit whoever
 * has that id here. Of staff the name says it, because nothing would tell that an id is another person's.
 */
function cellOf(value: unknown, field: Field): JsonCell | 'not a text' | null {
  if (value === null) return null
  if (typeof value !== 'object') return {text: String(value), name: null}
  if (Array.isArray(value) || !('id' in value) || typeof value.id === 'object') return 'not a text'
  const name = 'name' in value && typeof value.name === 'string' ? value.name : null
  if (field === 'staff' && name !== null) return {text: name, name}
  return {text: String(value.id), name}
}
