/** How PostgreSQL's values become ours, by type OID; built-in OIDs are fixed (pg_type.dat), so nothing is looked up. */

import pg from 'pg'

const INT8 = 20
const DATE = 1082
const TIMESTAMPTZ = 1184

type Parser = (text: string) => unknown

/** bigint for int8, RFC 3339 in UTC for timestamptz, YYYY-MM-DD for date, pg's own reading for the rest. */
export function columnParser(oid: number, format?: 'text' | 'binary'): Parser {
  if (format !== 'binary') {
    if (oid === INT8) return BigInt
    if (oid === TIMESTAMPTZ) return utcText
    if (oid === DATE) return (text) => text
  }
  return pg.types.getTypeParser(oid, format) as Parser
}

/** `2026-11-22 14:00:00.5+04` → `2026-11-22T10:00:00.500Z`. Throws on anything that is not PostgreSQL's ISO style. */
export function utcText(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([+-]\d\d)(?::?(\d\d))?$/.exec(text)
  if (match === null) throw new Error(`Not a PostgreSQL timestamp in ISO style: ${text}`)
  const [, day, time, fraction = '', hours, minutes = '00'] = match
  return new Date(`${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${hours}:${minutes}`).toISOString()
}
