/** Phone numbers: kept as given, compared by their digits. */

import {Refusal} from './refusal.ts'
import {quoted} from './text.ts'

export interface Phone {
  readonly text: string
  /** 3 to 15 digits (ITU-T E.164 allows 15). */
  readonly digits: string
}

const PHONE_LIKE = /^\+?[\d\s().\-/\u00a0]+$/

/** Refused (INVALID_INPUT): other characters than digits, spaces and `+ ( ) - . /`, and fewer than 3 or more than 15 digits. */
export function parsePhone(text: string): Phone {
  const trimmed = text.trim()
  const digits = phoneDigits(trimmed)
  if (digits === null || digits.length < 3 || digits.length > 15 || /[\t\n\r\f\v]/.test(trimmed)) {
    throw new Refusal('INVALID_INPUT', `${quoted(text)} is not a phone number`, {
      hint: 'It has 3 to 15 digits, as in +994 50 123 45 67',
    })
  }
  return {text: trimmed, digits}
}

/** The digits of something that looks like a phone number or a part of one; null for anything else. */
export function phoneDigits(text: string): string | null {
  const digits = text.replace(/\D/g, '')
  return digits !== '' && digits.length <= 15 && PHONE_LIKE.test(text) ? digits : null
}

/** The digits without the zeros that stand for a country's own exit (00) or trunk (0) prefix. */
export function nationalDigits(digits: string): string {
  return digits.replace(/^0+/, '')
}
