import {expect} from 'chai'
import fc from 'fast-check'
import {TextTable} from '../../src/data/text-table.ts'

const anyText = fc.oneof(
  fc.string({unit: 'binary', maxLength: 12}),
  fc.string({unit: 'grapheme', maxLength: 12}),
  fc.string({unit: fc.constantFrom('a', 'ÿ', 'ə', '\0', '\ud83d', '\udc4d'), maxLength: 6}),
)

describe('a table of texts', () => {
  it('answers as a map does, whatever is written', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText, anyText), {maxLength: 300}), fc.array(anyText), (pairs, others) => {
        const table = new TextTable()
        const map = new Map(pairs)
        for (const [key, text] of pairs) table.set(key, text)

        expect(table.size).to.equal(map.size)
        for (const key of [...map.keys(), ...others]) expect(table.get(key)).to.equal(map.get(key))
      }),
    ))

  it('tells texts apart that have one hash', () => {
    const table = new TextTable()
    // By FNV-1a; the first two are as long as each other.
    for (const key of ['declinate', 'macallums', 'costarring', 'liquid']) {
      expect(table.get(key)).to.equal(undefined)
      table.set(key, `text of ${key}`)
    }

    expect(table.size).to.equal(4)
    expect(table.get('declinate')).to.equal('text of declinate')
    expect(table.get('macallums')).to.equal('text of macallums')
  })

  it('grows by many texts and by long ones, and is small again once it was cleared', () => {
    const table = new TextTable()
    const empty = table.bytes
    const long = 'ə'.repeat(1_000_000)
    for (let n = 0; n < 40_000; n++) table.set(`client ${n}`, `text of ${n}`)
    table.set('long', long)
    table.set('after', 'it')

    expect(table.get('client 0')).to.equal('text of 0')
    expect(table.get('client 39999')).to.equal('text of 39999')
    expect(table.get('client 40000')).to.equal(undefined)
    expect(table.get('long')).to.equal(long)
    expect(table.get('after')).to.equal('it')
    expect(table.bytes).to.be.greaterThan(empty * 10)

    table.clear()

    expect(table.size).to.equal(0)
    expect(table.get('client 0')).to.equal(undefined)
    expect(table.bytes).to.equal(empty)
    table.set('client 0', 'again')
    expect(table.get('client 0')).to.equal('again')
  })
})
