/** Values that nobody types by intention, and the seed and number of runs of the tests that use them. */

import fc from 'fast-check'
import {cursorText} from '../../src/core/cursor.ts'
import {CONTROLS, WIDE_AND_NARROW} from './arbitraries.ts'

/** The same cases at every run, unless FUZZ_SEED says otherwise; FUZZ_RUNS multiplies them. */
export const FUZZ_SEED = Number(process.env.FUZZ_SEED || 20_261_123)
const TIMES = Number(process.env.FUZZ_RUNS || 1)

/** For fc.assert; a failure names the seed and the path to its smallest case. */
export function fuzz(numRuns: number) {
  return {seed: FUZZ_SEED, numRuns: Math.ceil(numRuns * TIMES), endOnFailure: TIMES > 1}
}

/** What reads as something else to one of the layers below. */
const TRICKS = [
  '', ' ', '-', '--', '---', '=', '@', '+', '*', '%', '_', '\\', '/', '.', '..', '0', '-0', '+0', '1', '-1', '١', '1e9', '1.', '.5', '1,5',
  'NaN', 'Infinity', 'null', 'undefined', 'true', '[]', '{}', '__proto__', 'constructor', 'toString', '$1', '%s%n', '%00', '$(id)', '`id`',
  "'", '"', "';--", "' or 1=1", 'é', 'e\u0301', 'ß', 'ﷺ', 'İ', 'ı', 'ſ', '\u00a0', '\u200b', '\u200d', '\u00ad', '\u{1f1e6}',
  '999999999999999', '9999999999999999', '9007199254740993', '42-7', '1-1', '1-999999999999999', '1-lesson-1', 'AZN', 'azn', 'lesson', 'cash', 'IN',
  'now', 'today', '2026-11-22', '2026-02-30', '0000-00-00', '1900-01-01', '2199-12-31', '9999-12-31', '2026-11-22T24:00:00Z', '2026-11-22T10:00:00+99:99',
  'Asia/Baku', 'UTC', 'az-AZ', 'WyJ6enoiLDEsIkFaTiIsMV0', 'Anna Petrova', 'anna', 'Ina', 'a a a a a a a a a a a a a', 'json', '--json', '--help',
] // biome-ignore format: a list

/** Paths where nothing is and nothing can be made, not even by root. */
const PATHS = ['/', '.', '/dev/null/x', '/proc/nope/x', 'nope.json', '\0', '~', 'a\nb']

const long = fc
  .tuple(
    fc.constantFrom('x', 'ə', '👍', 'e\u0301', ' a', '\x1b', '0', '\u202e', '👨‍👩‍👧', 'ﷺ'),
    fc.constantFrom(39, 41, 100, 199, 200, 201, 1000, 1001, 20_000),
  )
  .map(([unit, count]) => unit.repeat(count))

/** Any text: hostile, long, empty, of any script, or nearly right. */
export const hostileValues: fc.Arbitrary<string> = fc.oneof(
  {weight: 4, arbitrary: fc.constantFrom(...TRICKS)},
  {weight: 1, arbitrary: fc.constantFrom(...PATHS)},
  {weight: 2, arbitrary: fc.constantFrom(...CONTROLS)},
  {weight: 2, arbitrary: long},
  {weight: 2, arbitrary: fc.string({unit: 'binary', maxLength: 20})},
  {
    weight: 2,
    arbitrary: fc
      .array(fc.constantFrom(...CONTROLS, ...WIDE_AND_NARROW, ...TRICKS), {minLength: 2, maxLength: 4})
      .map((parts) => parts.join('')),
  },
)

const forged = (...parts: readonly (string | number)[]) => cursorText(parts)

/** What is nearly right for an argument or flag of this name, and gets further than a guess. */
const NEARLY: Readonly<Record<string, readonly string[]>> = {
  amount: ['0.01', '5,5', '1.234', '999999999999999', '9999999999999', '+5', '-5', '\u22125', '1.2345', '0'],
  at: ['now', 'today', '2026-02-29', '1900-01-01', '1899-12-31', '2199-12-31', '2026-11-22 24:00', '2026-11-22T10:00:00.123456789+14:00'],
  client: ['2', 'Anna', 'a', 'anna pet', 'tom baker', 'a a a a a a a a a a a a a a', '0501234567', '999999999999999'],
  cursor: [
    forged('zzz', 1, 'AZN', 1), forged('2026-11-22T10:00:00.000Z', Number.MAX_SAFE_INTEGER, '\ud800', -1), forged('\ud800', 1), forged('', -1), forged('a', 1.5),
    forged('9999-12-31T00:00:00.000Z', 0, '', 0), forged('+275760-09-13T00:00:00.000Z', 1, 'AZN', 1), forged('-000001-01-01T00:00:00.000Z', 1, 'AZN', 1),
  ],
  entry: ['1-2', '1-AZN-1', '2-1', '1-lesson-1', '999-1', '1-999999999999999', '999999999999999-1'],
  key: ['unit', 'time-zone', 'locale', 'counted-units', 'business-name', 'data-dir', 'database-url', 'operator', 'unti'],
  limit: ['0', '1', '10000', '10001', '1e3', '+1', '00001'],
  staff: ['1', 'ina', 'i', 'inna'],
  unit: ['lesson', 'jpy', 'KWD', '__proto__', 'AZ'],
  value: ['JPY', 'lesson', 'lesson,hour:2', 'Asia/Kathmandu', 'ar-EG-u-nu-arab', 'th-TH-u-ca-buddhist', 'asia/baku', 'en-US-posix', '-', 'hour:4'],
} // biome-ignore format: lists

/** Any value for an argument `name` or a flag `--name`, and those that its name suggests. */
export function hostileFor(name: string): fc.Arbitrary<string> {
  const nearly = NEARLY[{from: 'client', to: 'client', '--from': 'at', '--to': 'at'}[name] ?? name.replace(/^--/, '')]
  return nearly === undefined
    ? hostileValues
    : fc.oneof({weight: 1, arbitrary: fc.constantFrom(...nearly)}, {weight: 1, arbitrary: hostileValues})
}

/** What can stand in an argument or a variable of a process: no NUL, no half of a character. */
export function passable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}
