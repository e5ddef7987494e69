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
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * 12)
  let at = writeHeader(buffer, INT8, values.length)
  for (const value of values) {
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
  let size = HEADER_BYTES
  // A UTF-16 unit is at most three bytes of UTF-8.
  for (const value of values) size += 4 + (value === null ? 0 : value.length * 3)
  const buffer = Buffer.allocUnsafe(size)
  let at = writeHeader(buffer, TEXT, values.length)
  for (const value of values) {
    if (value === null) {
      at = writeNull(buffer, at)
      continue
    }
    const length = buffer.write(value, at + 4, 'utf8')
    buffer.writeInt32BE(length, at)
    at += 4 + length
  }
  return written(buffer, at)
}

/** Byte strings given as hex digits, all of `length` bytes. */
export function hexArray(values: readonly string[], length: number): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * (4 + length))
  let at = writeHeader(buffer, BYTEA, values.length)
  for (const value of values) {
    buffer.writeInt32BE(length, at)
    buffer.write(value, at + 4, 'hex')
    at += 4 + length
  }
  return written(buffer, at)
}

/** Moments as RFC 3339 text in UTC. */
export function momentArray(values: readonly string[]): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * 12)
  let at = writeHeader(buffer, TIMESTAMPTZ, values.length)
  for (const value of values) {
    const micros = (Date.parse(value) - EPOCH_MS) * 1000
    buffer.writeInt32BE(8, at)
    // Before 2000 the high half is negative; the low one never is.
    const high = Math.floor(micros / WORD_MAX)
    buffer.writeInt32BE(high, at + 4)
    buffer.writeUInt32BE(micros - high * WORD_MAX, at + 8)
    at += 12
  }
  return written(buffer, at)
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
