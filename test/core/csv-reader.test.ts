import {expect} from 'chai'
import fc from 'fast-check'
import {CsvReader, csvLine, sniffDialect} from '../../src/core/csv-reader.ts'

function read(text: string, {delimiter = ',', pieces = [text]}: {delimiter?: string; pieces?: readonly string[]} = {}) {
  const reader = new CsvReader(delimiter)
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
}

function cut(text: string, places: readonly number[]): readonly string[] {
  const at = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b)
  return [...at, text.length].map((end, n) => text.slice(n === 0 ? 0 : at[n - 1], end))
}

describe('reading CSV', () => {
  it('takes records as RFC 4180 and spreadsheets write them', () => {
    const cells = (text: string) => read(text).map((record) => record.cells)

    expect(cells('a,b\r\n1,2\r\n')).to.deep.equal([
      ['a', 'b'],
      ['1', '2'],
    ])
    expect(cells('"a ""x""","b,c"\n"two\nlines",\n')).to.deep.equal([
      ['a "x"', 'b,c'],
      ['two\nlines', ''],
    ])
    expect(cells('5" pipe,1')).to.deep.equal([['5" pipe', '1']])
    expect(cells('a,"b"')).to.deep.equal([['a', 'b']])
    expect(cells('"a"\r\n"b"\r\n')).to.deep.equal([['a'], ['b']])
    expect(cells('')).to.deep.equal([])
  })

  it('breaks at the line of a quote that is never closed, and reads on', () => {
    const records = read('a,b\n"open,1\nc,d\ne,f\n')

    expect(records.map(({line, problem}) => [line, problem])).to.deep.equal([
      [1, null],
      [2, 'a quote is opened and never closed'],
      [3, null],
      [4, null],
    ])
    expect(read('"a"x,1\nb,2\n').map(({problem}) => problem)).to.deep.equal(['text follows a closing quote', null])
  })

  it('counts lines by where records begin', () => {
    expect(read('a\n"b\nc"\nd\n').map(({line}) => line)).to.deep.equal([1, 2, 4])
  })

  it('gives back what was written, however the text is cut into pieces', () => {
    const cell = fc.string({unit: fc.constantFrom('a', 'ə', '"', ',', ';', '\n', '\r\n', ' ', '0'), maxLength: 8})
    const table = fc.array(fc.array(cell, {minLength: 2, maxLength: 4}), {minLength: 1, maxLength: 6})
    fc.assert(
      fc.property(table, fc.array(fc.nat(), {maxLength: 6}), fc.constantFrom(',', ';'), (rows, places, delimiter) => {
        const text = rows.map((cells) => `${csvLine(cells, delimiter)}\n`).join('')

        const records = read(text, {delimiter, pieces: cut(text, places)})

        expect(records.map(({cells, problem}) => problem ?? cells)).to.deep.equal(rows)
      }),
    )
  })

  it('accounts for every line of anything, the same however it is cut', () => {
    const noise = fc.string({unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\0', '\ufffd', '1'), maxLength: 60})
    fc.assert(
      fc.property(noise, fc.array(fc.nat(), {maxLength: 6}), (text, places) => {
        const whole = read(text)

        expect(read(text, {pieces: cut(text, places)})).to.deep.equal(whole)
        const lines = text.split('\n')
        if (lines.at(-1) === '') lines.pop()
        const covered = whole.reduce((sum, {raw}) => sum + raw.split('\n').length, 0)
        expect(covered).to.equal(lines.length)
        expect(whole.map(({line}) => line)).to.deep.equal(whole.map(({line}) => line).sort((a, b) => a - b))
      }),
    )
  })

  it('waits for what follows a quote and half of a line break', () => {
    const text = '"\n"\ra\n"b"\r\n'

    for (let place = 0; place <= text.length; place++) {
      expect(read(text, {pieces: cut(text, [place])}), String(place)).to.deep.equal(read(text))
    }
  })

  it('tells the delimiter and the line break', () => {
    expect(sniffDialect('a;b;c\n1,5;2;3\n')).to.deep.equal({delimiter: ';', newline: '\n'})
    expect(sniffDialect('a\tb\n"1,2"\t3\n').delimiter).to.equal('\t')
    expect(sniffDialect('a|b\n1|2\n').delimiter).to.equal('|')
    expect(sniffDialect('a,b\r1,2\r')).to.deep.equal({delimiter: ',', newline: '\r'})
    expect(sniffDialect('sep=|\na,b|c\n').delimiter).to.equal('|')
    expect(sniffDialect('1;5,00;a\n1;6,00\n1;7,00;b;c\n').delimiter).to.equal(';')
    expect(sniffDialect('1,5\n1,6\n').delimiter).to.equal(',')
    expect(sniffDialect('alone\n').delimiter).to.equal(',')
    expect(sniffDialect('Bank, Inc\nx\na;b\n1;2\n3;4\n').delimiter).to.equal(';')
  })
})
