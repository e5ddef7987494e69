/** Clients as a business in Baku has them: three scripts and guests from Europe, with phones and codes. */

import * as names from './names.ts'
import type {Rng} from './rng.ts'
import type {NameWord, Script} from './spelling.ts'

export interface Person {
  readonly words: readonly NameWord[]
  readonly phone: string | null
  readonly code: string | null
}

export function nameOf({words}: Person): string {
  return words.map(({text}) => text).join(' ')
}

export function makePerson(random: Rng): Person {
  return {
    words: makeName(random),
    phone: random.next() < 0.6 ? makePhone(random) : null,
    code: random.next() < 0.1 ? makeCode(random) : null,
  }
}

function makeName(random: Rng): readonly NameWord[] {
  const kind = random.next()
  if (kind < 0.35) return azeri(random, 'az')
  if (kind < 0.47) return azeri(random, 'ru')
  if (kind < 0.59) return azeri(random, 'en')
  if (kind < 0.85) return russian(random)
  return western(random)
}

function azeri(random: Rng, script: 'az' | 'ru' | 'en'): readonly NameWord[] {
  const woman = random.next() < 0.5
  const first = spelled(random.pickCommon(woman ? names.AZ_WOMEN : names.AZ_MEN), script)
  const last =
    random.next() < 0.8
      ? spelled(female(random.pickCommon(names.AZ_SURNAMES), woman), script)
      : spelled(random.pick(names.AZ_PLAIN_SURNAMES), script)
  const father = spelled(random.pickCommon(names.AZ_MEN), script)
  const name = random.next() < 0.6 ? [first, last] : [last, first]
  return random.next() < 0.3 ? [...name, father] : name
}

function spelled(usage: names.Spellings, script: 'az' | 'ru' | 'en'): NameWord {
  return {text: usage[script], script, usage}
}

function female({az, ru, en}: names.Spellings, woman: boolean): names.Spellings {
  return woman ? {az: `${az}a`, ru: `${ru}а`, en: `${en}a`} : {az, ru, en}
}

function russian(random: Rng): readonly NameWord[] {
  const woman = random.next() < 0.5
  const first = random.pickCommon(woman ? names.RU_WOMEN : names.RU_MEN)
  const surname = random.pickCommon(names.RU_SURNAMES)
  const last = woman ? surname.replace(/(ский|)$/, (end) => (end === '' ? 'а' : 'ская')) : surname
  const father = random.pickCommon(names.RU_PATRONYMICS)
  const patronymic = woman ? father.replace(/(ович|евич|ич)$/, (end) => (end === 'ович' ? 'овна' : 'евна')) : father
  const order = random.next()
  const texts =
    order < 0.4
      ? [last, first, patronymic]
      : order < 0.6
        ? [first, patronymic, last]
        : order < 0.8
          ? [first, last]
          : [last, first]
  return texts.map((text) => word(text, 'ru'))
}

function western(random: Rng): readonly NameWord[] {
  return [random.pick(names.WEST_FIRST), random.pick(names.WEST_LAST)].map((text) => word(text, 'west'))
}

function word(text: string, script: Script): NameWord {
  return {text, script}
}

const OPERATORS = ['50', '51', '55', '70', '77', '99', '10']

function makePhone(random: Rng): string {
  const number = String(random.below(10_000_000)).padStart(7, '0')
  const [a, b, c] = [number.slice(0, 3), number.slice(3, 5), number.slice(5)]
  const operator = random.pick(OPERATORS)
  return random.pick([
    `+994 ${operator} ${a} ${b} ${c}`,
    `+994${operator}${number}`,
    `+994 (${operator}) ${a}-${b}-${c}`,
    `0${operator} ${a} ${b} ${c}`,
    `0${operator}-${a}-${b}-${c}`,
    `+7 9${operator} ${a}-${b}-${c}`,
  ])
}

function makeCode(random: Rng): string {
  return `${random.pick(['VIP', 'A', 'gym', 'K'])}-${random.below(10_000_000)}`
}
