/**
 * Whom else a query may mean, so that nobody is blamed for not guessing.
 *
 * A query is unambiguous when no other client fits it at least as closely by the rule that made it:
 * - same: the typed words are words of the name, whatever case and accents;
 * - script: they are words of the name, or common spellings of such words in another script;
 * - typo: all together are at most one insertion, deletion, substitution or swap of neighbours away from words of the name;
 * - begins, part: they begin, or are parts of, words of the name, each of its own;
 * - phone: the national number is the same; phone end: the number ends so, or the digits are the client's id;
 * - code: the code is the same, whatever case.
 * Of two that fit, the one with fewer typos is closer; among those, for whole words, the one whose words stand in the
 * typed order or that has fewer words that were not typed, unless it is worse in the other way. What has the typed words as they are, in any order and
 * with any more, is no less close than what has them in another script.
 */

import {editDistance} from '../../src/core/similarity.ts'
import type {Person} from './people.ts'
import {nationalNumber, type Query, type Rule} from './queries.ts'
import {type NameWord, otherScripts, withoutAccents} from './spelling.ts'

interface KnownWord {
  readonly plain: string
  readonly other: ReadonlySet<string>
  readonly clients: number[]
}

interface Fit {
  readonly typos: number
  readonly outOfOrder: boolean
  readonly untyped: number
}

export class Truth {
  readonly #people: readonly Person[]
  readonly #words = new Map<string, KnownWord>()
  readonly #names: (readonly KnownWord[])[]
  readonly #byPhone = new Map<string, number>()
  readonly #byPhoneEnd = new Map<string, number>()
  readonly #fitting = new Map<string, ReadonlyMap<KnownWord, number>>()

  constructor(people: readonly Person[]) {
    this.#people = people
    this.#names = people.map(({words}, at) => words.flatMap(parts).map((word) => this.#learn(word, at)))
    for (const {phone} of people) {
      if (phone === null) continue
      const national = nationalNumber(phone.replace(/\D/g, ''))
      count(this.#byPhone, national)
      for (let length = 4; length <= 7; length++) count(this.#byPhoneEnd, national.slice(-length))
    }
  }

  /** True when `at`, the person the query was made for, is the only one it can mean. Ids are places counted from 1. */
  unambiguous(query: Query, at: number): boolean {
    const {rule, meant} = query
    const [number = ''] = meant
    if (rule === 'code')
      return this.#people.filter(({code}) => code?.toLowerCase() === number.toLowerCase()).length === 1
    if (rule === 'phone') return this.#byPhone.get(number) === 1
    if (rule === 'phone end') {
      const isId = /^[1-9]\d*$/.test(query.text) && Number(query.text) <= this.#people.length
      return !isId && this.#byPhoneEnd.get(number) === 1
    }
    return this.#onlyName(rule, meant.map(plainText), at)
  }

  #onlyName(rule: Rule, typed: readonly string[], at: number): boolean {
    const own = this.#fit(rule, typed, at)
    if (own === null) return false
    const lists = typed.map((word) => [...this.#fittingWords(rule, word).keys()].flatMap(({clients}) => clients))
    const shortest = lists.reduce((best, list) => (list.length < best.length ? list : best))
    return [...new Set(shortest)].every((other) => {
      if (other === at) return true
      const fit = this.#fit(rule, typed, other)
      return fit === null || (closer(rule, own, fit) && !(rule === 'script' && this.#hasAsTyped(typed, other)))
    })
  }

  #hasAsTyped(typed: readonly string[], at: number): boolean {
    return typed.every((word) => this.#names[at]?.some(({plain}) => plain === word))
  }

  #fit(rule: Rule, typed: readonly string[], at: number): Fit | null {
    const name = this.#names[at] ?? []
    let best: Fit | null = null
    const assign = (index: number, used: readonly number[], typos: number): void => {
      if (typos > 1) return
      const word = typed[index]
      if (word === undefined) {
        const outOfOrder = used.some((place, n) => n > 0 && place < (used[n - 1] ?? 0))
        const fit = {typos, outOfOrder, untyped: name.length - typed.length}
        if (best === null || closer(rule, fit, best)) best = fit
        return
      }
      const fitting = this.#fittingWords(rule, word)
      name.forEach((candidate, place) => {
        const distance = fitting.get(candidate)
        if (distance !== undefined && !used.includes(place)) assign(index + 1, [...used, place], typos + distance)
      })
    }
    assign(0, [], 0)
    return best
  }

  #fittingWords(rule: Rule, typed: string): ReadonlyMap<KnownWord, number> {
    const key = `${rule} ${typed}`
    const known = this.#fitting.get(key)
    if (known !== undefined) return known
    const fitting = new Map<KnownWord, number>()
    for (const word of this.#words.values()) {
      const distance = distanceBy(rule, typed, word)
      if (distance !== null) fitting.set(word, distance)
    }
    this.#fitting.set(key, fitting)
    return fitting
  }

  #learn(word: NameWord, at: number): KnownWord {
    const key = `${word.script} ${word.text}`
    const known = this.#words.get(key) ?? {
      plain: plainText(withoutAccents(word)),
      other: new Set([...otherScripts(word).values()].map(plainText)),
      clients: [],
    }
    this.#words.set(key, known)
    known.clients.push(at)
    return known
  }
}

function parts(word: NameWord): readonly NameWord[] {
  return word.text.split('-').map((text) => ({...word, text}))
}

/** Lower case, no accents: what is left of a text by which it is compared, in its own script. */
function plainText(text: string): string {
  const latin = withoutAccents({text: withoutAccents({text, script: 'az'}), script: 'ru'})
  const plain = /[а-я]/i.test(latin) ? latin : withoutAccents({text: latin, script: 'west'})
  return plain.toLowerCase().replace(/['’]/g, '')
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function distanceBy(rule: Rule, typed: string, {plain, other}: KnownWord): number | null {
  if (rule === 'typo') {
    const distance = editDistance(typed, plain, 1)
    return distance <= 1 ? distance : null
  }
  const fits =
    rule === 'begins'
      ? plain.startsWith(typed)
      : rule === 'part'
        ? plain.includes(typed)
        : plain === typed || (rule === 'script' && other.has(typed))
  return fits ? 0 : null
}

/** Neither is closer than the other where each is better in its way. */
function closer(rule: Rule, a: Fit, b: Fit): boolean {
  if (a.typos !== b.typos) return a.typos < b.typos
  if (rule === 'begins' || rule === 'part') return false
  const worse = (a.outOfOrder && !b.outOfOrder) || a.untyped > b.untyped
  return !worse && (a.outOfOrder !== b.outOfOrder || a.untyped < b.untyped)
}
