/** Which words of the dictionary the typed ones may be meant for, and who has them. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import {foldedWord, wholeWordCost, type wordCost} from '../core/closeness.ts'
import {NONE, type Typed} from '../core/search-rank.ts'
import {longestFirst, pairsCall, wordCall, wordsCall} from './search-probes.ts'

/** Of the words that a typed word may be a part of, the nearest; and of those that it may be a typo of. */
const CHOICES_MAX = 40
const PAIRS_MAX = 300

/** For every typed word, the longest first, the words of the dictionary that are like it (`search_words`). */
export const likeWordsColumn = z.array(z.array(z.string()))
export type LikeWords = z.infer<typeof likeWordsColumn>

const likeWordsRow = z.object({words: likeWordsColumn})

export async function readLikeWords(db: CommonQueryMethods, typed: Typed): Promise<LikeWords> {
  return (await db.one(sql.type(likeWordsRow)`select ${wordsCall(typed)} as words`)).words
}

interface Choosing {
  /** How many clients of one pair of words, and of one word where one was typed; twice as many in all. */
  readonly most: number
  readonly ofOneWord?: number
  readonly archived: boolean
  readonly costOf: typeof wordCost
}

/** The call that reads the clients who have the words that the typed ones may be meant for; null where there are none. */
export function farCall(typed: Typed, like: LikeWords, {most, ofOneWord = most, archived, costOf}: Choosing) {
  const choices = longestFirst(typed).map((folded, n) => chosen(typed, folded, like[n] ?? [], costOf))
  if (choices.some((words) => words.length === 0)) return null
  const [first = [], second, ...rest] = choices
  if (second === undefined)
    return wordCall(
      first.map(({word}) => word),
      ofOneWord,
      archived,
    )
  return pairsCall(
    nearestPairs(first, second),
    rest.map((words) => words.map(({word}) => word)),
    most,
    archived,
  )
}

interface Choice {
  readonly word: string
  readonly cost: number
  /** True where it is the word as a whole. */
  readonly whole: boolean
}

/** The words that this typed one may stand for, nearest first. */
function chosen({words}: Typed, folded: string, like: readonly string[], costOf: typeof wordCost): readonly Choice[] {
  const own = words.find((word) => word.folded === folded)
  if (own === undefined) return []
  const choices = like.flatMap((word): Choice[] => {
    const kept = foldedWord(word)
    const cost = costOf(own, kept)
    return cost === NONE ? [] : [{word, cost, whole: wholeWordCost(own, kept) !== NONE}]
  })
  const sorted = choices.sort((a, b) => a.cost - b.cost || (a.word < b.word ? -1 : 1))
  const nearest = [...sorted.slice(0, CHOICES_MAX), ...sorted.filter(({whole}) => whole).slice(0, CHOICES_MAX)]
  return [...new Set(nearest)].sort((a, b) => a.cost - b.cost)
}

function nearestPairs(first: readonly Choice[], second: readonly Choice[]): readonly (readonly [string, string])[] {
  return first
    .flatMap((a) => second.map((b) => ({pair: [a.word, b.word] as const, cost: a.cost + b.cost})))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, PAIRS_MAX)
    .map(({pair}) => pair)
}
