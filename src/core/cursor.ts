/** Where a list goes on: an opaque text that names the last row shown. */

import {Refusal} from './refusal.ts'

export type CursorPart = string | number

/** Packs the key of the last row; amounts of text in it are bounded by the ledger's own limits. */
export function cursorText(parts: readonly CursorPart[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** What a part is; a time is RFC 3339 in UTC with milliseconds. */
type PartKind = 'string' | 'number' | 'time'

/** Unpacks a cursor of exactly these kinds of parts; refused (USAGE) otherwise. */
export function parseCursor(text: string, kinds: readonly PartKind[]): readonly CursorPart[] {
  const parts = jsonOf(Buffer.from(text, 'base64url').toString())
  const fits =
    Array.isArray(parts) && parts.length === kinds.length && parts.every((part, at) => isPart(part, kinds[at]))
  if (fits) return parts as readonly CursorPart[]
  throw new Refusal('USAGE', 'The cursor is not one that this list gave', {
    hint: 'Leave --cursor out to begin at the top',
  })
}

function isPart(part: unknown, kind: PartKind | undefined): boolean {
  if (kind === 'number') return Number.isSafeInteger(part)
  if (typeof part !== 'string' || part.includes('\0')) return false
  return kind !== 'time' || isTime(part)
}

function isTime(text: string): boolean {
  const date = new Date(text)
  return !Number.isNaN(date.getTime()) && date.toISOString() === text
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
