/**
 * Reads CSV piece by piece (RFC 4180, and as spreadsheets write it): one record for every line, broken ones too, so
 * that none is lost. A quote that is never closed breaks its own line only, not the rest of the file.
 */

import {occurrences} from './text.ts'

export interface CsvRecord {
  /** The line it begins on, counted from 1. */
  readonly line: number
  readonly cells: readonly string[]
  /** The record as it stood in the file, without its line break; cut where it is longer than can be kept. */
  readonly raw: string
  /** Whether the file ends within it, with no line break after: more of it may have been meant. */
  readonly torn: boolean
  /** Why it cannot be used, or null. */
  readonly problem: string | null
}

/** A record longer than this many characters is not read. */
const RECORD_MAX = 16_777_216
const RAW_KEPT = 100_000
/** A record with more cells than this is not read. */
const CELLS_MAX = 16_384

const TOO_MANY_CELLS = `it has more than ${CELLS_MAX} cells`

const QUOTE = '"'

export class CsvReader {
  private readonly delimiter: string
  private readonly newline: string
  private rest = ''
  private line = 1
  /** Inside a line that is too long: its end is looked for, and nothing is kept. */
  private skipping = false
  private ended = false

  constructor(delimiter: string, newline: '\n' | '\r' = '\n') {
    this.delimiter = delimiter
    this.newline = newline
  }

  /** The records that end within the text read so far. */
  push(text: string): CsvRecord[] {
    this.rest = this.rest === '' ? text : this.rest + text
    return this.take()
  }

  /** What is left: the last line, where the file does not end with a line break. */
  end(): CsvRecord[] {
    this.ended = true
    return this.take()
  }

  private take(): CsvRecord[] {
    const records: CsvRecord[] = []
    let at = 0
    for (;;) {
      if (this.skipping) {
        const end = this.rest.indexOf(this.newline, at)
        if (end === -1) {
          this.rest = ''
          return records
        }
        this.skipping = false
        this.line++
        at = end + 1
        continue
      }
      const next = this.record(at)
      if (next === null) break
      if (next.record !== null) records.push(next.record)
      at = next.end
    }
    this.rest = at === 0 ? this.rest : this.rest.slice(at)
    if (this.rest.length > RECORD_MAX) {
      records.push(this.broken(this.rest, `the line has more than ${RECORD_MAX} characters`))
      this.rest = ''
      this.skipping = true
    }
    return records
  }

  /** The record at `at` and where the next one begins; null where more text is needed. */
  private record(at: number): {readonly record: CsvRecord | null; readonly end: number} | null {
    const {rest} = this
    if (at >= rest.length) return null
    const found = rest.indexOf(this.newline, at)
    if (found === -1 && !this.ended) return null
    const end = found === -1 ? rest.length : found
    const text = rest.slice(at, rest.charCodeAt(end - 1) === 13 && end > at ? end - 1 : end)
    if (!text.includes(QUOTE)) {
      const cells = text.split(this.delimiter, CELLS_MAX + 1)
      if (cells.length > CELLS_MAX) return this.brokenLine(text, end, TOO_MANY_CELLS)
      const record = {line: this.line, cells, raw: text, torn: found === -1, problem: null}
      this.line++
      return {record, end: end + 1}
    }
    return this.quoted(at, text, end)
  }

  private quoted(at: number, firstLine: string, firstEnd: number) {
    const {rest, delimiter, newline} = this
    const cells: string[] = []
    let from = at
    for (;;) {
      let cell: string
      if (rest[from] === QUOTE) {
        const close = this.closing(from + 1)
        if (close === 'more') return null
        if (close === 'never') return this.brokenLine(firstLine, firstEnd, 'a quote is opened and never closed')
        cell = rest.slice(from + 1, close).replaceAll('""', QUOTE)
        from = close + 1
        const after = rest[from]
        // Whether it is half of a line break is told by what comes next.
        if (after === '\r' && newline === '\n' && from + 1 === rest.length && !this.ended) return null
        const isBreak =
          after === undefined || after === newline || (after === '\r' && (rest[from + 1] ?? newline) === newline)
        if (!isBreak && !rest.startsWith(delimiter, from)) {
          return this.brokenLine(firstLine, firstEnd, 'text follows a closing quote')
        }
      } else {
        const delimiterAt = rest.indexOf(delimiter, from)
        const breakAt = rest.indexOf(newline, from)
        const lineEnd = breakAt === -1 ? rest.length : breakAt
        if (breakAt === -1 && !this.ended && delimiterAt === -1) return null
        const stop = delimiterAt === -1 || delimiterAt > lineEnd ? lineEnd : delimiterAt
        cell = rest.slice(from, stop)
        if (stop === lineEnd && cell.endsWith('\r')) cell = cell.slice(0, -1)
        from = stop
        if (stop === lineEnd && breakAt === -1 && !this.ended) return null
      }
      cells.push(cell)
      if (cells.length > CELLS_MAX) return this.brokenLine(firstLine, firstEnd, TOO_MANY_CELLS)
      if (rest.startsWith(delimiter, from) && from < rest.length) {
        from += delimiter.length
        continue
      }
      if (from >= rest.length && !this.ended) return null
      if (rest[from] === '\r' && newline === '\n') from++
      const raw = rest.slice(at, from).replace(/\r$/, '')
      const record = {line: this.line, cells, raw, torn: from >= rest.length, problem: null}
      this.line += 1 + occurrences(raw, newline)
      return {record, end: from + 1}
    }
  }

  /** Where the quoted text that begins at `from` ends. */
  private closing(from: number): number | 'more' | 'never' {
    let at = from
    for (;;) {
      at = this.rest.indexOf(QUOTE, at)
      if (at === -1) return this.ended || this.rest.length - from > RECORD_MAX ? 'never' : 'more'
      if (at - from > RECORD_MAX) return 'never'
      if (this.rest[at + 1] !== QUOTE) return at + 1 < this.rest.length || this.ended ? at : 'more'
      at += 2
    }
  }

  private brokenLine(text: string, end: number, problem: string) {
    const record = this.broken(text, problem)
    this.line++
    return {record, end: end + 1}
  }

  private broken(text: string, problem: string): CsvRecord {
    return {line: this.line, cells: [], raw: text.slice(0, RAW_KEPT), torn: false, problem}
  }
}

/** One record as a line of CSV, without the line break. */
export function csvLine(cells: readonly string[], delimiter: string): string {
  const plain = (cell: string) => !cell.includes(delimiter) && !/["\r\n]/.test(cell)
  return cells.map((cell) => (plain(cell) ? cell : `"${cell.replaceAll('"', '""')}"`)).join(delimiter)
}

export const DELIMITERS = [',', ';', '\t', '|'] as const

/** How a file separates cells and lines, judged by its first lines. */
export function sniffDialect(sample: string): {readonly delimiter: string; readonly newline: '\n' | '\r'} {
  const newline = sample.includes('\n') || !sample.includes('\r') ? '\n' : '\r'
  // A spreadsheet may say it itself, on a line of its own.
  const said = /^sep=(.)\r?[\n\r]/.exec(sample)?.[1]
  if (said !== undefined) return {delimiter: said, newline}
  const scored = DELIMITERS.map((delimiter) => {
    // A comma in an amount at the end of another delimiter's cell, or of a line, separates nothing.
    const text = delimiter === ',' ? sample.replace(/(\d),(\d\d?)(?=[;\t|\r\n]|$)/g, '$1.$2') : sample
    return {delimiter, score: score(text, delimiter, newline)}
  })
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a))
  return {delimiter: best.delimiter, newline}
}

/** How evenly a delimiter divides the lines: the number of lines that have the commonest count of cells, times the count. */
function score(sample: string, delimiter: string, newline: '\n' | '\r'): number {
  const reader = new CsvReader(delimiter, newline)
  const counts = new Map<number, number>()
  for (const {cells, problem} of reader.push(sample).slice(0, 200)) {
    if (problem === null && cells.length > 1) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  }
  // Only one line, or none that ended yet.
  if (counts.size === 0)
    for (const {cells} of reader.end().slice(0, 1)) if (cells.length > 1) counts.set(cells.length, 1)
  let best = 0
  for (const [cells, lines] of counts) best = Math.max(best, lines * 1000 + cells)
  return best
}
