/** The flags of a client's profile, and what they mean. */

import * as Flags from '@oclif/core/flags'
import {parseCode} from '../core/code.ts'
import {parseEmail} from '../core/email.ts'
import {parseBirthDate} from '../core/moment.ts'
import {parseDecimal} from '../core/money.ts'
import {parsePhone} from '../core/phone.ts'
import {cleanText, LABEL_MAX, NOTE_MAX} from '../core/text.ts'
import type {Profile} from '../data/clients.ts'

export const profileFlags = {
  address: Flags.string({description: 'postal address', helpValue: 'TEXT'}),
  'birth-date': Flags.string({description: 'date of birth', helpValue: 'YYYY-MM-DD'}),
  category: Flags.string({description: 'your own grouping, as in: regular', helpValue: 'TEXT'}),
  code: Flags.string({description: 'a short unique name with a letter in it, as on a card', helpValue: 'CODE'}),
  'default-price': Flags.string({description: 'what "pay" charges when no amount is named', helpValue: 'AMOUNT'}),
  email: Flags.string({description: 'e-mail address', helpValue: 'ADDRESS'}),
  note: Flags.string({description: 'anything worth remembering', helpValue: 'TEXT'}),
  phone: Flags.string({description: 'phone number, as in "+994 50 123 45 67"', helpValue: 'NUMBER'}),
  source: Flags.string({description: 'how the client came to you', helpValue: 'TEXT'}),
}

export const allowDuplicateFlag = Flags.boolean({
  default: false,
  description: 'even though there is a client of that name',
})

type ProfileInput = {readonly [flag in keyof typeof profileFlags]?: string | undefined}

/** A flag that was not given leaves its field alone; an empty one empties it. Refused: INVALID_INPUT, INVALID_AMOUNT. */
export function profileOf(flags: ProfileInput, now: Date): Profile {
  const label =
    (field: string, max = LABEL_MAX) =>
    (text: string) =>
      cleanText(field, text, max)
  return {
    ...field('address', flags.address, label('address', NOTE_MAX)),
    ...field('birthDate', flags['birth-date'], (text) => parseBirthDate(text, now)),
    ...field('category', flags.category, label('category')),
    ...field('code', flags.code, parseCode),
    ...field('defaultPrice', flags['default-price'], parseDecimal),
    ...field('email', flags.email, parseEmail),
    ...field('note', flags.note, label('note', NOTE_MAX)),
    ...field('phone', flags.phone, parsePhone),
    ...field('source', flags.source, label('source')),
  }
}

function field<T>(
  key: keyof Profile,
  text: string | undefined,
  parse: (text: string) => T,
): {readonly [key: string]: T | null} {
  if (text === undefined) return {}
  return {[key]: text === '' ? null : parse(text)}
}
