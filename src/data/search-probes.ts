/** Where to look for clients: each probe reads a few index pages and stops early, whatever the number of clients. */

import {sql} from 'slonik'
import {nationalDigits} from '../core/phone.ts'
import {deletions, looseWord} from '../core/search-key.ts'
import type {Typed} from '../core/search-rank.ts'

type Fragment = ReturnType<typeof sql.fragment>

/** A shorter phonetic form begins too much: `yaya` and `ee` are both `a`. */
const LOOSE_MIN = 3
/** A trigram index needs three letters to look anything up. */
const PART_MIN = 3

/** How many clients a page has, and whether those archived are among them. */
export interface PageOptions {
  readonly limit: number
  readonly archived: boolean
}

/** A call of `search_clients`: by number, code, phone, beginnings of words, and other spellings of words. */
export function nearCall(typed: Typed, {limit, archived}: PageOptions): Fragment {
  const {id, codeKey, digits, localPhones, key} = typed
  const national = digits === null ? '' : nationalDigits(digits)
  // A zero may be the one that is dialled inside of a country, or stand in the middle of a number.
  const part = national.length >= PART_MIN ? national : digits
  const phones = digits === null ? [] : [...new Set([digits, national])].filter((phone) => phone !== '')
  return sql.fragment`search_clients(
    ${id}, ${codeKey}, ${texts(phones)}, ${part},
    ${texts(localPhones.map(reverse))}, ${key}, ${wordArguments(typed)}, ${limit}, ${archived})`
}

/** A call of `search_words`. */
export function wordsCall(typed: Typed): Fragment {
  return sql.fragment`search_words(${wordArguments(typed)})`
}

/** The typed words, the range of the loose words that each begins or is, and its forms with a letter left out. */
function wordArguments(typed: Typed): Fragment {
  const words = longestFirst(typed)
  const loose = words.map(looseWord)
  const variants = words.map((word, at) => new Set([...deletions(word), ...deletions(loose[at] ?? '')]))
  return sql.fragment`
    ${texts(words)}, ${texts(loose)}, ${texts(loose.map((word) => (word.length < LOOSE_MIN ? `${word} ` : `${word}~`)))},
    ${texts(variants.map((forms) => [...forms].join(' ')))}`
}

/** A call of `search_far`: clients with both words of one of the pairs, and one of each of the further lists. */
export function pairsCall(
  pairs: readonly (readonly [string, string])[],
  further: readonly (readonly string[])[],
  most: number,
  archived: boolean,
): Fragment {
  return sql.fragment`search_far(
    ${texts(pairs.map(([word]) => word))}, ${texts(pairs.map(([, other]) => other))},
    ${texts(further.map((words) => words.join(' ')))}, ${most}, ${archived})`
}

/** A call of `search_far`: clients with one of these words, the first ones first. */
export function wordCall(words: readonly string[], most: number, archived: boolean): Fragment {
  return sql.fragment`search_far(${texts(words)}, ${texts([])}, ${texts([])}, ${most}, ${archived})`
}

function texts(values: readonly string[]) {
  return sql.array([...values], 'text')
}

function reverse(text: string): string {
  return [...text].reverse().join('')
}

/** The longest word is the rarest guess: it is looked up first, the others sift. */
export function longestFirst({words}: Typed): readonly string[] {
  return words.map(({folded}) => folded).toSorted((a, b) => b.length - a.length)
}
