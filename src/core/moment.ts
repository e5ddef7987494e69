/** Days and moments as typed, read in the business's time zone and never in the machine's. */

import {Refusal} from './refusal.ts'
import {quoted} from './text.ts'

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/
const LOCAL = /^(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/
/** RFC 3339, 5.6, with a space allowed for the T as its note permits. */
const ABSOLUTE = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:\d\d)$/

const YEAR_MIN = 1900
const YEAR_MAX = 2199
/** A posting may be a little ahead of this machine's clock, not in the future. */
const AHEAD_MAX_MS = 24 * 60 * 60 * 1000

/** A calendar date, strictly YYYY-MM-DD. Refused (INVALID_INPUT): others, and dates that do not exist. */
export function parseDay(text: string): string {
  const match = DAY.exec(text)
  if (match === null) throw unreadable(text, 'Write it as YYYY-MM-DD, as in 2026-11-22')
  const [, year, month, day] = match.map(Number)
  const date = new Date(`${text}T00:00:00Z`)
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() + 1 === month && date.getUTCDate() === day
  if (!exists) throw unreadable(text, 'There is no such day in the calendar')
  refuseYear(text, date)
  return text
}

/** A date of birth: as `parseDay`, and not after today. */
export function parseBirthDate(text: string, now: Date): string {
  const day = parseDay(text)
  if (Date.parse(`${day}T00:00:00Z`) > now.getTime()) throw unreadable(text, 'A birth date is not in the future')
  return day
}

/** Whether the IANA time zone database has a zone of this name. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false
  try {
    new Intl.DateTimeFormat('en', {timeZone: text})
    return true
  } catch {
    return false
  }
}

/**
 * When something happened: RFC 3339 with an offset or Z, or a time, a day, `now`, `today`, `yesterday` in the
 * business's zone. A day alone means its first moment. Refused (INVALID_INPUT): others, and the future.
 */
export async function parseMoment(text: string, timeZone: string, now: Date): Promise<Date> {
  const moment = await readMoment(text, timeZone, now)
  if (moment.getTime() > now.getTime() + AHEAD_MAX_MS) throw unreadable(text, 'It lies in the future')
  return moment
}

export interface Range {
  /** Included. */
  readonly from: Date | null
  /** Not included. */
  readonly to: Date | null
}

/** A period: `from` at its first moment, `to` through the end of a day that is named without a time. */
export async function parseRange(from: string | null, to: string | null, timeZone: string, now: Date): Promise<Range> {
  const range = {
    from: from === null ? null : await readMoment(from, timeZone, now),
    to: to === null ? null : await readEnd(to, timeZone, now),
  }
  if (range.from !== null && range.to !== null && range.from >= range.to) {
    throw new Refusal('INVALID_INPUT', `The period from ${quoted(from ?? '')} to ${quoted(to ?? '')} is empty`, {
      hint: 'Name the earlier one as --from',
    })
  }
  return range
}

async function readEnd(text: string, timeZone: string, now: Date): Promise<Date> {
  const day = dayOf(text, timeZone, now)
  return day === null ? readMoment(text, timeZone, now) : zoned(nextDay(day), '00', '00', '00', '0', timeZone)
}

async function readMoment(text: string, timeZone: string, now: Date): Promise<Date> {
  if (text.toLowerCase() === 'now') return now
  const day = dayOf(text, timeZone, now)
  if (day !== null) return zoned(day, '00', '00', '00', '0', timeZone)
  if (ABSOLUTE.test(text)) return absolute(text)
  const local = LOCAL.exec(text)
  if (local === null) throw unreadable(text, 'Write it as 2026-11-22, 2026-11-22 14:30 or 2026-11-22T10:30:00Z')
  const [, date = '', hour = '', minute = '', second = '00', fraction = '0'] = local
  parseDay(date)
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    throw unreadable(text, 'There is no such time of day')
  return zoned(date, hour, minute, second, fraction, timeZone)
}

/** The calendar day that a text names without a time; null where it names more. */
function dayOf(text: string, timeZone: string, now: Date): string | null {
  const word = text.toLowerCase()
  if (word === 'today') return dayIn(timeZone, now)
  if (word === 'yesterday') return previousDay(dayIn(timeZone, now))
  return DAY.test(text) ? parseDay(text) : null
}

/** The calendar day of a moment in a zone. */
export function dayIn(timeZone: string, moment: Date): string {
  // The Swedish form of a date is the ISO 8601 one.
  return new Intl.DateTimeFormat('sv-SE', {timeZone, year: 'numeric', month: '2-digit', day: '2-digit'}).format(moment)
}

function nextDay(day: string): string {
  return shifted(day, 1)
}

function previousDay(day: string): string {
  return shifted(day, -1)
}

function shifted(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

function absolute(text: string): Date {
  parseDay(text.slice(0, 10))
  const date = new Date(text.toUpperCase().replace(' ', 'T'))
  if (Number.isNaN(date.getTime())) throw unreadable(text, 'There is no such time of day')
  refuseYear(text, date)
  return date
}

/** A wall clock's time as a moment; one that a change of the clock skips or repeats is read as RFC 5545 does. */
async function zoned(
  day: string,
  hour: string,
  minute: string,
  second: string,
  fraction: string,
  timeZone: string,
): Promise<Date> {
  if (timeZone === 'UTC') return new Date(`${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`)
  const {Temporal} = await import('temporal-polyfill')
  const time = Temporal.PlainDateTime.from(`${day}T${hour}:${minute}:${second}.${fraction}`)
  return new Date(time.toZonedDateTime(timeZone, {disambiguation: 'compatible'}).epochMilliseconds)
}

function refuseYear(text: string, date: Date): void {
  const year = date.getUTCFullYear()
  if (year < YEAR_MIN || year > YEAR_MAX) throw unreadable(text, `The year is between ${YEAR_MIN} and ${YEAR_MAX}`)
}

function unreadable(text: string, hint: string): Refusal {
  return new Refusal('INVALID_INPUT', `${quoted(text)} is not a time that can be used`, {hint})
}
