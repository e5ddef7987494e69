/** How PostgreSQL's values become ours, by type OID; built-in OIDs are fixed (pg_type.dat), so nothing is looked up. */

import pg from 'pg'
import {Refusal} from '../core/refusal.ts'

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

/**
 * `2026-11-22 14:00:00.5+04` → `2026-11-22T10:00:00.500Z`. Before a zone was standardised its offset has seconds
 * (`1900-01-01 00:00:00+03:19:24`). Refused (INVALID_CONFIG): anything that is not PostgreSQL's ISO style.
 */
export function utcText(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([+-])(\d\d)(?::?(\d\d))?(?::(\d\d))?$/.exec(text)
  if (match === null) {
    throw new Refusal('INVALID_CONFIG', 'The server does not write dates in the ISO style', {
      hint: "Set datestyle to 'ISO' where it is changed: in the options of the URL, the role or the database",
    })
  }
  const [, day, time, fraction = '', sign, hours, minutes = '0', seconds = '0'] = match
  const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * (sign === '-' ? -1000 : 1000)
  return new Date(Date.parse(`${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`) - offset).toISOString()
}
