/** Text that people type and that is kept: cleaned once at the edge, or refused with a reason. */

import {Refusal} from './refusal.ts'
import {safeText} from './safe-text.ts'

export const NAME_MAX = 200
export const LABEL_MAX = 200
export const NOTE_MAX = 1000
export const OPERATOR_MAX = 100

const QUOTED_MAX = 60

/** What cannot be kept: each with how to call it. Letters that join (ZWJ, ZWNJ) and right-to-left letters can. */
const REFUSED = [
  [/\p{Cc}/u, 'a control character'],
  [/\p{Surrogate}/u, 'half of a character (a lone surrogate)'],
  [/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u, 'a hidden mark that reorders text'],
  [/[\u2028\u2029]/u, 'a line break'],
  [/[\ufeff\u{e0000}-\u{e007f}]/u, 'an invisible character'],
  [/\p{Noncharacter_Code_Point}/u, 'a code that is no character'],
] as const

/** What is plain ASCII, with no space at its ends, is as it should be. A long file has millions of such texts. */
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/

/**
 * Trims and normalises (Unicode NFC) a text. Refused (INVALID_INPUT): an empty one, one longer than `max`
 * characters, and characters that could not be shown safely. `field` names it in the message.
 */
export function cleanText(field: string, text: string, max: number): string {
  if (text.length <= max && PLAIN.test(text)) return text
  const cleaned = text.trim().normalize('NFC')
  if (cleaned === '') {
    throw new Refusal('INVALID_INPUT', `The ${field} is empty`, {hint: `Write something, or leave the ${field} out`})
  }
  for (const [pattern, name] of REFUSED) {
    if (pattern.test(cleaned)) {
      throw new Refusal('INVALID_INPUT', `The ${field} ${quoted(cleaned)} contains ${name}`, {hint: 'Type it without'})
    }
  }
  const length = [...cleaned].length
  if (length > max) {
    throw new Refusal('INVALID_INPUT', `The ${field} has ${length} characters`, {hint: `It can have at most ${max}`})
  }
  return cleaned
}

const PATH_SHOWN_MAX = 200

/** A path for a message: whole, unless it is so long that only its two ends are of use. */
export function shownPath(path: string): string {
  const shown = safeText(path)
  if (shown.length <= PATH_SHOWN_MAX) return shown
  const half = PATH_SHOWN_MAX / 2
  // Cut between characters, not inside one.
  return safeText(`${path.slice(0, half)}…${path.slice(-half)}`)
}

/** A short, safe quotation of anything for a message: nothing in it can control a terminal. */
export function quoted(text: string): string {
  // Twice as many halves are enough for all that is shown.
  const characters = [...text.slice(0, 2 * (QUOTED_MAX + 1))]
  const shown = safeText(characters.slice(0, QUOTED_MAX).join(''))
  return `"${shown}${characters.length > QUOTED_MAX ? '…' : ''}"`
}

/** How often a part stands in a text. */
export function occurrences(text: string, part: string): number {
  let count = 0
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) count++
  return count
}
