/** References: the caller's idempotency keys. */

import {cleanText} from './text.ts'

const REFERENCE_MAX = 200

/** Refused (INVALID_INPUT): an empty or too long one, or one with characters that cannot be shown. */
export function parseReference(text: string): string {
  return cleanText('reference', text, REFERENCE_MAX)
}

/** A UUID version 7 (RFC 9562, 5.7): 48 bits of milliseconds since 1970, the rest random. */
export function newReference(nowMs: number, random: Uint8Array): string {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const time = Math.trunc(nowMs).toString(16).padStart(12, '0')
  const bytes = Uint8Array.from(random.subarray(0, 10))
  bytes[0] = ((bytes[0] ?? 0) & 0x0f) | 0x70
  bytes[2] = ((bytes[2] ?? 0) & 0x3f) | 0x80
  return `${time.slice(0, 8)}-${time.slice(8)}-${hex(bytes.subarray(0, 2))}-${hex(bytes.subarray(2, 4))}-${hex(bytes.subarray(4, 10))}`
}
