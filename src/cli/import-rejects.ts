/** Writes refused lines to a file of their own, written like the one they came from and with the reason beside. */

import {closeSync, openSync, type Stats, statSync, writeSync} from 'node:fs'
import {csvLine} from '../core/csv-reader.ts'
import type {Encoding} from '../core/encoding.ts'
import {refusedReference} from '../core/import-posting.ts'
import {Refusal} from '../core/refusal.ts'
import type {RefusedLine} from '../data/import-tally.ts'
import type {Shape} from './import-plan.ts'

const REASON = 'reason'

export interface Rejects {
  readonly write: (refused: RefusedLine) => void
  readonly close: () => void
}

/** Refused (USAGE): a place for the refused lines that is one of the files they come from, by whatever name. */
export function refuseAsOwnRejects(paths: readonly string[], rejects: string): void {
  const place = fileAt(rejects)
  if (place === null) return
  const isSame = (path: string) => {
    const file = fileAt(path === '-' ? '/dev/stdin' : path)
    return file?.isFile() === true && file.dev === place.dev && file.ino === place.ino
  }
  if (!paths.some(isSame)) return
  throw new Refusal('USAGE', 'The refused lines would be written over the file that is imported', {
    hint: 'Name another file for --rejects',
  })
}

/** Null for what cannot be looked at, which is refused where it is opened. */
function fileAt(path: string): Stats | null {
  try {
    return statSync(path)
  } catch {
    return null
  }
}

/** The file is made when there is a first line for it; one that was there is replaced then. */
export function rejectsFile(path: string | null, shape: Shape, encoding: Encoding, marked: boolean): Rejects {
  let file: number | null = null
  const encode = encoder(encoding)
  const put = (line: string) => {
    if (path === null) return
    try {
      if (file === null) {
        file = openSync(path, 'w', 0o600)
        if (marked || encoding.startsWith('utf-16')) writeSync(file, encode('\ufeff'))
        const header = headerOf(shape)
        if (header !== null) writeSync(file, encode(header))
      }
      writeSync(file, encode(line))
    } catch (cause) {
      throw new Refusal('OUTPUT', 'The file of refused lines cannot be written; what was posted stays posted', {
        hint: 'Name another place for --rejects, and import the same file again',
        cause,
      })
    }
  }
  return {
    write: (refused) => put(lineOf(shape, refused)),
    close: () => {
      if (file !== null) closeSync(file)
      file = null
    },
  }
}

function headerOf(shape: Shape): string | null {
  if (shape.kind === 'jsonl' || shape.titles === null) return null
  const titles = reasonAt(shape) === -1 ? [...shape.titles, REASON] : shape.titles
  return csvLine(titles, shape.delimiter) + shape.newline
}

function reasonAt(shape: Shape): number {
  return shape.kind === 'csv' ? (shape.titles ?? []).findIndex((title) => title.trim().toLowerCase() === REASON) : -1
}

/** With the reference in brackets, so that a mended line and its original are never both posted. */
function reasonOf({refusal, reference}: RefusedLine): string {
  return `${refusal.code}: ${refusal.message}${reference === null ? '' : ` [${reference}]`}`
}

function lineOf(shape: Shape, refused: RefusedLine): string {
  const {record} = refused
  const reason = reasonOf(refused)
  if (shape.kind === 'jsonl') return `${jsonLine(record, reason)}\n`
  const cells = cellsOf(record, shape)
  const before = cells.findIndex((cell) => refusedReference(cell) !== null)
  const at = before !== -1 || record.problem !== null ? before : reasonAt(shape)
  if (at === -1) cells.push(reason)
  else cells[at] = reason
  return csvLine(cells, shape.delimiter) + shape.newline
}

/**
 * As many cells as there are columns. A line that cannot be read comes as it stood, so that its reason stands in
 * another column than that of the titles until it is mended: filled up, a torn one would look whole.
 */
function cellsOf({original, problem}: RefusedLine['record'], {titles}: Extract<Shape, {kind: 'csv'}>): string[] {
  const cells = typeof original === 'string' ? [original] : [...original]
  if (titles === null || problem !== null) return cells
  while (cells.length < titles.length) cells.push('')
  // Nothing stands in those that are too many.
  return cells.slice(0, titles.length)
}

function jsonLine({original, problem}: RefusedLine['record'], reason: string): string {
  const text = typeof original === 'string' ? original : original.join('')
  if (problem !== null) return JSON.stringify({line: text, [REASON]: reason})
  // As it stood, with the reason as its last key: parsed and written again, a long number would be another one.
  const begun = text.trim().replace(/(?:,"reason":"(?:[^"\\]|\\.)*")?\}$/, '')
  return `${begun}${begun === '{' ? '' : ','}${JSON.stringify(REASON)}:${JSON.stringify(reason)}}`
}

/** The bytes of a text; a character that the encoding lacks becomes a question mark. */
function encoder(encoding: Encoding): (text: string) => Buffer {
  if (encoding === 'utf-8') return (text) => Buffer.from(text, 'utf8')
  if (encoding === 'utf-16le') return (text) => Buffer.from(text, 'utf16le')
  if (encoding === 'utf-16be') return (text) => Buffer.from(text, 'utf16le').swap16()
  const decoder = new TextDecoder(encoding)
  const bytes = new Map(Array.from({length: 256}, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]))
  return (text) => Buffer.from(Array.from(text, (character) => bytes.get(character) ?? 0x3f))
}
