/** The forms in which names are kept for finding them; never shown. */

type Fold = (text: string) => string

/**
 * The folded name: transliterated to ASCII, lower case, words of letters and digits joined by one space.
 * `Əliyeva` → `eliyeva`, `Алиев` → `aliev`, `O'Brien` → `obrien`, `Anna-Maria` → `anna maria`.
 */
export async function foldName(text: string): Promise<string> {
  // The tables of any-ascii are half a megabyte; most searches are plain ASCII.
  return /^[\x20-\x7e]*$/.test(text) ? foldAscii(text) : (await loadFolding())(text)
}

/** `foldName` without waiting, for many names at once. */
export async function loadFolding(): Promise<Fold> {
  const {default: anyAscii} = await import('any-ascii')
  return (text) => foldAscii(anyAscii(withoutMarks(text)))
}

/** Apostrophes are inside words; combining marks add nothing to the letter they stand on. */
function withoutMarks(text: string): string {
  return text.normalize('NFKC').replace(/[\u2018\u2019\u02bc\u02b9\u02bb]/g, '')
}

function foldAscii(text: string): string {
  return text
    .toLowerCase()
    .replace(/['`]/g, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}

/**
 * What sounds and spellings have in common across Azeri, Russian and English transliteration, most specific first.
 * Each line: letters, what they become, an example of two spellings that meet. Coarse on purpose: this only finds;
 * `wordCost` (closeness.ts) then tells the near from the far. One letter of any script becomes at most one letter here,
 * so that one typo stays one typo.
 */
const LOOSE: readonly (readonly [letters: RegExp, become: string])[] = [
  [/shch|sch|sh/g, 's'], // Shahin, Sahin (Ş); Shcherbakov (Щ)
  [/dzh|dj|zh|ch|j|c/g, 'c'], // Cafarov, Dzhafarov, Jafarov; Chingiz, Cingiz (Ç); Zhenya, Jenya
  [/ph/g, 'f'], // Sophia, Sofia
  [/ks|kh|gh|x|h|q/g, 'g'], // Khalilov, Xalilov; Guseynov (Гусейнов), Huseynov; Qasimov, Gasymov; Oghuz, Oguz (Ğ)
  [/w/g, 'v'], // Walter, Valter
  [/ts|tz/g, 's'], // Tsvetkova, Svetkova
  [/[iy]+(?=[aeou])/g, ''], // Aliyev, Aliev; Yusif, Usif; Maya, Maa (Мая); Kyamran, Kamran
  [/y/g, 'i'], // Gasymov, Gasimov
  [/e/g, 'a'], // Eliyeva (Ə), Alieva
  [/(.)\1+/g, '$1'], // Anna, Ana
]

/** The coarse phonetic form of one folded word; applying it again changes nothing. */
export function looseWord(word: string): string {
  let loose = word
  for (let round = 0; round < word.length; round++) {
    const before = loose
    for (const [letters, become] of LOOSE) loose = loose.replace(letters, become)
    if (loose === before) break
  }
  return loose
}

const VARIED_MIN = 3
const VARIED_MAX = 24

/** What one letter of another script becomes when it is folded. */
const FOLDED_LETTERS = [/shch/g, /kh/g, /zh/g, /ts/g, /ch/g, /sh/g, /ya/g, /yu/g]

/**
 * The word, and every form of it with one letter left out, a letter of another script being up to four here. Two words
 * within one insertion, deletion, substitution or swap of neighbours share one of these (symmetric delete search), so a
 * typo is found by equality.
 */
export function deletions(word: string): readonly string[] {
  if (word.length < VARIED_MIN || word.length > VARIED_MAX) return [word]
  const shorter = Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1))
  const without = FOLDED_LETTERS.flatMap((letters) =>
    Array.from(word.matchAll(letters), ({0: found, index}) => word.slice(0, index) + word.slice(index + found.length)),
  )
  return [...new Set([word, ...shorter, ...without])]
}

const QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
const JCUKEN = 'йцукенгшщзхъфывапролджэячсмитьбюё'
const AZERI = 'qüertyuiopöğasdfghjklıəzxcvbnmçş`'

/**
 * What the text would be, had it been typed on another layout: `fkbtdf` → `алиева`, `фтьф` → `anma`, `эдшнум` → `əliyev`,
 * `'liyev` → `əliyev`.
 */
export function keyboardLayouts(text: string): readonly string[] {
  const lower = text.toLowerCase()
  const readings = [
    retyped(lower, QWERTY, JCUKEN),
    retyped(lower, JCUKEN, QWERTY),
    retyped(lower, JCUKEN, AZERI),
    retyped(lower, QWERTY, AZERI),
  ]
  // Fewer letters are a beginning, and begin a name in any layout.
  return [...new Set(readings)].filter((reading) => reading !== lower && /\p{L}.*\p{L}.*\p{L}/u.test(reading))
}

function retyped(text: string, from: string, to: string): string {
  return Array.from(text, (character) => to[from.indexOf(character)] ?? character).join('')
}
