import {expect} from 'chai'
import fc from 'fast-check'
import {wordsBeginName} from '../../src/core/person-query.ts'
import {deletions, foldName, keyboardLayouts, loadFolding, looseWord} from '../../src/core/search-key.ts'
import {editDistance, nearest} from '../../src/core/similarity.ts'

describe('the folded name', () => {
  const pairs: readonly (readonly [string, string])[] = [
    ['Əliyeva', 'eliyeva'],
    ['ƏLİYEVA', 'eliyeva'],
    ['İradə', 'irade'],
    ['IRADE', 'irade'],
    ['Алиев', 'aliev'],
    ["O'Brien", 'obrien'],
    ['O’Brien', 'obrien'],
    ['Anna-Maria  Łukasz', 'anna maria lukasz'],
    ['Müller, Jörg', 'muller jorg'],
    ['  ', ''],
  ]
  for (const [name, key] of pairs) {
    it(`of ${name} is "${key}"`, async () => {
      expect(await foldName(name)).to.equal(key)
    })
  }

  it('is words of ASCII letters and digits, and folds to itself', async () => {
    const fold = await loadFolding()
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (text) => {
        const key = fold(text)
        expect(key).to.match(/^([a-z0-9]+( [a-z0-9]+)*)?$/)
        expect(fold(key)).to.equal(key)
      }),
    )
  })

  it('is the same by the short way, without the tables', async () => {
    const fold = await loadFolding()
    await fc.assert(
      fc.asyncProperty(fc.string({unit: 'grapheme-ascii'}), async (text) => {
        expect(await foldName(text)).to.equal(fold(text))
      }),
    )
  })
})

describe('the loose word', () => {
  const groups = [
    ['Əliyeva', 'Алиева', 'Aliyeva', 'Alieva', 'eliyeva'],
    ['Xəlilov', 'Халилов', 'Khalilov', 'Halilov'],
    ['Cəfərov', 'Джафаров', 'Jafarov', 'Dzhafarov'],
    ['Qasımov', 'Гасымов', 'Gasimov', 'Gasymov'],
    ['Şahin', 'Шахин', 'Shahin'],
    ['Çingiz', 'Чингиз', 'Chingiz'],
    ['Yusif', 'Юсиф'],
    ['Məmmədov', 'Мамедов', 'Mamedov', 'Mammadov'],
    ['Mariya', 'Мария', 'Maria'],
    ['Sofia', 'Sophia', 'София', 'Sofiya'],
    ['Hüseynov', 'Гусейнов', 'Huseynov', 'Guseinov'],
    ['Щербаков', 'Shcherbakov', 'Scherbakov'],
    ['Kamran', 'Кямран'],
    ['Günel', 'Гюнель', 'Gunel'],
  ]
  for (const group of groups) {
    it(`is the same for ${group.join(', ')}`, async () => {
      const forms = await Promise.all(group.map(async (name) => looseWord(await foldName(name))))
      expect(new Set(forms)).to.have.property('size', 1)
    })
  }

  it('is loose already when made again', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,12}$/), (word) => {
        expect(looseWord(looseWord(word))).to.equal(looseWord(word))
      }),
    )
  })
})

describe('typos', () => {
  const word = fc.stringMatching(/^[a-d]{3,7}$/)

  it('are measured as insertions, deletions, substitutions and swaps', () => {
    expect(editDistance('petrova', 'petorva', 2)).to.equal(1)
    expect(editDistance('petrova', 'petrov', 2)).to.equal(1)
    expect(editDistance('petrova', 'petruva', 2)).to.equal(1)
    expect(editDistance('anna', 'ivan', 2)).to.equal(3)
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b, 10)).to.equal(slowDistance(a, b))
        expect(editDistance(a, b, 1)).to.equal(Math.min(2, slowDistance(a, b)))
      }),
    )
  })

  it('share a form with the right word when there is one of them', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        if (slowDistance(a, b) > 1 || a.length < 3 || b.length < 3) return
        const forms = new Set(deletions(a))
        expect(
          deletions(b).some((form) => forms.has(form)),
          `${a} ${b}`,
        ).to.equal(true)
      }),
      {numRuns: 2000},
    )
  })

  it('share a form where one letter of another script is several here', async () => {
    const pairs = [
      ['Михайловна', 'Миайловна'],
      ['Куликова', 'Кцликова'],
      ['София', 'Софич'],
      ['Зуев', 'щЗуев'],
    ] as const
    for (const [kept, typed] of pairs) {
      const forms = new Set(deletions(await foldName(kept)))
      expect(
        deletions(await foldName(typed)).some((form) => forms.has(form)),
        typed,
      ).to.equal(true)
    }
  })

  it('suggest the nearest', () => {
    expect(nearest('bussiness-name', ['unit', 'business-name', 'time-zone'])).to.deep.equal(['business-name'])
    expect(nearest('xyz', ['unit', 'locale'])).to.deep.equal([])
  })
})

describe('the other keyboard layout', () => {
  it('is tried in both directions', () => {
    expect(keyboardLayouts('fkbtdf')).to.include('алиева')
    expect(keyboardLayouts('зукщмф')).to.include('perova')
    expect(keyboardLayouts('эдшнум')).to.include('əliyev')
    expect(keyboardLayouts("'liyev")).to.include('əliyev')
    expect(keyboardLayouts('123')).to.deep.equal([])
  })
})

describe('word prefixes', () => {
  it('mean a name when each begins a word of its own', () => {
    expect(wordsBeginName('ann pet', 'anna petrova')).to.equal(true)
    expect(wordsBeginName('pet ann', 'anna petrova')).to.equal(true)
    expect(wordsBeginName('an an', 'anna petrova')).to.equal(false)
    expect(wordsBeginName('an anna', 'anna andreeva')).to.equal(true)
    expect(wordsBeginName('etrova', 'anna petrova')).to.equal(false)
    expect(wordsBeginName('', 'anna')).to.equal(false)
  })

  it('are matched at once, however many of them are alike', () => {
    const alike = (count: number) => Array.from({length: count}, () => 'a').join(' ')

    expect(wordsBeginName(alike(100), alike(100))).to.equal(true)
    expect(wordsBeginName(alike(41), alike(40))).to.equal(false)
    expect(wordsBeginName(`${alike(40)} b`, `${alike(41)} c`)).to.equal(false)
    expect(wordsBeginName('ab a', 'a ab')).to.equal(true)
    expect(wordsBeginName('a ab abc', 'abc abd ab')).to.equal(true)
    expect(wordsBeginName('ab ab a', 'a abc b')).to.equal(false)
  }).timeout(2_000)
})

function slowDistance(a: string, b: string): number {
  const d = Array.from({length: a.length + 1}, (_, i) =>
    Array.from({length: b.length + 1}, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  )
  const at = (i: number, j: number) => d[i]?.[j] ?? 0
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, at(i - 2, j - 2) + 1)
      const row = d[i]
      if (row !== undefined) row[j] = best
    }
  }
  return at(a.length, b.length)
}
