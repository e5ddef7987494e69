/** Reads the moments of many lines: as src/core/moment.ts does each, but the zone's rules are asked once an hour. */

import {parseMoment} from './moment.ts'
import {Refusal} from './refusal.ts'

const LOCAL = /^\d{4}-\d\d-\d\d(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d)?)?$/
const HOURS_MAX = 50_000
const HOUR_MS = 3_600_000

export class Moments {
  private readonly timeZone: string
  /** What a local hour is behind UTC; null where that changes within it, or it cannot be read. */
  private readonly offsets = new Map<string, number | null>()

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

  /** By the hour's offset; null where the text is written otherwise, or lies near now or an end of time. */
  private quick(text: string, now: Date): string | null | Promise<string | null> {
    if (!LOCAL.test(text)) return null
    const hour = text.length === 10 ? '00' : text.slice(11, 13)
    const key = `${text.slice(0, 10)} ${hour}`
    const offset = this.offsets.get(key)
    if (offset === undefined) return this.learn(key).then(() => this.quick(text, now))
    if (offset === null) return null
    const wall =
      text.length === 10 ? Date.parse(`${text}T00:00:00Z`) : Date.parse(`${text.slice(0, 10)}T${text.slice(11)}Z`)
    return wall - offset <= now.getTime() ? new Date(wall - offset).toISOString() : null
  }

  private async learn(key: string): Promise<void> {
    if (this.offsets.size >= HOURS_MAX) this.offsets.clear()
    const [day = '', hour = ''] = key.split(' ')
    try {
      const far = new Date(8.64e15)
      const first = await parseMoment(`${day} ${hour}:00:00`, this.timeZone, far)
      const last = await parseMoment(`${day} ${hour}:59:59`, this.timeZone, far)
      const steady = last.getTime() - first.getTime() === HOUR_MS - 1000
      this.offsets.set(key, steady ? Date.parse(`${day}T${hour}:00:00Z`) - first.getTime() : null)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.offsets.set(key, null)
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
