/** Queries of which it is known whom they mean: what people type for a client, right, sloppily or on the wrong keyboard. */

import {nameOf, type Person} from './people.ts'
import type {Rng} from './rng.ts'
import {type NameWord, neighbourKeys, otherScripts, withoutAccents, wrongLayout} from './spelling.ts'

/** How a typed word relates to the word it stands for; decides who else the query may mean (truth.ts). */
export type Rule = 'same' | 'script' | 'typo' | 'begins' | 'part' | 'phone' | 'phone end' | 'code'

export interface Query {
  readonly text: string
  readonly rule: Rule
  /** What is compared by the rule: words of the name as meant, or one number or code. */
  readonly meant: readonly string[]
}

type Make = (person: Person, random: Rng) => Query | null

function ofWords(rule: Rule, words: readonly string[] | null): Query | null {
  return words === null
    ? null
    : {text: words.join(' '), rule, meant: words.flatMap((word) => word.split('-')).filter((word) => word !== '')}
}

function typo(
  change: (letters: readonly string[], at: number, word: NameWord, random: Rng) => readonly string[] | null,
): Make {
  return ({words}, random) => {
    const which = random.below(words.length)
    const texts = words.map((word, at) => {
      if (at !== which) return word.text
      const letters = [...word.text]
      return letters.length < 4 ? null : (change(letters, random.below(letters.length), word, random)?.join('') ?? null)
    })
    const typed = texts.filter((text) => text !== null)
    return typed.length === words.length ? ofWords('typo', typed) : null
  }
}

const lower = (word: NameWord) => (word.script === 'az' ? word.text.toLocaleLowerCase('az') : word.text.toLowerCase())
const upper = (word: NameWord) => (word.script === 'az' ? word.text.toLocaleUpperCase('az') : word.text.toUpperCase())

/** All words by one convention: nobody changes the keyboard within a name. */
function inOtherScript({words}: Person, random: Rng): Query | null {
  const forms = words.map(otherScripts)
  const common = [...(forms[0]?.keys() ?? [])].filter((convention) => forms.every((form) => form.has(convention)))
  if (common.length === 0) return null
  const convention = random.pick(common)
  return ofWords(
    'script',
    forms.map((form) => form.get(convention) ?? ''),
  )
}

function digitsOf({phone}: Person): string | null {
  return phone === null ? null : phone.replace(/\D/g, '')
}

/** The number without country code and trunk zero, as nine digits. */
export function nationalNumber(digits: string): string {
  return digits.replace(/^(994|7(?=9)|0)(?=\d{9})/, '').slice(-10)
}

function phone(write: (national: string, random: Rng) => string, rule: Rule = 'phone'): Make {
  return (person, random) => {
    const digits = digitsOf(person)
    // Numbers of another country are written in other ways.
    if (digits === null || digits.startsWith('7')) return null
    const text = write(nationalNumber(digits), random)
    return {text, rule, meant: [rule === 'phone' ? nationalNumber(digits) : text.replace(/\D/g, '')]}
  }
}

const groups = (national: string): [string, string, string, string] => [
  national.slice(0, 2),
  national.slice(2, 5),
  national.slice(5, 7),
  national.slice(7),
]

export const CLASSES: Readonly<Record<string, Make>> = {
  'as it is kept': ({words}) =>
    ofWords(
      'same',
      words.map(({text}) => text),
    ),
  'lower case': ({words}) => ofWords('same', words.map(lower)),
  'upper case': ({words}) => ofWords('same', words.map(upper)),
  'accents dropped': ({words}) => {
    const dropped = words.map(withoutAccents)
    return dropped.every((text, at) => text === words[at]?.text) ? null : ofWords('same', dropped)
  },
  'another script or transliteration': inOtherScript,
  'the same, lower case': (person, random) => {
    const query = inOtherScript(person, random)
    return query === null ? null : {...query, text: query.text.toLowerCase()}
  },
  'a letter left out': typo((letters, at) => letters.toSpliced(at, 1)),
  'a letter too many': typo((letters, at, {script}, random) => {
    const near = neighbourKeys((letters[at] ?? '').toLowerCase(), script)
    return near.length === 0 ? null : letters.toSpliced(at + random.below(2), 0, random.pick(near))
  }),
  'a letter doubled': typo((letters, at) => letters.toSpliced(at, 0, letters[at] ?? '')),
  'two letters swapped': typo((letters, at) => {
    const [a, b] = [letters[at], letters[at + 1]]
    return a === undefined || b === undefined || a.toLowerCase() === b.toLowerCase()
      ? null
      : letters.toSpliced(at, 2, b, a)
  }),
  'the key beside': typo((letters, at, {script}, random) => {
    const near = neighbourKeys((letters[at] ?? '').toLowerCase(), script)
    return near.length === 0 ? null : letters.toSpliced(at, 1, random.pick(near))
  }),
  'words in another order': ({words}, random) => {
    const texts = words.map(({text}) => text)
    const turned = random.next() < 0.5 ? texts.toReversed() : [...texts.slice(1), ...texts.slice(0, 1)]
    return ofWords('same', turned)
  },
  'two of three words': ({words}, random) =>
    words.length < 3 ? null : ofWords('same', words.toSpliced(random.below(3), 1).map(lower)),
  'first letters of two words': ({words}, random) => {
    const [a, b] = random.next() < 0.5 ? [words[0], words[1]] : [words[1], words[0]]
    if (a === undefined || b === undefined) return null
    return ofWords('begins', [lower(a).slice(0, 3 + random.below(3)), lower(b).slice(0, 3 + random.below(3))])
  },
  'a part of a word and another word': ({words}, random) => {
    const [a, b] = random.next() < 0.5 ? [words[0], words[1]] : [words[1], words[0]]
    if (a === undefined || b === undefined || a.text.length < 6) return null
    const from = 1 + random.below(a.text.length - 5)
    return ofWords('part', [lower(a).slice(from, from + 4 + random.below(3)), lower(b)])
  },
  'parts of two words': ({words}, random) => {
    const [a, b] = random.next() < 0.5 ? [words[0], words[1]] : [words[1], words[0]]
    if (a === undefined || b === undefined || a.text.length < 5 || b.text.length < 5) return null
    return ofWords('part', [lower(a).slice(1, 5 + random.below(3)), lower(b).slice(1, 5 + random.below(3))])
  },
  'wrong keyboard layout': ({words}) => {
    const typed = words.map(wrongLayout)
    if (typed.some((text) => text === null)) return null
    return {text: typed.join(' '), rule: 'same', meant: words.map(({text}) => text)}
  },
  'phone +994 50 123 45 67': phone((national) => `+994 ${groups(national).join(' ')}`),
  'phone +994501234567': phone((national) => `+994${national}`),
  'phone 00994501234567': phone((national) => `00994${national}`),
  'phone 00501234567': phone((national) => `00${national}`),
  'phone 0501234567': phone((national) => `0${national}`),
  'phone (050) 123-45-67': phone((national) => {
    const [a, b, c, d] = groups(national)
    return `(0${a}) ${b}-${c}-${d}`
  }),
  'phone 501234567': phone((national) => national),
  'last 4 to 7 digits': phone((national, random) => national.slice(-4 - random.below(4)), 'phone end'),
  'last digits 123-45-67': phone((national) => groups(national).slice(1).join('-'), 'phone end'),
  code: ({code}) => (code === null ? null : {text: code, rule: 'code', meant: [code]}),
  'code in lower case': ({code}) => (code === null ? null : {text: code.toLowerCase(), rule: 'code', meant: [code]}),
}

/** A query of the class for this person; null where the class says nothing about such a person. */
export function makeQuery(className: string, person: Person, random: Rng): Query | null {
  const query = CLASSES[className]?.(person, random) ?? null
  // What is kept word for word is no change of script, order or spelling.
  return query === null || (className !== 'as it is kept' && query.rule !== 'code' && query.text === nameOf(person))
    ? null
    : query
}
