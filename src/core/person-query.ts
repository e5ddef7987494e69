/** What a CLIENT or STAFF typed at the command line can mean: an id, a code, a phone number or a name. */

import {codeKey} from './code.ts'
import {parseClientId} from './entry-id.ts'
import {nationalDigits, phoneDigits, withoutCountryCode} from './phone.ts'
import {foldName} from './search-key.ts'

/** One text, read in every way it can be read; null where it cannot be read so. */
export interface PersonQuery {
  readonly text: string
  readonly id: bigint | null
  readonly codeKey: string | null
  /** The digits that a phone number must end with; only where there are enough of them to mean one phone. */
  readonly phoneEnd: string | null
  /** The digits of phones kept without the country code that was typed. */
  readonly localPhones: readonly string[]
  /** The folded name, words joined by one space; '' where the text has no letter or digit. */
  readonly nameKey: string
}

const PHONE_END_MIN = 7

export async function personQuery(text: string): Promise<PersonQuery> {
  const digits = phoneDigits(text)
  const ends = digits === null ? [] : [nationalDigits(digits), digits]
  return {
    text,
    id: parseClientId(text),
    codeKey: codeKey(text),
    phoneEnd: ends.find((end) => end.length >= PHONE_END_MIN) ?? null,
    localPhones: withoutCountryCode(text),
    nameKey: await foldName(text),
  }
}

/** True when every typed word begins a word of the name of its own, in any order: `ann pet` means `anna petrova`. */
export function wordsBeginName(typedKey: string, nameKey: string): boolean {
  const words = nameKey.split(' ')
  const typed = typedKey.split(' ')
  if (typed[0] === '' || typed.length > words.length) return false
  const takenBy = new Map<number, string>()

  /** A matching grown by augmenting paths (Kuhn): trying every order would take for ever with a dozen equal words. */
  const take = (word: string, tried: Set<number>): boolean =>
    words.some((candidate, at) => {
      if (tried.has(at) || !candidate.startsWith(word)) return false
      tried.add(at)
      const other = takenBy.get(at)
      if (other !== undefined && !take(other, tried)) return false
      takenBy.set(at, word)
      return true
    })
  return typed.every((word) => take(word, new Set()))
}
