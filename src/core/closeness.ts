/** How close a typed word is to a word of a name, heard and seen: across scripts, transliterations and typos. */

import {editDistance} from './similarity.ts'

/** A letter, or letters that stand for one sound. */
interface Unit {
  readonly letters: string
  /** The sounds it can stand for, one bit each. */
  readonly sounds: number
  /** The usual one of them. */
  readonly usual: number
  /** The groups of sounds easily taken for each other that it belongs to, one bit each. */
  readonly near: number
}

/** A character per sound that is told apart: 32, so that a set of them is a number. */
const ALPHABET = 'aäeoöuüiıybvdzklmnprtfgqhxsšcčjž'

/** Sounds that are easily taken for each other. */
const NEAR = ['aäe', 'iıy', 'uüoö', 'gqhxk', 'cs', 'šč', 'žj', 'bp', 'dt', 'vf']

const VOWELS = bits('aäeoöuüiı')
const GLIDES = bits('yiı')

/** Spellings and the sounds they can stand for; a plain Latin letter may have lost its accent (s for ş). */
const SOUNDS = sounds(`
  ae:ä oe:ö ue:ü a:aä e:eä ə:ä ä:äe o:oö ö:ö ø:ö u:uü ü:ü i:iı ı:ı y:yıi
  а:aä е:eä э:e я:aä ё:oöe о:oö у:uü ю:uü и:iı ы:ıy й:yi
  b:b v:v w:v d:d z:z k:k l:l m:m n:n p:p r:r t:t f:f ph:f
  б:b в:v д:d з:z к:k л:l м:m н:n п:p р:r т:t ф:f с:s
  g:gq ğ:g gh:g q:q г:gqh h:hx x:x kh:x х:xh ks:x кс:x
  s:sš ş:š sh:š ш:š sch:š shch:š щ:š ß:s ss:s
  c:cčjk ç:č ch:č ч:č j:jžy дж:j dzh:j dj:j ж:žj zh:ž ts:c tz:c ц:c`)

/** In a name with letters that only Azeri has, the other letters are Azeri, too. */
const AZERI_SOUNDS = sounds(
  'a:a e:e o:o u:u i:i y:y b:b v:v d:d z:z k:k l:l m:m n:n p:p r:r t:t f:f g:g h:h x:x s:s c:j j:ž q:q ə:ä ö:ö ü:ü ı:ı ğ:g ş:š ç:č',
)
const AZERI_ONLY = /[əğış]/

function bits(sounds: string): number {
  let set = 0
  for (const sound of sounds) set |= 1 << ALPHABET.indexOf(sound)
  return set
}

function unitOf(letters: string, heard: string): Unit {
  const near = NEAR.reduce(
    (set, group, at) => ([...heard].some((sound) => group.includes(sound)) ? set | (1 << at) : set),
    0,
  )
  return {letters, sounds: bits(heard), usual: bits(heard.charAt(0)), near}
}

function sounds(table: string): ReadonlyMap<string, Unit> {
  return new Map(
    table
      .trim()
      .split(/\s+/)
      .map((pair) => {
        const [letters = '', heard = ''] = pair.split(':')
        return [letters, unitOf(letters, heard)]
      }),
  )
}

/**
 * What it costs to take one for the other: the same sound in other letters, one that can be meant, two that can mean
 * a third, two that are easily confused; then a missing glide (Aliev), double letter or soft sign. A typo is 1.
 */
const COST = {same: 0.005, meant: 0.02, both: 0.15, near: 0.5, glide: 0.05, doubled: 0.1, mark: 0.01} as const

/** A word, ready to be compared. */
export interface Word {
  readonly folded: string
  /** Lower case, in its own script. */
  readonly own: string
  readonly units: readonly Unit[]
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
  const inScript = ownWords(name)
  const own = inScript.length === folded.length ? inScript : folded
  const table = own.some((word) => AZERI_ONLY.test(word)) ? AZERI_SOUNDS : SOUNDS
  return folded.map((word, at) => ({folded: word, own: own[at] ?? word, units: unitsOf(own[at] ?? word, table)}))
}

const UNIT_MAX = 4

function unitsOf(word: string, table: ReadonlyMap<string, Unit>): readonly Unit[] {
  const units: Unit[] = []
  for (let at = 0; at < word.length; ) {
    const letters = longestKnown(word, at, table)
    units.push(table.get(letters) ?? plainUnit(letters))
    at += letters.length
  }
  return units
}

function longestKnown(word: string, at: number, table: ReadonlyMap<string, Unit>): string {
  for (let length = UNIT_MAX; length > 1; length--) {
    const letters = word.slice(at, at + length)
    if (table.has(letters)) return letters
  }
  return word.charAt(at)
}

/** An accented letter sounds like the plain one, as far as anybody who types it cares; signs have no sound. */
function plainUnit(letter: string): Unit {
  if (letter === 'ь' || letter === 'ъ' || /\p{M}/u.test(letter)) return {letters: letter, sounds: 0, usual: 0, near: 0}
  const plain = SOUNDS.get(letter.normalize('NFD').charAt(0))
  // A digit, or a letter of a script of which nothing is known, is alike to itself only.
  return plain === undefined ? {letters: letter, sounds: -1, usual: 0, near: 0} : {...plain, letters: letter}
}

function swapCost(a: Unit, b: Unit): number {
  if (a.letters === b.letters) return 0
  if (a.usual === 0 || b.usual === 0) return 1
  if (a.usual === b.usual) return COST.same
  if ((b.sounds & a.usual) !== 0 || (a.sounds & b.usual) !== 0) return COST.meant
  if ((a.sounds & b.sounds) !== 0) return COST.both
  return (a.near & b.near) !== 0 ? COST.near : 1
}

/** What it costs that the unit at `at` has no counterpart. */
function dropCost(units: readonly Unit[], at: number): number {
  const unit = units[at]
  if (unit === undefined || unit.sounds === 0) return COST.mark
  const [before, after] = [units[at - 1], units[at + 1]]
  if (before?.letters === unit.letters) return COST.doubled
  return isGlide(unit) && (isVowel(after) || (before !== undefined && isGlide(before))) ? COST.glide : 1
}

function isGlide({usual}: Unit): boolean {
  return (usual & GLIDES) !== 0
}

function isVowel(unit: Unit | undefined): boolean {
  return unit !== undefined && (unit.usual & VOWELS) !== 0
}

function alike(a: Unit | undefined, b: Unit | undefined): boolean {
  return a !== undefined && b !== undefined && swapCost(a, b) <= COST.both
}

/** Glides, marks and doubled letters together. */
const LONGER_MAX = 4

/** What it costs to read `typed` as the whole of `kept`, and as the beginning of it. */
function soundCosts(typed: Word, kept: Word): {readonly whole: number; readonly begun: number} {
  const a = typed.units
  // What is longer by more than a few letters can only begin so.
  const longer = kept.units.length - a.length > LONGER_MAX
  const b = longer ? kept.units.slice(0, a.length + 2) : kept.units
  let beforeLast: number[] = []
  let last = [0]
  for (let j = 0; j < b.length; j++) last.push((last[j] ?? 0) + dropCost(b, j))
  for (let i = 1; i <= a.length; i++) {
    const own = a[i - 1] as Unit
    const drop = dropCost(a, i - 1)
    const row = [(last[0] ?? 0) + drop]
    for (let j = 1; j <= b.length; j++) {
      const other = b[j - 1] as Unit
      let best = Math.min(
        (last[j] ?? 0) + drop,
        (row[j - 1] ?? 0) + dropCost(b, j - 1),
        (last[j - 1] ?? 0) + swapCost(own, other),
      )
      const turned = alike(own, b[j - 2]) && alike(a[i - 2], other)
      if (turned) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1)
      row.push(best)
    }
    beforeLast = last
    last = row
  }
  return {whole: longer ? Number.POSITIVE_INFINITY : (last.at(-1) ?? 0), begun: Math.min(...last.slice(1))}
}

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
/** In shorter words a typo leaves too little to know them by. */
const TYPO_LETTERS_MIN = 3

/** 0 for the same word; then other spellings, beginnings, parts and typos; Infinity for another word. */
export function wordCost(typed: Word, kept: Word): number {
  if (typed.own === kept.own) return 0
  const sound = soundCosts(typed, kept)
  const costs = [sound.begun + BEGINS_SPELLED, wholeCost(typed, kept, sound.whole)]
  if (kept.folded.startsWith(typed.folded)) {
    const begins = kept.folded.length - typed.folded.length > 1 ? BEGINS_MORE : BEGINS
    costs.push(kept.own.startsWith(typed.own) ? begins : begins + OTHER_LETTERS_BEGIN)
  } else if (kept.folded.includes(typed.folded)) {
    costs.push(kept.own.includes(typed.own) ? PART : PART + OTHER_LETTERS_WITHIN)
  }
  return limited(typed, Math.min(...costs))
}

/** `wordCost` of the word as a whole: never as a beginning or a part of another. */
export function wholeWordCost(typed: Word, kept: Word): number {
  if (typed.own === kept.own) return 0
  return limited(typed, wholeCost(typed, kept, soundCosts(typed, kept).whole))
}

function wholeCost(typed: Word, kept: Word, sound: number): number {
  if (kept.folded === typed.folded) return FOLDED_SAME
  const heard = Math.max(sound, SPELLED_MIN)
  if (Math.abs(kept.folded.length - typed.folded.length) > 1) return heard
  return Math.min(heard, editDistance(typed.folded, kept.folded, 1))
}

function limited(typed: Word, cost: number): number {
  const max = typed.folded.length < TYPO_LETTERS_MIN ? PART + OTHER_LETTERS_WITHIN : WORD_COST_MAX
  return cost <= max ? cost : Number.POSITIVE_INFINITY
}
