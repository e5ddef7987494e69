/** Names of clients and staff. */

import {Refusal} from './refusal.ts'
import {cleanText, NAME_MAX, quoted} from './text.ts'

/** A name as it is kept. Refused (INVALID_INPUT): as `cleanText`, and a name without any letter or digit. */
export function parseName(text: string): string {
  const name = cleanText('name', text, NAME_MAX).replace(/\s+/gu, ' ')
  if (/[\p{L}\p{N}]/u.test(name)) return name
  throw new Refusal('INVALID_INPUT', `The name ${quoted(name)} has no letter or digit`, {
    hint: 'A name needs something to find it by',
  })
}
