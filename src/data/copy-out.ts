/** COPY … TO STDOUT read as a stream, so that a table of any size is read with little memory. */

import {Readable} from 'node:stream'
import pg from 'pg'

/** What one batch holds at least, but for the last; large enough that its own cost does not count. */
const BATCH_BYTES = 128 * 1024

/**
 * Sends the statement and gives its rows as `{row: {lines}}`: the bytes of whole lines, as PostgreSQL's COPY text format
 * has them, in UTF-8. The socket is paused while nobody reads. A stream that is destroyed before its end takes the connection
 * with it, because a COPY cannot be left half read; `onAbandoned` hears of it first.
 */
export function copyOut(client: pg.Client, text: string, onAbandoned: () => void): Readable {
  const socket = client.connection.stream
  let ended = false
  const stream = new Readable({
    objectMode: true,
    highWaterMark: 2,
    read: () => {
      socket.resume()
    },
    destroy: (error, callback) => {
      if (!ended) {
        onAbandoned()
        socket.destroy()
      }
      callback(error)
    },
  })
  const batch = new LineBatch((lines) => {
    // At the end nobody would resume it: a stream that has ended is not asked for more.
    if (!stream.push({fields: [], row: {lines}}) && !ended) socket.pause()
  })
  client.query(
    new CopyQuery(text, batch, (error) => {
      ended = true
      socket.resume()
      if (error) stream.destroy(error)
      else {
        batch.flush()
        stream.push(null)
      }
    }),
  )
  return stream
}

/** pg has a place for the rows of a COPY in its own query class, and no other class may share a pipelined connection. */
class CopyQuery extends pg.Query {
  readonly #batch: LineBatch

  constructor(text: string, batch: LineBatch, callback: (error: Error | undefined) => void) {
    super(text, callback)
    this.#batch = batch
  }

  handleCopyData({chunk}: {readonly chunk: Buffer}): void {
    this.#batch.add(chunk)
  }
}

/** Gathers lines in a buffer of its own: pg uses the memory behind a message again. */
class LineBatch {
  readonly #emit: (lines: Buffer) => void
  #buffer = Buffer.allocUnsafe(BATCH_BYTES * 2)
  #length = 0

  constructor(emit: (lines: Buffer) => void) {
    this.#emit = emit
  }

  add(line: Buffer): void {
    if (this.#length + line.length > this.#buffer.length) {
      this.flush()
      if (line.length > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(line.length * 2)
    }
    this.#length += line.copy(this.#buffer, this.#length)
    if (this.#length >= BATCH_BYTES) this.flush()
  }

  flush(): void {
    if (this.#length === 0) return
    const lines = this.#buffer.subarray(0, this.#length)
    this.#buffer = Buffer.allocUnsafe(BATCH_BYTES * 2)
    this.#length = 0
    this.#emit(lines)
  }
}

const ESCAPES: Readonly<Record<string, string>> = {b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v'}

/**
 * The rows of a text of whole lines, as text; null where PostgreSQL has null. Looks for the ends of fields and for
 * backslashes only: in less than half the time of `split`.
 */
export function* copyRows(lines: string): Generator<(string | null)[]> {
  let backslash = endOr(lines.indexOf('\\'))
  for (let start = 0; start < lines.length; ) {
    const row: (string | null)[] = []
    const lineEnd = lines.indexOf('\n', start)
    while (start <= lineEnd) {
      const tab = lines.indexOf('\t', start)
      const end = tab < 0 || tab > lineEnd ? lineEnd : tab
      const field = lines.slice(start, end)
      if (backslash >= end) row.push(field)
      else {
        row.push(field === '\\N' ? null : unescaped(field))
        backslash = endOr(lines.indexOf('\\', end))
      }
      start = end + 1
    }
    yield row
  }
}

function endOr(found: number): number {
  return found < 0 ? Number.POSITIVE_INFINITY : found
}

function unescaped(field: string): string {
  return field.replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter)
}
