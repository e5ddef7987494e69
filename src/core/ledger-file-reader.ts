/** Reads an exported ledger from its bytes, in pieces: as much memory for a million lines as for a thousand. */

import {createHash} from 'node:crypto'
import type {FileHeader} from './ledger-file.ts'
import {type FileSummary, LedgerFileCheck} from './ledger-file-check.ts'
import {BadLine, type FileLine, lineReader, parseHeader} from './ledger-file-lines.ts'
import {Refusal} from './refusal.ts'

export interface FileHandlers {
  /** Before any other line. */
  readonly header?: (header: FileHeader) => Promise<void> | void
  /** Some hundreds of lines that follow each other and fit together so far. */
  readonly lines?: (lines: readonly FileLine[]) => Promise<void>
}

/** No line of ours is longer: a note has a thousand characters, a client as many accounts as units. */
const LINE_BYTES_MAX = 4_000_000
const NEWLINE = 10

/**
 * Checks everything, and hands on what is checked. Refused (INTEGRITY): a file that was cut off, edited or damaged,
 * saying where; (INVALID_INPUT): what is no ledger at all.
 */
export async function readLedgerFile(source: AsyncIterable<Uint8Array>, handlers: FileHandlers): Promise<FileSummary> {
  const reading = new Reading()
  for await (const piece of wholeLines(source)) {
    const {header, lines} = reading.piece(piece)
    if (header !== null) await handlers.header?.(header)
    await handlers.lines?.(lines)
  }
  return reading.end()
}

class Reading {
  readonly #digest = createHash('sha256')
  #number = 0
  #parser: {readonly read: (line: string) => FileLine; readonly check: LedgerFileCheck} | null = null

  piece({bytes, lines, whole}: Piece): {readonly header: FileHeader | null; readonly lines: readonly FileLine[]} {
    let header: FileHeader | null = null
    let sealedBytes = bytes.length
    const parsed: FileLine[] = []
    for (const line of lines) {
      this.#number++
      if (this.#parser === null) {
        header = parseHeader(line)
        this.#parser = {read: lineReader(header.settings), check: new LedgerFileCheck(header.settings)}
        continue
      }
      const {read, check} = this.#parser
      const one = this.#attempt(() => read(line), whole ? null : 'is cut off: the file is torn there')
      this.#attempt(() => check.line(one))
      // The end is the last line of all, or what follows it was refused.
      if (one.is === 'end') sealedBytes = bytes.lastIndexOf(line)
      parsed.push(one)
    }
    this.#digest.update(bytes.subarray(0, sealedBytes))
    this.#refuseDamage()
    return {header, lines: parsed}
  }

  end(): FileSummary {
    if (this.#parser === null) parseHeader('')
    const summary = this.#attempt(() => this.#parser?.check.end(this.#digest.digest('hex')))
    this.#refuseDamage()
    if (summary === undefined) throw new Error('A ledger without a first line was not refused')
    return summary
  }

  #attempt<T>(work: () => T, instead: string | null = null): T {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof BadLine)) throw error
      throw new Refusal('INTEGRITY', `Line ${this.#number} of the file ${instead ?? error.message}`, {
        hint: 'Use another backup',
        details: {line: this.#number},
      })
    }
  }

  #refuseDamage(): void {
    const {damages = [], damageCount = 0} = this.#parser?.check ?? {}
    if (damageCount === 0) return
    throw new Refusal('INTEGRITY', `The file is damaged: ${damages[0]?.message ?? ''}`, {
      hint: 'Use another backup',
      details: {damages: damages.map(({kind, entry, message}) => ({kind, entry, message}))},
    })
  }
}

interface Piece {
  readonly bytes: Buffer
  readonly lines: readonly string[]
  /** Whether the last line has its end. */
  readonly whole: boolean
}

/** The bytes in pieces that end with a line; what follows the last line break is a line that was cut off. */
async function* wholeLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  let rest: Uint8Array[] = []
  let length = 0
  for await (const chunk of source) {
    const end = chunk.lastIndexOf(NEWLINE) + 1
    if (end === 0) {
      rest.push(chunk)
      length += chunk.length
      if (length > LINE_BYTES_MAX)
        throw new Refusal('INVALID_INPUT', 'This is not a ledger that fleks wrote: a line is too long')
      continue
    }
    yield pieceOf(Buffer.concat([...rest, chunk.subarray(0, end)]), true)
    rest = end === chunk.length ? [] : [chunk.subarray(end)]
    length = chunk.length - end
  }
  if (length > 0) yield pieceOf(Buffer.concat(rest), false)
}

function pieceOf(bytes: Buffer, whole: boolean): Piece {
  const text = bytes.toString('utf8')
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return {bytes, lines, whole}
}
