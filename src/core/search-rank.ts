/** Puts search results in order: how well a name, phone or code fits what was typed. */

import {type Word, wordCost} from './closeness.ts'
import {nationalDigits} from './phone.ts'

/** What was typed, read in the ways that clients are kept. */
export interface Typed {
  readonly key: string
  readonly words: readonly Word[]
  /** Digits, where the text is like a part of a phone number. */
  readonly digits: string | null
  /** The digits of phones kept without the country code that was typed. */
  readonly localPhones: readonly string[]
  readonly codeKey: string | null
  readonly id: bigint | null
}

export interface Findable {
  readonly id: bigint
  readonly words: readonly Word[]
  readonly phoneDigits: string | null
  readonly codeKey: string | null
}

export const NONE = Number.POSITIVE_INFINITY

/** One typo, with some letters in another spelling and some words left out. */
export const TYPO_MAX = 1.5

/** From here on a letter is wrong, missing or too many. */
export const TYPO = 0.95

/** All words are there, in one spelling or another. */
export const WHOLE = 0.29

/** Words may be in any order, but it is no accident if they are in the order of the name. Of beginnings it says nothing. */
const OUT_OF_ORDER = 0.035
const NOT_FIRST = 0.1
/** For every word of the name that was not typed: the typed ones being as kept, in another spelling, or only parts anyway. */
const UNTYPED = 0.05
const UNTYPED_SPELLED = 0.15
const UNTYPED_PART = 0.01

/** Lower is better, NONE no match; the order is that of the contract: exact, beginnings, parts, typos. */
export function searchCost(typed: Typed, client: Findable, costOf: typeof wordCost = wordCost): number {
  if (typed.id === client.id || (typed.codeKey !== null && typed.codeKey === client.codeKey)) return 0
  return Math.min(
    phoneCost(typed, client),
    typed.words.length === 0 ? NONE : nameCost(typed.words, client.words, costOf),
  )
}

function phoneCost({digits, localPhones}: Typed, {phoneDigits}: Findable): number {
  if (digits === null || phoneDigits === null) return NONE
  const typed = nationalDigits(digits)
  if (typed === nationalDigits(phoneDigits)) return 0
  if (phoneDigits.endsWith(digits) || localPhones.includes(phoneDigits)) return 0.1
  if (phoneDigits.endsWith(typed)) return 0.15
  if (phoneDigits.startsWith(digits) || nationalDigits(phoneDigits).startsWith(typed)) return 0.3
  return phoneDigits.includes(typed) ? 0.6 : NONE
}

/** The cheapest way to give every typed word a word of the name of its own, by the costs of `costOf`. */
export function nameCost(typed: readonly Word[], name: readonly Word[], costOf: typeof wordCost = wordCost): number {
  const costs = typed.map((word) => name.map((kept) => costOf(word, kept)))
  let best = NONE
  const used: number[] = []
  const assign = (cost: number, ordered: boolean): void => {
    if (cost >= best) return
    const row = costs[used.length]
    if (row === undefined) {
      const first = typed.length > 1 || used[0] === 0 || cost >= TYPO ? 0 : NOT_FIRST
      const whole = cost < WHOLE
      const untyped = (cost === 0 ? UNTYPED : whole ? UNTYPED_SPELLED : UNTYPED_PART) * (name.length - typed.length)
      const turned = !ordered && (whole || cost >= TYPO)
      best = Math.min(best, cost + first + (turned ? OUT_OF_ORDER : 0) + untyped)
      return
    }
    const previous = used.at(-1) ?? -1
    row.forEach((wordCost, place) => {
      if (wordCost === NONE || used.includes(place)) return
      used.push(place)
      assign(cost + wordCost, ordered && place > previous)
      used.pop()
    })
  }
  assign(0, true)
  return best
}
