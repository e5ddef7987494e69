/** The same word as other people would type it: other scripts, dropped accents. Written apart from src, to judge it. */

import type {Spellings} from './names.ts'

export type Script = 'az' | 'ru' | 'en' | 'west'

/** A word of somebody's name, and where usage has spellings of its own, those. */
export interface NameWord {
  readonly text: string
  readonly script: Script
  readonly usage?: Spellings
}

function lettersFrom(table: string): ReadonlyMap<string, string> {
  return new Map(
    table
      .trim()
      .split(/\s+/)
      .map((pair) => {
        const [letter = '', become = ''] = pair.split(':')
        return [letter, become]
      }),
  )
}

function spell(text: string, letters: ReadonlyMap<string, string>): string {
  return Array.from(text, (letter) => {
    const lower = letter.toLowerCase()
    const become = letters.get(letter) ?? letters.get(lower) ?? lower
    return letter === lower ? become : become.charAt(0).toUpperCase() + become.slice(1)
  }).join('')
}

const AZ_DROPPED = lettersFrom('ə:e ğ:g ı:i i̇:i ö:o ş:s ü:u ç:c İ:i')
const AZ_ENGLISH = lettersFrom('ə:a ğ:gh ı:i i̇:i ö:o ş:sh ü:u ç:ch x:kh c:j q:g İ:i')
const RU_COMMON =
  'а:a б:b в:v г:g д:d з:z и:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f ь: ъ: ш:sh ч:ch э:e ж:zh щ:shch'
const RU_PASSPORT = lettersFrom(`${RU_COMMON} е:e ё:e й:i х:kh ц:ts ы:y ю:iu я:ia`)
const RU_ROAD = lettersFrom(`${RU_COMMON} е:e ё:yo й:y х:kh ц:ts ы:y ю:yu я:ya`)
const RU_CASUAL = lettersFrom(`${RU_COMMON} е:e ё:e й:y х:h ц:c ы:i ю:yu я:ya`)
const GERMAN = lettersFrom('ä:ae ö:oe ü:ue ß:ss ø:oe å:aa æ:ae')
const DROPPED = lettersFrom('ß:ss ø:o æ:ae ł:l đ:d')

/** Without the marks on its letters, as on a keyboard that has none. */
export function withoutAccents({text, script}: NameWord): string {
  if (script === 'az') return spell(text, AZ_DROPPED)
  if (script === 'ru') return text.replaceAll('ё', 'е').replaceAll('Ё', 'Е')
  return spell(text, DROPPED).normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC')
}

type Convention = 'Azeri' | 'Russian' | 'English' | 'by ear' | 'passport' | 'road sign' | 'casual' | 'German'

/** How the word is commonly written in other scripts, by convention. */
export function otherScripts(word: NameWord): ReadonlyMap<Convention, string> {
  return new Map(allScripts(word))
}

function allScripts({text, script, usage}: NameWord): readonly (readonly [Convention, string])[] {
  if (script === 'west') return [['German', spell(text, GERMAN)]]
  const used =
    usage === undefined
      ? []
      : ([
          ['Azeri', usage.az],
          ['Russian', usage.ru],
          ['English', usage.en],
          ['by ear', spell(usage.az, AZ_ENGLISH)],
        ] as const)
  if (script !== 'ru') return used
  return [
    ...used,
    ['passport', spell(text, RU_PASSPORT)],
    ['road sign', spell(text, RU_ROAD)],
    ['casual', spell(text, RU_CASUAL)],
  ]
}

const QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
const JCUKEN = 'йцукенгшщзхъфывапролджэячсмитьбюё'
const AZERI = 'qüertyuiopöğasdfghjklıəzxcvbnmçş`'

/** What appears when the word's own keys are struck while another layout is on; null where a letter has no key. */
export function wrongLayout({text, script}: NameWord): string | null {
  const [from, to] = script === 'ru' ? [JCUKEN, QWERTY] : script === 'az' ? [AZERI, JCUKEN] : [QWERTY, JCUKEN]
  const typed = Array.from(script === 'az' ? text.toLocaleLowerCase('az') : text.toLowerCase(), (letter) =>
    letter === '-' ? '-' : to[from.indexOf(letter)],
  )
  return typed.includes(undefined) ? null : typed.join('')
}

const ROWS = {
  ru: ['йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю'],
  az: ['qüertyuiopöğ', 'asdfghjklıə', 'zxcvbnmçş'],
  en: ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
} as const

/** The letters on the keys beside a letter's, in the layout of its script. */
export function neighbourKeys(letter: string, script: Script): readonly string[] {
  const rows = ROWS[script === 'west' ? 'en' : script]
  const row = rows.findIndex((keys) => keys.includes(letter))
  const at = rows[row]?.indexOf(letter) ?? -1
  const near = [
    rows[row]?.[at - 1],
    rows[row]?.[at + 1],
    rows[row - 1]?.[at],
    rows[row - 1]?.[at + 1],
    rows[row + 1]?.[at],
    rows[row + 1]?.[at - 1],
  ]
  return at < 0 ? [] : near.filter((key) => key !== undefined)
}
