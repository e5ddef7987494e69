/**
 * Arrays as PostgreSQL's binary parameters (array_send in arrayfuncs.c): for thousands of values several times faster
 * than the text form, and nothing needs quoting.
 */

const INT4 = 23
const INT8 = 20
const TEXT = 25
const BYTEA = 17
const TIMESTAMPTZ = 1184

const HEADER_BYTES = 20
const WORD_MAX = 4294967296
/** 2000-01-01, from which PostgreSQL counts microseconds. */
const EPOCH_MS = 946_684_800_000

export function int4Array(values: readonly number[]): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * 8)
  let at = writeHeader(buffer, INT4, values.length)
  for (const value of values) {
    buffer.writeInt32BE(4, at)
    buffer.writeInt32BE(value, at + 4)
    at += 8
  }
  return written(buffer, at)
}

export function int8Array(values: readonly (bigint | null)[]): Buffer {
  return int8Column(values, same)
}

/** One value of each row; to make an array of them first would only leave more to be cleared away. */
export function int8Column<T>(rows: readonly T[], bigintOf: (row: T) => bigint | null): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + rows.length * 12)
  let at = writeHeader(buffer, INT8, rows.length)
  for (const row of rows) {
    const value = bigintOf(row)
    if (value === null) {
      at = writeNull(buffer, at)
      continue
    }
    buffer.writeInt32BE(8, at)
    // Two halves of a number are written faster than one bigint; larger values are rare.
    const small = Number(value)
    if (small >= 0 && small <= Number.MAX_SAFE_INTEGER) {
      buffer.writeUInt32BE(Math.floor(small / WORD_MAX), at + 4)
      buffer.writeUInt32BE(small % WORD_MAX, at + 8)
    } else {
      buffer.writeBigInt64BE(value, at + 4)
    }
    at += 12
  }
  return written(buffer, at)
}

export function textArray(values: readonly (string | null)[]): Buffer {
  return textColumn(values, same)
}

/** One text of each row. */
export function textColumn<T>(rows: readonly T[], textOf: (row: T) => string | null): Buffer {
  let size = HEADER_BYTES
  // A UTF-16 unit is at most three bytes of UTF-8.
  for (const row of rows) size += 4 + (textOf(row)?.length ?? 0) * 3
  const buffer = Buffer.allocUnsafe(size)
  let at = writeHeader(buffer, TEXT, rows.length)
  for (const row of rows) {
    const text = textOf(row)
    if (text === null) {
      at = writeNull(buffer, at)
      continue
    }
    const length = writeShort(buffer, text, at + 4) ?? buffer.write(text, at + 4, 'utf8')
    buffer.writeInt32BE(length, at)
    at += 4 + length
  }
  return written(buffer, at)
}

/** A call of `write` takes as long as so many bytes do one by one. */
const SHORT = 24

/** Its length in bytes; null where it is long, or not ASCII. */
function writeShort(buffer: Buffer, text: string, start: number): number | null {
  const {length} = text
  if (length > SHORT) return null
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code > 0x7f) return null
    buffer[start + at] = code
  }
  return length
}

/** Byte strings given as hex digits, all of `length` bytes. */
export function hexColumn<T>(rows: readonly T[], length: number, hexOf: (row: T) => string): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + rows.length * (4 + length))
  let at = writeHeader(buffer, BYTEA, rows.length)
  for (const row of rows) {
    buffer.writeInt32BE(length, at)
    buffer.write(hexOf(row), at + 4, 'hex')
    at += 4 + length
  }
  return written(buffer, at)
}

/** Moments as RFC 3339 text in UTC. */
export function momentColumn<T>(rows: readonly T[], momentOf: (row: T) => string): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + rows.length * 12)
  let at = writeHeader(buffer, TIMESTAMPTZ, rows.length)
  for (const row of rows) {
    const micros = (Date.parse(momentOf(row)) - EPOCH_MS) * 1000
    buffer.writeInt32BE(8, at)
    // Before 2000 the high half is negative; the low one never is.
    const high = Math.floor(micros / WORD_MAX)
    buffer.writeInt32BE(high, at + 4)
    buffer.writeUInt32BE(micros - high * WORD_MAX, at + 8)
    at += 12
  }
  return written(buffer, at)
}

function same<T>(value: T): T {
  return value
}

function writeHeader(buffer: Buffer, type: number, count: number): number {
  buffer.writeInt32BE(count === 0 ? 0 : 1, 0) // dimensions
  buffer.writeInt32BE(1, 4) // there may be nulls
  buffer.writeInt32BE(type, 8)
  buffer.writeInt32BE(count, 12)
  buffer.writeInt32BE(1, 16) // the first subscript
  return HEADER_BYTES
}

function writeNull(buffer: Buffer, at: number): number {
  buffer.writeInt32BE(-1, at)
  return at + 4
}

/** An empty array has no dimension, and so neither a size nor a subscript. */
function written(buffer: Buffer, end: number): Buffer {
  return buffer.subarray(0, end === HEADER_BYTES ? 12 : end)
}
