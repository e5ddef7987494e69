import {stripVTControlCharacters} from 'node:util'
import {expect} from 'chai'
import fc from 'fast-check'
import stringWidth from 'string-width'
import {safeText} from '../../src/core/safe-text.ts'
import {columnsOf, learnWidths} from '../../src/core/text-width.ts'
import {clientsText, staffText, totalsText} from '../../src/views/client-text.ts'
import {historyText} from '../../src/views/history-text.ts'
import {wrapped} from '../../src/views/measure.ts'
import {doctorText} from '../../src/views/server-text.ts'
import {settingsText} from '../../src/views/settings-text.ts'
import {type Column, tableText} from '../../src/views/table.ts'
import {
  balances,
  clientRowsWith,
  entriesWith,
  hostileTexts,
  staffWith,
  texts,
  units,
  WIDE_AND_NARROW,
} from '../support/arbitraries.ts'
import {PIPE, screen} from '../support/screens.ts'

const PAIRS: readonly Column<readonly [string, string]>[] = [
  {title: 'NAME', value: ([name]) => name, flexible: true},
  {title: 'AMOUNT', value: () => '12.50', align: 'right'},
  {title: 'NOTE', value: ([, note]) => note, flexible: true, optional: 1},
]

/** Every list there is, on random data. */
function tables(names: fc.Arbitrary<string>) {
  const some = <T>(values: fc.Arbitrary<T>) => fc.array(values, {minLength: 1, maxLength: 5})
  const checks = fc.record({name: fc.constantFrom('fleks', 'Node'), ok: fc.boolean(), value: names, source: names})
  const settings = fc.record({key: fc.constantFrom('unit', 'counted-units'), value: names, source: names})
  const totals = fc.record({unit: units, balance: balances, clients: fc.nat()})
  return fc.oneof(
    some(clientRowsWith(names)).map((rows) => (on: typeof PIPE) => clientsText(rows, on, '')),
    some(entriesWith(names)).map((rows) => (on: typeof PIPE) => historyText(rows, on)),
    some(staffWith(names)).map((rows) => (on: typeof PIPE) => staffText(rows, on)),
    some(checks).map((rows) => (on: typeof PIPE) => doctorText(rows, on)),
    some(settings).map((rows) => (on: typeof PIPE) => settingsText(rows, on)),
    some(totals).map((rows) => (on: typeof PIPE) => totalsText(rows, on)),
  )
}

describe('the width of a text', () => {
  before(() => learnWidths('☕️'))

  it('is counted without help where the text is plain, and comes to the same', () => {
    const plain = fc.string({unit: fc.integer({min: 0x20, max: 0x2500}).map((code) => String.fromCharCode(code))})

    fc.assert(
      fc.property(plain, (text) => {
        expect(columnsOf(text)).to.equal(stringWidth(text))
      }),
      {numRuns: 2000},
    )
    for (let code = 0x20; code <= 0x2500; code++) {
      const character = String.fromCharCode(code)
      expect(columnsOf(character), code.toString(16)).to.equal(stringWidth(character))
      expect(columnsOf(`a${character}b`), code.toString(16)).to.equal(stringWidth(`a${character}b`))
    }
  })
})

describe('tables', () => {
  before(() => learnWidths('☕️'))

  it('stand in columns', () => {
    const rows = [
      ['Anna', 'first'],
      ['王小明', 'second'],
      ['👨‍👩‍👧‍👦 ☕️ 🇦🇿', 'e\u0301'],
    ] as const

    expect(tableText(PAIRS, rows, PIPE)).to.equal(
      [
        'NAME      AMOUNT  NOTE',
        '────────  ──────  ──────',
        'Anna       12.50  first',
        '王小明     12.50  second',
        '👨‍👩‍👧‍👦 ☕️ 🇦🇿   12.50  e\u0301',
        '',
      ].join('\n'),
    )
  })

  it('take the columns that a terminal gives them', () => {
    for (const [text, columns] of [
      ['王', 2], ['한', 2], ['ﾊ', 1], ['👨‍👩‍👧‍👦', 2], ['👩🏽‍🦰', 2], ['🇦🇿', 2], ['☕️', 2], ['e\u0301', 1], ['ə', 1], ['ש', 1], ['→', 1],
    ] as const) // biome-ignore format: a list
      expect(columnsOf(text), text).to.equal(columns)
  })

  it('wrap between words where they can, and keep ids and amounts whole', () => {
    const rows = [['Maximilian von Hohenlohe', 'a']] as const

    expect(tableText(PAIRS, rows, screen({width: 26}))).to.equal(
      [
        'NAME          AMOUNT  NOTE',
        '────────────  ──────  ────',
        'Maximilian     12.50  a',
        'von',
        'Hohenlohe',
        '',
      ].join('\n'),
    )
  })

  it('leave out what matters least, then stand on end', () => {
    const rows = [['Maximilian', 'a']] as const

    expect(tableText(PAIRS, rows, screen({width: 20}))).to.equal(
      ['NAME        AMOUNT', '──────────  ──────', 'Maximilian   12.50', ''].join('\n'),
    )
    expect(tableText(PAIRS, rows, screen({width: 15}))).to.equal(
      ['NAME    Maximil', '        ian', 'AMOUNT  12.50', 'NOTE    a', ''].join('\n'),
    )
  })

  it('fit any terminal, whatever is in them', () => {
    fc.assert(
      fc.property(
        tables(fc.oneof(texts, hostileTexts)),
        fc.integer({min: 20, max: 200}),
        fc.boolean(),
        (table, width, colour) => {
          for (const line of table(screen({width, colour})).split('\n')) {
            expect(columnsOf(line), JSON.stringify(line)).to.be.at.most(width)
          }
        },
      ),
      {numRuns: 300},
    )
  })

  it('lose nothing in a pipe', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, texts), {minLength: 1, maxLength: 5}), (rows) => {
        const lines = tableText(PAIRS, rows, PIPE).split('\n')
        expect(lines).to.have.length(rows.length + 3)
        rows.forEach(([name, note], at) => {
          expect(lines[at + 2]?.startsWith(safeText(name))).to.equal(true)
          expect(lines[at + 2]?.endsWith(safeText(note).trimEnd())).to.equal(true)
        })
      }),
    )
  })

  it('lose nothing on a terminal either', () => {
    const letters = (text: string) => text.replace(/\s/g, '')
    fc.assert(
      fc.property(texts, fc.integer({min: 4, max: 40}), (text, width) => {
        expect(letters(wrapped(text, width).join(''))).to.equal(letters(text))
      }),
    )
  })

  it('begin every column where its title begins', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, texts), {minLength: 1, maxLength: 5}), (rows) => {
        const [titles = '', , ...lines] = tableText(PAIRS, rows, PIPE).split('\n')
        const amountsEnd = columnsOf(titles.slice(0, titles.indexOf('AMOUNT') + 'AMOUNT'.length))
        rows.forEach(([name], at) => {
          const line = lines[at] ?? ''
          const end = line.indexOf('12.50', safeText(name).length) + '12.50'.length
          expect(columnsOf(line.slice(0, end)), line).to.equal(amountsEnd)
        })
      }),
    )
  })

  it('look the same with colour and without', () => {
    fc.assert(
      fc.property(tables(texts), fc.integer({min: 20, max: 120}), (table, width) => {
        expect(stripVTControlCharacters(table(screen({width, colour: true})))).to.equal(table(screen({width})))
      }),
    )
  })

  it('have no spaces at the ends of their lines', () => {
    fc.assert(
      fc.property(tables(texts), fc.boolean(), (table, colour) => {
        expect(table(screen({width: 60, colour}))).to.not.match(/ \n/)
      }),
    )
  })

  it('keep spaces where there is room for them', () => {
    expect(wrapped('  a  b', 6)).to.deep.equal(['  a  b'])
  })

  it('break what belongs together only where it is wider than a line', () => {
    expect(wrapped('👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 2)).to.deep.equal(['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦'])
    expect(wrapped('क्क्क्क', 2).map(columnsOf)).to.deep.equal([2, 2])
  })

  it('wrap every script without a line that is too long', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WIDE_AND_NARROW)), fc.integer({min: 2, max: 30}), (words, width) => {
        for (const line of wrapped(words.join(' '), width)) expect(columnsOf(line)).to.be.at.most(width)
      }),
    )
  })
})
