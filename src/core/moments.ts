/** Reads the moments of many lines: as src/core/moment.ts does each, but the zone's rules are asked once for a day. */

import {parseMoment} from './moment.ts'
import {Refusal} from './refusal.ts'

const LOCAL = /^\d{4}-\d\d-\d\d(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d)?)?$/
const DAY_LENGTH = 10
const SPANS_MAX = 50_000
const SECOND_MS = 1000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** A local day or hour. */
interface Span {
  /** Its beginning, were the zone UTC, in milliseconds. */
  readonly wall: number
  /** What it is behind UTC; null where that changes within it, or it cannot be read. */
  readonly offset: number | null
}

export class Moments {
  private readonly timeZone: string
  private readonly days = new Map<string, Span>()
  /** Of the days on which the clock changes. */
  private readonly hours = new Map<string, Span>()

  constructor(timeZone: string) {
    this.timeZone = timeZone
  }

  /** RFC 3339 in UTC for each text, or the refusal of `parseMoment`; null for null. */
  async read(texts: readonly (string | null)[], now: Date): Promise<readonly (string | Refusal | null)[]> {
    const read: (string | Refusal | null)[] = []
    const slow = new Map<string, string | Refusal>()
    for (const text of texts) {
      if (text === null) {
        read.push(null)
        continue
      }
      const quick = this.quick(text, now)
      const known = (quick instanceof Promise ? await quick : quick) ?? slow.get(text)
      const moment = known ?? (await this.slow(text, now))
      if (known === undefined) slow.set(text, moment)
      read.push(moment)
    }
    return read
  }

  /** By the day's offset, or the hour's; null where the text is written otherwise, or lies near now or an end of time. */
  private quick(text: string, now: Date): string | null | Promise<string | null> {
    if (!LOCAL.test(text)) return null
    const day = text.slice(0, DAY_LENGTH)
    const whole = this.days.get(day)
    if (whole === undefined) return this.learn(this.days, day, day, '00', '23').then(() => this.quick(text, now))
    const hour = text.length === DAY_LENGTH ? 0 : twoDigits(text, DAY_LENGTH + 1)
    if (hour > 23) return null
    const past = text.length === DAY_LENGTH ? 0 : timeWithin(text)
    if (whole.offset !== null) return momentText(whole.wall + hour * HOUR_MS + past, whole.offset, now)
    const at = String(hour).padStart(2, '0')
    const key = `${day} ${at}`
    const one = this.hours.get(key)
    if (one === undefined) return this.learn(this.hours, key, day, at, at).then(() => this.quick(text, now))
    return one.offset === null ? null : momentText(one.wall + past, one.offset, now)
  }

  /** No zone has ever changed its clock twice within three days, so the two ends of a span tell of all of it. */
  private async learn(spans: Map<string, Span>, key: string, day: string, from: string, to: string): Promise<void> {
    if (spans.size >= SPANS_MAX) spans.clear()
    const wall = Date.parse(`${day}T${from}:00:00Z`)
    try {
      const far = new Date(8.64e15)
      const first = await parseMoment(`${day} ${from}:00:00`, this.timeZone, far)
      const last = await parseMoment(`${day} ${to}:59:59`, this.timeZone, far)
      const lengthMs = Date.parse(`${day}T${to}:59:59Z`) - wall
      const steady = last.getTime() - first.getTime() === lengthMs
      spans.set(key, {wall, offset: steady ? wall - first.getTime() : null})
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      spans.set(key, {wall, offset: null})
    }
  }

  private async slow(text: string, now: Date): Promise<string | Refusal> {
    try {
      return (await parseMoment(text, this.timeZone, now)).toISOString()
    } catch (error) {
      if (error instanceof Refusal) return error
      throw error
    }
  }
}

/** One for all: a long file would leave millions of them to be cleared away. */
const moment = new Date(0)

function momentText(wall: number, offset: number, now: Date): string | null {
  if (wall - offset > now.getTime()) return null
  moment.setTime(wall - offset)
  return moment.toISOString()
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48
}

/** What has passed of its hour, of `2026-11-22 10:30` or `2026-11-22 10:30:15`, in milliseconds. */
function timeWithin(text: string): number {
  const minutes = twoDigits(text, DAY_LENGTH + 4) * MINUTE_MS
  return text.length === DAY_LENGTH + 6 ? minutes : minutes + twoDigits(text, DAY_LENGTH + 7) * SECOND_MS
}
