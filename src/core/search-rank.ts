/** Puts search results in order: how well a name, phone or code fits what was typed. */

import {editDistance} from './similarity.ts'

/** What was typed, folded in the ways that names are kept. */
export interface Typed {
  readonly words: readonly string[]
  readonly looseWords: readonly string[]
  /** Digits, where the text is like a part of a phone number. */
  readonly digits: string | null
  readonly codeKey: string | null
  readonly id: bigint | null
}

export interface Findable {
  readonly id: bigint
  readonly words: readonly string[]
  readonly looseWords: readonly string[]
  readonly phoneDigits: string | null
  readonly codeKey: string | null
}

/** Lower is better; the steps are those of the contract: exact, first word, any word, part, typo. */
export const RANKS = {exact: 0, beginsName: 1, beginsWords: 2, part: 3, spelling: 4, typo: 5, none: 9} as const

/** A shorter phonetic form says nothing: `yaya` and `ee` are both `a`. */
export const LOOSE_MIN = 3

export function searchRank(typed: Typed, client: Findable): number {
  if (typed.id === client.id || (typed.codeKey !== null && typed.codeKey === client.codeKey)) return RANKS.exact
  return Math.min(phoneRank(typed, client), typed.words.length === 0 ? RANKS.none : nameRank(typed, client))
}

function phoneRank({digits}: Typed, {phoneDigits}: Findable): number {
  if (digits === null || phoneDigits === null || !phoneDigits.includes(digits)) return RANKS.none
  if (phoneDigits === digits) return RANKS.exact
  return phoneDigits.endsWith(digits) || phoneDigits.startsWith(digits) ? RANKS.beginsName : RANKS.part
}

function nameRank(typed: Typed, client: Findable): number {
  if (typed.words.join(' ') === client.words.join(' ')) return RANKS.exact
  // The words in another order are the same name, but less exactly so.
  if (client.words.join(' ').startsWith(typed.words.join(' '))) return RANKS.beginsName
  const worst = typed.words.map((word, at) => wordRank(word, typed.looseWords[at] ?? word, at, client))
  return Math.max(...worst)
}

function wordRank(word: string, loose: string, at: number, client: Findable): number {
  if (client.words.some((candidate) => candidate.startsWith(word))) {
    return at === 0 && client.words[0]?.startsWith(word) ? RANKS.beginsName : RANKS.beginsWords
  }
  if (client.words.some((candidate) => candidate.includes(word))) return RANKS.part
  if (loose.length < LOOSE_MIN) return RANKS.none
  if (client.looseWords.some((candidate) => candidate.startsWith(loose))) return RANKS.spelling
  const near = (a: string, b: string) => editDistance(a, b, 1) <= 1
  const typo = client.words.some((candidate) => near(candidate, word)) || client.looseWords.some((l) => near(l, loose))
  return typo ? RANKS.typo : RANKS.none
}
