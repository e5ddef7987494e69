/** E-mail addresses: checked for slips of the hand; only sending to one proves it. */

import {Refusal} from './refusal.ts'
import {cleanText, quoted} from './text.ts'

/** The longest address that SMTP can carry (RFC 5321, 4.5.3.1.3). */
const EMAIL_MAX = 254

/** Refused (INVALID_INPUT): anything but one `@` between two parts without spaces. */
export function parseEmail(text: string): string {
  const email = cleanText('e-mail address', text, EMAIL_MAX)
  if (/^[^\s@<>()",;]+@[^\s@<>()",;]+$/u.test(email)) return email
  throw new Refusal('INVALID_INPUT', `${quoted(text)} is not an e-mail address`, {
    hint: 'It looks like: anna@example.com',
  })
}
