/** Letters as sounds, across scripts and transliterations, and what it costs to take one for another. */

/** A letter, or letters that stand for one sound. */
export interface Unit {
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
export const SOUNDS = sounds(`
  ae:ä oe:ö ue:ü a:aä e:eä ə:ä ä:äe o:oö ö:ö ø:ö u:uü ü:ü i:iı ı:ı y:yıi
  а:aä е:eä э:e я:aä ё:oöe о:oö у:uü ю:uü и:iı ы:ıy й:yi
  b:b v:v w:v d:d z:z k:k l:l m:m n:n p:p r:r t:t f:f ph:f
  б:b в:v д:d з:z к:k л:l м:m н:n п:p р:r т:t ф:f с:s
  g:gq ğ:g gh:g q:q г:gqh h:hx x:x kh:x х:xh ks:x кс:x
  s:sš ş:š sh:š ш:š sch:š shch:š щ:š ß:s ss:s
  c:cčjk ç:č ch:č ч:č j:jžy дж:j dzh:j dj:j ж:žj zh:ž ts:c tz:c ц:c`)

/** In a name with letters that only Azeri has, the other letters are Azeri, too. */
export const AZERI_SOUNDS = sounds(
  'a:a e:e o:o u:u i:i y:y b:b v:v d:d z:z k:k l:l m:m n:n p:p r:r t:t f:f g:g h:h x:x s:s c:j j:ž q:q ə:ä ö:ö ü:ü ı:ı ğ:g ş:š ç:č',
)
export const AZERI_ONLY = /[əğış]/

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

export interface SoundTable {
  readonly units: ReadonlyMap<string, Unit>
  /** The length of the longest unit that begins with a letter. */
  readonly longest: ReadonlyMap<string, number>
}

function sounds(table: string): SoundTable {
  const units = new Map<string, Unit>()
  const longest = new Map<string, number>()
  for (const pair of table.trim().split(/\s+/)) {
    const [letters = '', heard = ''] = pair.split(':')
    units.set(letters, unitOf(letters, heard))
    longest.set(letters.charAt(0), Math.max(longest.get(letters.charAt(0)) ?? 1, letters.length))
  }
  return {units, longest}
}

/**
 * What it costs to take one for the other: the same sound in other letters, one that can be meant, two that can mean
 * a third, two that are easily confused; then a missing glide (Aliev), double letter or soft sign. A typo is 1.
 */
export const COST = {same: 0.005, meant: 0.02, both: 0.15, near: 0.5, glide: 0.05, doubled: 0.1, mark: 0.01} as const

/** A word taken apart, the longest letters that stand for one sound first. */
export function unitsOf(word: string, {units: known, longest}: SoundTable): readonly Unit[] {
  const units: Unit[] = []
  for (let at = 0; at < word.length; ) {
    let letters = word.charAt(at)
    for (let length = longest.get(letters) ?? 1; length > 1; length--) {
      const more = word.slice(at, at + length)
      if (!known.has(more)) continue
      letters = more
      break
    }
    units.push(known.get(letters) ?? plainUnit(letters))
    at += letters.length
  }
  return units
}

/** An accented letter sounds like the plain one, as far as anybody who types it cares; signs have no sound. */
function plainUnit(letter: string): Unit {
  if (letter === 'ь' || letter === 'ъ' || /\p{M}/u.test(letter)) return {letters: letter, sounds: 0, usual: 0, near: 0}
  const plain = SOUNDS.units.get(letter.normalize('NFD').charAt(0))
  // A digit, or a letter of a script of which nothing is known, is alike to itself only.
  return plain === undefined ? {letters: letter, sounds: -1, usual: 0, near: 0} : {...plain, letters: letter}
}

export function swapCost(a: Unit, b: Unit): number {
  if (a.letters === b.letters) return 0
  if (a.usual === 0 || b.usual === 0) return 1
  if (a.usual === b.usual) return COST.same
  if ((b.sounds & a.usual) !== 0 || (a.sounds & b.usual) !== 0) return COST.meant
  if ((a.sounds & b.sounds) !== 0) return COST.both
  return (a.near & b.near) !== 0 ? COST.near : 1
}

/** What it costs that the unit at `at` has no counterpart. */
export function dropCost(units: readonly Unit[], at: number): number {
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
