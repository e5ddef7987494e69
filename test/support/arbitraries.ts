/** Random values of every kind the ledger can hold, and text that would like to control a screen. */

import fc from 'fast-check'
import type {Client, ClientCard, ClientRow, Staff} from '../../src/core/client.ts'
import {DIRECTIONS, type Entry, KINDS, METHODS, type Person} from '../../src/core/entry.ts'
import {AMOUNT_MAX, BALANCE_MAX, type Money, money} from '../../src/core/money.ts'
import type {Unit} from '../../src/core/unit.ts'

export const AZN: Unit = {code: 'AZN', decimals: 2}
const UNITS: readonly Unit[] = [
  AZN,
  {code: 'EUR', decimals: 2},
  {code: 'JPY', decimals: 0},
  {code: 'KWD', decimals: 3},
  {code: 'CLF', decimals: 4},
  {code: 'lesson', decimals: 0},
  {code: 'saat', decimals: 2},
]

/** One column, two columns, none; from left and from right; alone and in sequences. */
export const WIDE_AND_NARROW = [
  'Anna', 'Əliyeva', 'Алиев', '王小明', '한국', 'ﾊﾝｶｸ', '👨‍👩‍👧‍👦', '👩🏽‍🦰', '🇦🇿', '☕️', '1️⃣', '❤', 'e\u0301', 'a\u0308\u0323',
  'שלום', 'سلام', 'नमस्ते', 'ก็ำ', '…', 'ﷺ', '—',
] // biome-ignore format: a list

/** What must never reach a terminal as it is. */
export const CONTROLS = [
  '\0', '\t', '\n', '\r', '\v', '\f', '\b', '\x07', '\x0e', '\x1b', '\x1b[31m', '\x1b[2J', '\x1b]0;title\x07',
  '\x1b]8;;https://example.com\x1b\\', '\x1bP', '\x7f', '\x80', '\x85', '\x90', '\x9b31m', '\x9c', '\x9d', '\u061c', '\u200e',
  '\u200f', '\u2028', '\u2029', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069',
  '\ufeff', '\ufffe', '\uffff', '\ud800', '\udfff', '\u{e0001}', '\u{e0041}',
] // biome-ignore format: a list

const words = fc.oneof(
  fc.constantFrom(...WIDE_AND_NARROW),
  fc.string({unit: 'grapheme-ascii', minLength: 1, maxLength: 12}).map((text) => text.replaceAll(' ', '_')),
)

/** Names and notes as they can be kept: words in any script. */
export const texts = fc.array(words, {minLength: 1, maxLength: 6}).map((parts) => parts.join(' '))

/** Text with something in it that would control a terminal, a table or a spreadsheet. */
export const hostileTexts = fc
  .array(fc.oneof(words, fc.constantFrom(...CONTROLS), fc.string({unit: 'binary', maxLength: 4})), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(''))

export const units = fc.constantFrom(...UNITS)
const ids = fc.bigInt({min: 1n, max: 9_007_199_254_740_991n})
const amounts = fc.bigInt({min: 1n, max: AMOUNT_MAX}).map(money)
export const balances = fc.bigInt({min: 0n, max: BALANCE_MAX}).map(money)
const times = fc
  .date({min: new Date('1900-01-01T00:00:00Z'), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true})
  .map((date) => date.toISOString())

const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, {nil: null})

function people(names: fc.Arbitrary<string>): fc.Arbitrary<Person> {
  return fc.record({id: ids, name: names})
}

/** An entry of any kind and unit, by itself: its balances need not follow from one another. */
export function entriesWith(names: fc.Arbitrary<string>): fc.Arbitrary<Entry> {
  return fc
    .record({
      client: people(names),
      unit: units,
      seq: ids,
      kind: fc.constantFrom(...KINDS),
      direction: fc.constantFrom(...DIRECTIONS),
      amount: amounts,
      balanceBefore: balances,
      balanceAfter: balances,
      staff: orNull(people(names)),
      method: orNull(fc.constantFrom(...METHODS)),
      note: orNull(names),
      reference: names,
      reversesSeq: orNull(ids),
      reversedBySeqs: fc.array(ids, {maxLength: 3}),
      counter: orNull(fc.record({clientId: ids, seq: ids})),
      occurredAt: times,
      recordedAt: times,
      operator: names,
      hash: fc.stringMatching(/^[0-9a-f]{64}$/),
    })
    .map((entry) => ({...entry, clientId: entry.client.id}))
}

function profiles(names: fc.Arbitrary<string>): fc.Arbitrary<Client> {
  return fc.record({
    id: ids,
    name: names,
    phone: orNull(fc.constantFrom('+994501234567', '050 123 45 67')),
    email: orNull(names),
    code: orNull(names),
    birthDate: orNull(times.map((time) => time.slice(0, 10))),
    category: orNull(names),
    source: orNull(names),
    address: orNull(names),
    note: orNull(names),
    defaultPrice: orNull(amounts),
    createdAt: times,
    archivedAt: orNull(times),
  })
}

export function clientRowsWith(names: fc.Arbitrary<string>): fc.Arbitrary<ClientRow> {
  return fc
    .tuple(profiles(names), units, balances)
    .map(([client, unit, balance]) => ({...client, own: {unit, balance}}))
}

export function clientCardsWith(names: fc.Arbitrary<string>): fc.Arbitrary<ClientCard> {
  const held = fc.array(fc.record({unit: units, balance: balances}), {maxLength: 4})
  return fc.tuple(profiles(names), units, held).map(([client, unit, all]) => ({...client, unit, balances: all}))
}

export function staffWith(names: fc.Arbitrary<string>): fc.Arbitrary<Staff> {
  return fc.record({id: ids, name: names, createdAt: times, archivedAt: orNull(times)})
}

/** Minor units as `Money`, for exact values. */
export function minor(amount: number): Money {
  return money(BigInt(amount))
}
