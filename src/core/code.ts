/** Client codes: a business's own short names for its clients, as on a card. */

import {Refusal} from './refusal.ts'
import {quoted} from './text.ts'

const CODE = /^(?=.*\p{L})[\p{L}\p{N}][\p{L}\p{N}._/-]{0,39}$/u

/** Refused (INVALID_INPUT): a code that could be taken for an id or a phone number, having no letter. */
export function parseCode(text: string): string {
  const code = text.trim().normalize('NFC')
  if (CODE.test(code)) return code
  throw new Refusal('INVALID_INPUT', `${quoted(text)} cannot be a client's code`, {
    hint: 'Use letters, digits and . _ / -, at most 40, with at least one letter, as in A-17',
  })
}

/** What two equal codes have in common, whatever their case; null for a text that cannot be a code. */
export function codeKey(text: string): string | null {
  const code = text.trim().normalize('NFC')
  return CODE.test(code) ? code.toUpperCase() : null
}
