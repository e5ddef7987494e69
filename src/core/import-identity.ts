/** Whether all that a line says of its client fits the one it was found by. */

import {codeKey} from './code.ts'
import {CellRefusal, type Cells, cellText, isRounded} from './import-cells.ts'
import {wordsBeginName} from './person-query.ts'
import {areDifferentPhones, phoneDigits} from './phone.ts'
import {Refusal} from './refusal.ts'
import {looseWord} from './search-key.ts'
import {quoted} from './text.ts'

interface Found {
  readonly id: bigint
  readonly name: string
  /** The folded name. */
  readonly searchKey: string
  readonly phone: string | null
}

/** A text that can only be a name; a number or code names nobody who is not there, nor does what is left of a number. */
export function nameIn(text: string): string | null {
  const isNumber = phoneDigits(text) !== null || isRounded(text) || !/\p{L}/u.test(text)
  const isCode = codeKey(text) !== null && /\d/.test(text)
  return isNumber || isCode ? null : text
}

/** Whether a line says nothing of its client but the text that it was found by. */
export function saysNoMore(cells: Cells, by: string): boolean {
  return cells.name === undefined && cells.phone === undefined && (cells.client === undefined || cells.client === by)
}

/**
 * What speaks against a line's being about the client that was found by its text `by`: another name or phone beside
 * it, such as where the numbers of a booking system are not ours. Null: nothing does.
 */
export function contradiction(
  cells: Cells,
  by: string,
  client: Found,
  fold: (text: string) => string,
): CellRefusal | null {
  for (const field of ['client', 'name'] as const) {
    const said = cellText(cells, field)
    if (said === null || said === by || nameIn(said) === null) continue
    if (!sameName(fold(said), client.searchKey)) return contradicted(field, said, by, client)
  }
  const phone = cellText(cells, 'phone')
  const theirs = phone === null || phone === by ? null : phoneDigits(phone)
  const ours = client.phone === null ? null : phoneDigits(client.phone)
  const differ = phone !== null && ours !== null && theirs !== null && areDifferentPhones(theirs, ours)
  return differ ? contradicted('phone', phone, by, client) : null
}

/** Every word of the shorter name begins one of the longer, in any order and however it is transliterated. */
function sameName(a: string, b: string): boolean {
  const loose = (key: string) => key.split(' ').map(looseWord).join(' ')
  const [one, other] = [loose(a), loose(b)]
  return a === '' || wordsBeginName(one, other) || wordsBeginName(other, one)
}

function contradicted(field: 'client' | 'name' | 'phone', said: string, by: string, {id, name}: Found): CellRefusal {
  return new CellRefusal(
    field,
    new Refusal('AMBIGUOUS', `${quoted(by)} is ${name} (${id}), and the line says ${quoted(said)} as well`, {
      hint: 'Correct one of the two, or name the client by its id',
    }),
  )
}

/**
 * Whether a name that was found by the beginnings of its words may rather be another person's: `Петров Александр` also
 * begins Петрова Александра. Only a name that was cut short on purpose is sure to be no whole one.
 */
export function mayBeAnother(typedKey: string, searchKey: string): boolean {
  const typed = typedKey.split(' ')
  return typed.length > 1 && typed.length === searchKey.split(' ').length && typed.every((word) => word.length > 3)
}
