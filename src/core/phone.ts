/** Phone numbers: kept as given, compared by their digits. */

import {Refusal} from './refusal.ts'
import {cleanText, quoted} from './text.ts'

export interface Phone {
  readonly text: string
  /** 3 to 15 digits (ITU-T E.164 allows 15). */
  readonly digits: string
}

const PHONE_LIKE = /^\+?[\d\s().\-/\u00a0]+$/

/** As many characters as 15 digits with two marks around each. */
const PHONE_MAX = 45

/** Refused (INVALID_INPUT): other characters than digits, spaces and `+ ( ) - . /`, and fewer than 3 or more than 15 digits. */
export function parsePhone(text: string): Phone {
  const cleaned = cleanText('phone number', text, PHONE_MAX)
  const digits = phoneDigits(cleaned)
  if (digits === null || digits.length < 3 || digits.length > 15) {
    throw new Refusal('INVALID_INPUT', `${quoted(text)} is not a phone number`, {
      hint: 'It has 3 to 15 digits, as in +994 50 123 45 67',
    })
  }
  return {text: cleaned, digits}
}

/** The digits of something that looks like a phone number or a part of one; null for anything else. */
export function phoneDigits(text: string): string | null {
  const digits = text.replace(/\D/g, '')
  return digits !== '' && digits.length <= 15 && PHONE_LIKE.test(text) ? digits : null
}

/** The digits without those that stand for a country's own exit (00) or trunk (0, in Russia 8) prefix. */
export function nationalDigits(digits: string): string {
  return digits.replace(/^0+/, '').replace(/^8(?=\d{10}$)/, '')
}

const NATIONAL_MIN = 7
/** ITU-T E.164: a country's code has 1 to 3 digits. */
const COUNTRY_CODE_LENGTHS = [1, 2, 3]

/**
 * How a number typed with its country code may have been kept without: `+994 50 123 45 67` as `501234567` or
 * `0501234567`. Nothing for a number typed without.
 */
export function withoutCountryCode(text: string): readonly string[] {
  const digits = phoneDigits(text)
  const number = digits !== null && /^\s*(\+|00)/.test(text) ? digits.replace(/^0+/, '') : ''
  const trunks = number.startsWith('7') ? ['', '0', '8'] : ['', '0']
  return COUNTRY_CODE_LENGTHS.map((length) => number.slice(length))
    .filter((national) => national.length >= NATIONAL_MIN && !national.startsWith('0'))
    .flatMap((national) => trunks.map((trunk) => trunk + national))
}

/** Whether the digits of two numbers are two people's: one may be written without its country code. */
export function areDifferentPhones(a: string, b: string): boolean {
  const [short, long] = [nationalDigits(a), nationalDigits(b)].sort((x, y) => x.length - y.length)
  return !(long ?? '').endsWith(short ?? '')
}
