/** Amounts and dates as files of banks and booking systems write them. */

import {isCurrency} from './currency-signs.ts'
import type {Decimal} from './money.ts'
import {Refusal} from './refusal.ts'
import {quoted} from './text.ts'

export type DecimalMark = '.' | ','

/** An amount with its sign, before its unit is known. */
export interface Signed {
  readonly negative: boolean
  readonly amount: Decimal
  /** A currency that stands beside the number: a code in capitals, or a sign. */
  readonly unit: string | null
}

/** Anything that stands between groups of thousands, always three digits long. */
const SPACED = /^\d{1,3}(?:[\s\u00a0\u202f'\u2019]\d{3})+(?=[.,]|$)/
const SPACES = /[\s\u00a0\u202f'\u2019]/g
/** The hyphen, the minus, and the dashes that word processors make of them. */
const MINUS = '\\-\\u2010-\\u2013\\u2212\\ufe63\\uff0d'
const CURRENCY = '\\p{Sc}|\\p{L}{1,9}\\.?'
const AMOUNT = new RegExp(
  `^(\\()?\\s*([+${MINUS}])?\\s*(${CURRENCY})?\\s*([+${MINUS}])?\\s*(\\d[\\d.,\\s\\u00a0\\u202f'\\u2019]*?|[.,]\\d+)\\s*(${CURRENCY})?\\s*([+${MINUS}])?\\s*(\\))?$`,
  'u',
)
const BROKEN = /[\t\n\v\f\r\u0085\u2028\u2029]/
const PLAIN = /^-?\d[\d.,]*$/
const NOTHING = new RegExp(`^[${MINUS}\\u2014]$`)
const DIGITS_MAX = 15
/** Longer than any amount with its currency, sign and separators. */
const AMOUNT_LENGTH_MAX = 60

/** Whether a cell has only the dash that spreadsheets write for nothing. */
export function isNothing(text: string): boolean {
  return NOTHING.test(text.trim())
}

/** The number without signs, currencies and spaces; null where there is something else in it. */
function bare(
  text: string,
): {readonly digits: string; readonly negative: boolean; readonly unit: string | null} | null {
  // Most are plain, and there are millions of them.
  if (text.length <= AMOUNT_LENGTH_MAX && PLAIN.test(text)) {
    const negative = text.charCodeAt(0) === 45
    return {digits: negative ? text.slice(1) : text, negative, unit: null}
  }
  // Two lines or two cells of a table are two things, however thousands are set apart.
  if (BROKEN.test(text.trim())) return null
  // A run of spaces could be divided among the parts of the pattern in more ways than there is time to try.
  const single = text.length > 1_000 ? text : text.replace(/\s+/g, ' ').trim()
  if (single.length > AMOUNT_LENGTH_MAX) return null
  const match = AMOUNT.exec(single)
  if (match === null) return null
  const [, open, sign, before, innerSign, digits = '', after, endSign, close] = match
  const signs = [sign, innerSign, endSign].filter((one) => one !== undefined)
  if (signs.length > 1 || (open === undefined) !== (close === undefined)) return null
  if (open !== undefined && signs.length > 0) return null
  const units = [before, after].filter((one) => one !== undefined)
  const [unit] = units
  if (units.length > 1 || (unit !== undefined && !isCurrency(unit))) return null
  // 5.- is five francs and no cents, and elsewhere less than nothing.
  if (endSign !== undefined && /[.,]$/.test(digits)) return null
  const plain = digits.replace(SPACES, '')
  // 1 2.50 may be two numbers; only thousands are set apart.
  if (plain !== digits && !SPACED.test(digits)) return null
  const negative = open !== undefined || (signs[0] !== undefined && signs[0] !== '+')
  return {
    digits: plain,
    negative,
    unit: unit !== undefined && /^[A-Za-z]{3}$/.test(unit) ? unit.toUpperCase() : (unit ?? null),
  }
}

/** Whether a text can be an amount; `with decimals`: with a mark, a sign or a currency that other numbers rarely have. */
export function isAmount(text: string, which: 'any' | 'with decimals'): boolean {
  const found = bare(text)
  if (found === null || found.digits.length > DIGITS_MAX) return false
  return which === 'any' || found.negative || found.unit !== null || /[.,]\d{1,2}$/.test(found.digits)
}

/** What one amount tells about the file's decimal mark: the mark, nothing, or that it could be read both ways. */
function markEvidence(text: string): DecimalMark | 'none' | 'ambiguous' {
  const digits = bare(text)?.digits
  if (digits === undefined) return 'none'
  const marks = digits.replace(/\d/g, '')
  if (marks === '') return 'none'
  const last = marks.at(-1) as DecimalMark
  if (new Set(marks).size === 2) return last
  const other = last === '.' ? ',' : '.'
  if (marks.length > 1) return other
  const decimals = digits.length - digits.indexOf(last) - 1
  // 1,234 may be a thousand or a bit more than one.
  return decimals === 3 && digits.indexOf(last) <= 3 && !digits.startsWith('0') ? 'ambiguous' : last
}

/**
 * The decimal mark of a file by its amounts. Null: none of them has one. Refused (INVALID_INPUT): two that contradict
 * each other, or only such as can be read both ways.
 */
export function decimalMark(amounts: Iterable<string>): DecimalMark | null {
  let ambiguous: string | null = null
  let mark: DecimalMark | null = null
  let by = ''
  for (const text of amounts) {
    const evidence = markEvidence(text)
    if (evidence === 'none') continue
    if (evidence === 'ambiguous') ambiguous ??= text
    else if (mark !== null && mark !== evidence) {
      throw new Refusal('INVALID_INPUT', `${quoted(by)} and ${quoted(text)} have different decimal marks`, {
        hint: "Say which is the file's own with: --decimal comma, or --decimal point",
      })
    } else {
      mark = evidence
      by = text
    }
  }
  if (mark === null && ambiguous !== null) {
    throw new Refusal('INVALID_INPUT', `${quoted(ambiguous)} can be read in two ways`, {
      hint: 'Say what stands before the decimals with: --decimal comma, or --decimal point',
    })
  }
  return mark
}

/** Refused (INVALID_AMOUNT): what is no number in the file's own style. */
export function parseSigned(text: string, mark: DecimalMark | null): Signed {
  return plainSigned(text, mark ?? '.') ?? readSigned(text, mark)
}

/** So many digits of a float and two decimals are exact. */
const PLAIN_DIGITS_MAX = 12
const ZERO = 48
const HYPHEN = 45

/** `12`, `-12.5`, `12.50`, as most are written; null where it is anything else, which `readSigned` has the word on. */
function plainSigned(text: string, mark: DecimalMark): Signed | null {
  const negative = text.charCodeAt(0) === HYPHEN
  const start = negative ? 1 : 0
  const markAt = text.indexOf(mark, start)
  const wholeEnd = markAt === -1 ? text.length : markAt
  const scale = markAt === -1 ? 0 : text.length - markAt - 1
  if (wholeEnd === start || wholeEnd - start > PLAIN_DIGITS_MAX || scale > 2 || (markAt !== -1 && scale === 0))
    return null
  let value = 0
  for (let at = start; at < text.length; at++) {
    if (at === markAt) continue
    const digit = text.charCodeAt(at) - ZERO
    if (digit < 0 || digit > 9) return null
    value = value * 10 + digit
  }
  return {negative, amount: {digits: BigInt(value), scale}, unit: null}
}

function readSigned(text: string, mark: DecimalMark | null): Signed {
  const found = bare(text)
  if (found === null) throw notAmount(text, 'Write it as a plain number, as in 12.50')
  if (mark === null && markEvidence(text) === 'ambiguous') {
    throw notAmount(text, 'Say what stands before the decimals with: --decimal comma, or --decimal point')
  }
  const decimal = mark ?? '.'
  const group = decimal === '.' ? ',' : '.'
  const at = found.digits.indexOf(decimal)
  const whole = at === -1 ? found.digits : found.digits.slice(0, at)
  const fraction = at === -1 ? '' : found.digits.slice(at + 1)
  const grouped = whole.includes(group)
  if (!/^\d*$/.test(fraction) || (grouped && !new RegExp(`^\\d{1,3}(\\${group}\\d{3})+$`).test(whole))) {
    throw notAmount(text, `The decimal mark of this file is ${mark === null ? 'not known' : `"${mark}"`}`)
  }
  const digits = whole.replaceAll(group, '')
  // Spreadsheets write more zeros than there are decimals: 12.5000.
  const decimals = fraction.replace(/0+$/, '').padEnd(Math.min(fraction.length, 2), '0')
  if (digits.length > DIGITS_MAX) throw notAmount(text, `An amount has at most ${DIGITS_MAX} digits`)
  if (decimals.length > 4) throw notAmount(text, 'An amount has no more decimals than its unit')
  return {
    negative: found.negative,
    amount: {digits: BigInt(digits + decimals || '0'), scale: decimals.length},
    unit: found.unit,
  }
}

function notAmount(text: string, hint: string): Refusal {
  return new Refusal('INVALID_AMOUNT', `${quoted(text)} is not an amount`, {hint})
}

/** Reads the dates of a file into the form that src/core/moment.ts takes. */
export type DateReader = (text: string) => string

const TOKENS: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  YY: '(?<short>\\d{2})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  DD: '(?<day>\\d{2})',
  D: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
}

/** `DD.MM.YYYY HH:mm`. Refused (USAGE): a format without day, month and year, or with one of them twice. */
export function dateReader(format: string | null): DateReader {
  if (format === null) return plainDate
  const parts = format.match(/YYYY|YY|MM|M|DD|D|HH|H|mm|ss|./gsu) ?? []
  const used = parts.filter((part) => TOKENS[part] !== undefined)
  const kinds = used.map((part) => part[0])
  if (new Set(kinds).size !== kinds.length || !['Y', 'M', 'D'].every((kind) => kinds.includes(kind))) {
    throw new Refusal('USAGE', `${quoted(format)} is not a date format`, {
      hint: 'Write it with YYYY or YY, MM, DD and, for a time, HH, mm, ss: "DD.MM.YYYY HH:mm"',
    })
  }
  const pattern = new RegExp(
    `^${parts.map((part) => TOKENS[part] ?? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('')}$`,
  )
  return (text) => {
    const groups = pattern.exec(text.trim())?.groups
    if (groups === undefined) throw notDate(text, `It is not written as ${format}`)
    return isoText(groups)
  }
}

const DOTTED =
  /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>\d{4})(?:[ T,]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?)?$/
/** As src/core/moment.ts takes it; what it makes of it is for that to say. */
const ISO = /^(?:\d{4}-\d\d-\d\d|now$|today$|yesterday$)/i

/** ISO 8601, or the day first with dots between, which nobody writes otherwise; slashes are read only when told how. */
function plainDate(text: string): string {
  const trimmed = text.trim()
  const groups = DOTTED.exec(trimmed)?.groups
  if (groups !== undefined) return isoText(groups)
  if (ISO.test(trimmed)) return trimmed
  if (/^\d{5}(?:[.,]\d+)?$/.test(trimmed)) {
    throw notDate(text, "It is a spreadsheet's number of a day: format the column as a date there, and save it again")
  }
  if (MONTH_NAME.test(trimmed)) throw notDate(text, 'Write the month as a number, as in 20.11.2026 or 2026-11-20')
  throw notDate(text, `Say how it is written, as in: --date-format "${formatLike(trimmed)}"`)
}

const MONTH_NAME = /\d\P{N}*\p{L}{3,}\P{N}*\d|^\p{L}{3,}\P{N}*\d/u
const SHORT = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?!\d)/

/** What --date-format could be for such a date; where it can be read in two ways, the day comes first. */
function formatLike(text: string): string {
  if (/^\d{8}$/.test(text)) return 'YYYYMMDD'
  const yearFirst = /^\d{4}([/.])\d\d\1\d\d/.exec(text)?.[1]
  if (yearFirst !== undefined) return ['YYYY', 'MM', 'DD'].join(yearFirst)
  const [, first = '', mark = '', second = '', year = ''] = SHORT.exec(text) ?? []
  if (mark === '' || Number(first) > 31) return 'DD.MM.YYYY HH:mm'
  const days = Number(second) > 12 ? ['MM', 'DD'] : ['DD', 'MM']
  return [...days, year.length === 2 ? 'YY' : 'YYYY'].join(mark)
}

function isoText({year, short, month = '', day = '', hour, minute = '00', second}: Record<string, string>): string {
  const date = `${year ?? `20${short}`}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  if (hour === undefined) return date
  return `${date} ${hour.padStart(2, '0')}:${minute}${second === undefined ? '' : `:${second}`}`
}

function notDate(text: string, hint: string): Refusal {
  return new Refusal('INVALID_INPUT', `${quoted(text)} is not a date that can be read`, {hint})
}
