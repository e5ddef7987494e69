import {expect} from 'chai'
import fc from 'fast-check'
import {type Word, wholeWordCost, wordCost, wordsOf} from '../../src/core/closeness.ts'
import {loadFolding} from '../../src/core/search-key.ts'
import {NONE, nameCost, searchCost, TYPO, type Typed, WHOLE} from '../../src/core/search-rank.ts'

let fold: (text: string) => string

before(async () => {
  fold = await loadFolding()
})

function words(name: string): readonly Word[] {
  return wordsOf(name, fold(name))
}

function word(text: string): Word {
  const [first] = words(text)
  if (first === undefined) throw new Error(`No word in ${text}`)
  return first
}

describe('how close a typed word is', () => {
  /** Each is meant for the first more than for the second, and so on. */
  const order: readonly (readonly [typed: string, ...kept: string[]])[] = [
    ['Khalilov', 'Khalilov', 'Xəlilov', 'Həlilov'],
    ['Халилов', 'Халилов', 'Xəlilov', 'Галилов'],
    ['Əliyev', 'Əliyev', 'Aliyev', 'Oliyev'],
    ['Kerimli', 'Kərimli', 'Karimli'],
    ['anna', 'Anna', 'Annabel', 'Johanna', 'Onna'],
    ['samir', 'Samir', 'Самир', 'Samira', 'Самира'],
    ['петров', 'Петров', 'Petrov', 'Петрова', 'Петроф'],
    ['ana', 'Ana', 'Anna', 'Anastasia'],
  ]
  for (const [typed, ...kept] of order) {
    it(`to ${kept.join(', then ')} for ${typed}`, () => {
      const costs = kept.map((text) => wordCost(word(typed), word(text)))

      expect(costs).to.deep.equal(costs.toSorted((a, b) => a - b))
      expect(new Set(costs)).to.have.property('size', costs.length)
    })
  }

  const same = [
    ['Гусейнов', 'Hüseynov'],
    ['Huseynov', 'Гусейнов'],
    ['Джафаров', 'Cəfərov'],
    ['Jafarov', 'Cəfərov'],
    ['Щербаков', 'Shcherbakov'],
    ['Юлия', 'Yuliya'],
    ['Дмитрий', 'Dmitri'],
    ['Гюльнар', 'Gülnar'],
    ['Mueller', 'Muller'],
  ] as const
  for (const [typed, kept] of same) {
    it(`counts ${typed} for ${kept} as less than a typo`, () => {
      expect(wholeWordCost(word(typed), word(kept))).to.be.lessThan(TYPO)
    })
  }

  for (const [typed, kept] of [
    ['Горхмаз', 'Гормхаз'],
    ['Айгюн', 'Айюгн'],
    ['Зуев', 'щЗуев'],
    ['Софич', 'София'],
    ['Мирзоев', 'Мррзоев'],
    ['Миайловна', 'Михайловна'],
  ] as const) {
    it(`counts ${typed} for ${kept} as about one typo`, () => {
      expect(wholeWordCost(word(typed), word(kept))).to.be.within(0.5, 1.2)
    })
  }

  it('is nothing for the word itself, and never less for another', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-zəğışöüçа-я]{1,10}$/u),
        fc.stringMatching(/^[a-zəğışöüçа-я]{1,10}$/u),
        (a, b) => {
          fc.pre(fold(a) !== '' && fold(b) !== '' && !fold(a).includes(' ') && !fold(b).includes(' '))
          expect(wordCost(word(a), word(a))).to.equal(0)
          if (a !== b) expect(wordCost(word(a), word(b))).to.be.greaterThan(0)
        },
      ),
    )
  })

  it('is one word or another by whole words only, where beginnings do not count', () => {
    expect(wordCost(word('pet'), word('petrovich'))).to.be.lessThan(TYPO)
    expect(wholeWordCost(word('pet'), word('petrovich'))).to.equal(NONE)
    expect(wordCost(word('xyz'), word('petrova'))).to.equal(NONE)
  })
})

describe('how close a typed text is to a client', () => {
  const cost = (typed: string, name: string) => nameCost(words(typed), words(name))

  it('is least for the name as it is, then in another order, then with a word more', () => {
    expect(cost('anna petrova', 'Anna Petrova')).to.equal(0)
    expect(cost('anna petrova', 'Petrova Anna')).to.be.greaterThan(0)
    expect(cost('anna petrova', 'Anna Sergeevna Petrova')).to.be.greaterThan(cost('anna petrova', 'Petrova Anna'))
    expect(cost('anna petrova', 'Anna Sergeevna Petrova')).to.be.lessThan(WHOLE)
    expect(cost('anna petrova', 'Anna Petrov')).to.be.within(TYPO, 1.5)
  })

  it('gives every typed word a word of its own', () => {
    expect(cost('anna anna', 'Anna Petrova')).to.equal(NONE)
    expect(cost('an an', 'Anna Andreeva')).to.be.lessThan(TYPO)
  })

  it('reads a phone with and without its country code', () => {
    const typed: Typed = {
      key: '',
      words: [],
      digits: '994501234567',
      localPhones: ['0501234567'],
      codeKey: null,
      id: null,
    }
    const kept = (phoneDigits: string) => searchCost(typed, {id: 1n, words: [], phoneDigits, codeKey: null})

    expect(kept('994501234567')).to.equal(0)
    expect(kept('0501234567')).to.be.within(0.05, 0.2)
    expect(kept('4567')).to.equal(NONE)
    expect(kept('994509876543')).to.equal(NONE)
  })
})
