/** How close a typed word is to a word of a name, heard and seen: across scripts, transliterations and typos. */

import {editDistance} from './similarity.ts'
import {
  AZERI_ONLY,
  AZERI_SOUNDS,
  COST,
  dropCost,
  SOUNDS,
  type SoundTable,
  swapCost,
  type Unit,
  unitsOf,
} from './sounds.ts'

/** A word, ready to be compared. */
export class Word {
  readonly folded: string
  /** Lower case, in its own script. */
  readonly own: string
  private readonly table: SoundTable
  private heard: readonly Unit[] | null = null

  constructor(folded: string, own: string, table: SoundTable) {
    this.folded = folded
    this.own = own
    this.table = table
  }

  /** Taken apart only where it is needed: most words of most hits are equal, or begin alike. */
  get units(): readonly Unit[] {
    this.heard ??= unitsOf(this.own, this.table)
    return this.heard
  }
}

/** The words of a text, lower case, in their own script. */
function ownWords(text: string): readonly string[] {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/\u0307|[\u2018\u2019\u02bc\u02b9\u02bb'`]/g, '')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '')
}

/** The words of a name with their folded forms; where folding made other words of it, of the folded name. */
export function wordsOf(name: string, foldedName: string): readonly Word[] {
  const folded = foldedName === '' ? [] : foldedName.split(' ')
  if (name.toLowerCase() === foldedName) return folded.map(foldedWord)
  const inScript = ownWords(name)
  const own = inScript.length === folded.length ? inScript : folded
  const table = own.some((word) => AZERI_ONLY.test(word)) ? AZERI_SOUNDS : SOUNDS
  return folded.map((word, at) => new Word(word, own[at] ?? word, table))
}

/** A word as the dictionary keeps it: folded. */
export function foldedWord(word: string): Word {
  return new Word(word, word, SOUNDS)
}

/** Glides, marks and doubled letters together. */
const LONGER_MAX = 4

/**
 * What it costs to read `typed` as the whole of `kept`, and as the beginning of it; Infinity for both as soon as it is
 * sure that neither is below `bound`.
 */
function soundCosts(typed: Word, kept: Word, bound: number): {readonly whole: number; readonly begun: number} {
  const a = typed.units
  // What is longer by more than a few letters can only begin so.
  const longer = kept.units.length - a.length > LONGER_MAX
  const b = longer ? kept.units.slice(0, a.length + 2) : kept.units
  const drops = b.map((_, at) => dropCost(b, at))
  let beforeLast: number[] = []
  let last = [0]
  for (const drop of drops) last.push((last.at(-1) ?? 0) + drop)
  let least = 0
  for (let i = 1; i <= a.length; i++) {
    const own = a[i - 1] as Unit
    const previous = a[i - 2]
    const drop = dropCost(a, i - 1)
    const row = [(last[0] ?? 0) + drop]
    const leastBefore = least
    let swapBefore = 1
    let left = row[0] ?? 0
    least = left
    for (let j = 1; j <= b.length; j++) {
      const other = b[j - 1] as Unit
      const swap = swapCost(own, other)
      let best = Math.min((last[j] ?? 0) + drop, left + (drops[j - 1] ?? 0), (last[j - 1] ?? 0) + swap)
      const turned = swapBefore <= COST.both && previous !== undefined && swapCost(previous, other) <= COST.both
      if (turned) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1)
      row.push(best)
      left = best
      swapBefore = swap
      if (best < least) least = best
    }
    // Costs only grow from one row to the next, and by a swap of neighbours from the row before that.
    if (least >= bound && leastBefore + 1 >= bound) return FAR
    beforeLast = last
    last = row
  }
  return {whole: longer ? Number.POSITIVE_INFINITY : (last.at(-1) ?? 0), begun: Math.min(...last.slice(1))}
}

const FAR = {whole: Number.POSITIVE_INFINITY, begun: Number.POSITIVE_INFINITY}

/** More than this is another word. */
const WORD_COST_MAX = 1.6
/** A beginning that lacks one letter, or more; one in another spelling; a part of a word. */
const BEGINS = 0.3
const BEGINS_MORE = 0.33
const BEGINS_SPELLED = 0.5
export const PART = 0.47
/** Another spelling costs at least this; less where the folded words are the same. */
const SPELLED_MIN = 0.03
const FOLDED_SAME = 0.02
/** Folded it begins so, or is a part, but it is written in other letters. */
const OTHER_LETTERS_BEGIN = 0.1
const OTHER_LETTERS_WITHIN = 0.3
/** Sums of costs differ by so little where they should be equal. */
const LEAST = 1e-9
/** In shorter words a typo leaves too little to know them by. */
const TYPO_LETTERS_MIN = 3

/** 0 for the same word; then other spellings, beginnings, parts and typos; Infinity for another word. */
export function wordCost(typed: Word, kept: Word): number {
  if (typed.own === kept.own) return 0
  const within = withinCost(typed, kept)
  const sound = soundCosts(typed, kept, Math.min(within, costMax(typed)) + LEAST)
  return limited(typed, Math.min(within, sound.begun + BEGINS_SPELLED, wholeCost(typed, kept, sound.whole)))
}

/** What it costs that the folded word begins so, or has this within; Infinity where it has not. */
function withinCost(typed: Word, kept: Word): number {
  const at = kept.folded.indexOf(typed.folded)
  if (at === -1) return Number.POSITIVE_INFINITY
  if (at > 0) return kept.own.includes(typed.own) ? PART : PART + OTHER_LETTERS_WITHIN
  const begins = kept.folded.length - typed.folded.length > 1 ? BEGINS_MORE : BEGINS
  return kept.own.startsWith(typed.own) ? begins : begins + OTHER_LETTERS_BEGIN
}

/** `wordCost` of the word as a whole: never as a beginning or a part of another. */
export function wholeWordCost(typed: Word, kept: Word): number {
  if (typed.own === kept.own) return 0
  return limited(typed, wholeCost(typed, kept, soundCosts(typed, kept, costMax(typed) + LEAST).whole))
}

function wholeCost(typed: Word, kept: Word, sound: number): number {
  if (kept.folded === typed.folded) return FOLDED_SAME
  const heard = Math.max(sound, SPELLED_MIN)
  if (Math.abs(kept.folded.length - typed.folded.length) > 1) return heard
  return Math.min(heard, editDistance(typed.folded, kept.folded, 1))
}

function limited(typed: Word, cost: number): number {
  return cost <= costMax(typed) ? cost : Number.POSITIVE_INFINITY
}

function costMax(typed: Word): number {
  return typed.folded.length < TYPO_LETTERS_MIN ? PART + OTHER_LETTERS_WITHIN : WORD_COST_MAX
}
