import {expect} from 'chai'
import fc from 'fast-check'
import {detectEncoding} from '../../src/core/encoding.ts'
import {CellRefusal} from '../../src/core/import-cells.ts'
import {fieldOf, numberedColumns, parseMapping, readHeader} from '../../src/core/import-columns.ts'
import {readLine} from '../../src/core/import-line.ts'
import {commonBlocks, lineHash} from '../../src/core/import-overlap.ts'
import type {LineRules} from '../../src/core/import-rules.ts'
import {dateReader, decimalMark, parseSigned} from '../../src/core/import-values.ts'
import {parseMoment} from '../../src/core/moment.ts'
import {Moments} from '../../src/core/moments.ts'
import {Refusal} from '../../src/core/refusal.ts'
import {refusal} from '../support/refusal.ts'

describe('amounts of a file', () => {
  const amounts: readonly (readonly [text: string, mark: '.' | ',', minor: string])[] = [
    ['12.50', '.', '12.50'],
    ['12,50', ',', '12.50'],
    ['1 000,50', ',', '1000.50'],
    ['1\u00a0000\u202f000,5', ',', '1000000.5'],
    ['1,234.56', '.', '1234.56'],
    ["1'234.56", '.', '1234.56'],
    ['-3', '.', '-3'],
    ['\u22123,20', ',', '-3.20'],
    ['3.20-', '.', '-3.20'],
    ['(3.20)', '.', '-3.20'],
    ['+3.20', '.', '3.20'],
    ['12.50 AZN', '.', '12.50 AZN'],
    ['\u20bc12.50', '.', '12.50 \u20bc'],
    ['12,50 руб.', ',', '12.50 руб.'],
    ['\u20133.20', '.', '-3.20'],
    ['12.5000', '.', '12.50'],
  ]
  for (const [text, mark, expected] of amounts) {
    it(`${text} is ${expected}`, () => {
      const {negative, amount, unit} = parseSigned(text, mark)
      const digits = amount.digits.toString().padStart(amount.scale + 1, '0')
      const plain = amount.scale === 0 ? digits : `${digits.slice(0, -amount.scale)}.${digits.slice(-amount.scale)}`

      expect(`${negative ? '-' : ''}${plain}${unit === null ? '' : ` ${unit}`}`).to.equal(expected)
    })
  }

  it('are the same whether they are plain or have something around them', () =>
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{0,16}([.,]\d{0,5})?$/),
        fc.constantFrom('.' as const, ',' as const, null),
        (text, mark) => {
          const read = (written: string) => {
            try {
              return parseSigned(written, mark)
            } catch (error) {
              return (error as Refusal).hint
            }
          }
          expect(read(text)).to.deep.equal(read(`+${text}`))
          const negative = read(`-${text}`)
          expect(negative).to.deep.equal(read(`(${text})`))
        },
      ),
      {numRuns: 1_000},
    ))

  for (const text of [
    '',
    'x',
    '1.2.3',
    '1,2',
    '12,34.5',
    '--1',
    '(1',
    '1e5',
    '=1+1',
    '1234567890123456',
    '\0',
    '1.23456',
    '1 2.50',
    '12 34.50',
    '5 шт',
    '12.50 AZN USD',
    '5\n200',
    '5\t200',
    '6\r300',
    '5\u2028200',
  ]) {
    it(`${JSON.stringify(text)} is none`, () => {
      expect(refusal(() => parseSigned(text, '.')).code).to.equal('INVALID_AMOUNT')
    })
  }

  it('that are none are told at once, however long their spaces are', () => {
    const started = performance.now()

    for (const begin of ['(', '+', '1', '-USD', '( -', '$']) {
      expect(() => parseSigned(`${begin}${' '.repeat(5_000)}x`, '.')).to.throw(Refusal)
      expect(decimalMark([`${begin}${' 1'.repeat(5_000)}x`])).to.equal(null)
    }

    expect(performance.now() - started).to.be.lessThan(1_000)
  })

  it('have one decimal mark in a file, or it must be said', () => {
    expect(decimalMark(['1,234', '5,5'])).to.equal(',')
    expect(decimalMark(['1,234.5'])).to.equal('.')
    expect(decimalMark(['1,234,567'])).to.equal('.')
    expect(decimalMark(['12', 'x'])).to.equal(null)
    expect(decimalMark(['0.125'])).to.equal('.')
    expect(refusal(() => decimalMark(['1,234'])).hint).to.contain('--decimal')
    expect(refusal(() => decimalMark(['1.5', '1,5'])).code).to.equal('INVALID_INPUT')
  })
})

describe('dates of a file', () => {
  it('are ISO or have the day first between dots', () => {
    const read = dateReader(null)

    expect(read('2026-11-22')).to.equal('2026-11-22')
    expect(read('2.1.2026')).to.equal('2026-01-02')
    expect(read('22.11.2026 9:05')).to.equal('2026-11-22 09:05')
    expect(read('2026-11-22T10:00:00Z')).to.equal('2026-11-22T10:00:00Z')
    expect(refusal(() => read('22/11/2026')).hint).to.contain('--date-format')
  })

  it('that are written otherwise are refused with how they may be told', () => {
    const read = dateReader(null)

    expect(refusal(() => read('2026/11/22')).hint).to.contain('"YYYY/MM/DD"')
    expect(refusal(() => read('20261122')).hint).to.contain('"YYYYMMDD"')
    expect(refusal(() => read('11-22-26')).hint).to.contain('"MM-DD-YY"')
    for (const text of ['22-Nov-26', 'Nov 22, 2026', '22 ноября 2026']) {
      expect(refusal(() => read(text)).hint).to.contain('Write the month as a number')
    }
  })

  it('follow a format that is told', () => {
    expect(dateReader('MM/DD/YY HH:mm')('11/22/26 09:05')).to.equal('2026-11-22 09:05')
    expect(dateReader('YYYYMMDDHHmmss')('20261122090501')).to.equal('2026-11-22 09:05:01')
    expect(refusal(() => dateReader('DD.MM')).code).to.equal('USAGE')
    expect(refusal(() => dateReader('DD.MM.YYYY')('2026-11-22')).code).to.equal('INVALID_INPUT')
  })

  it('are the same moments as when typed one by one', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc
              .date({min: new Date('1950-01-01'), max: new Date('2030-01-01'), noInvalidDate: true})
              .map((date) => date.toISOString().slice(0, 16).replace('T', ' ')),
            fc.constantFrom(
              '2026-03-29 02:30',
              '2026-10-25 02:30',
              '2026-10-25',
              'today',
              'soon',
              '2026-02-30',
              '2026-01-01 24:10',
              '2026-03-29',
              '2026-03-29T23:59:59',
              '2026-10-25 03:00:01',
              '2018-11-04 00:30',
              '2011-12-30 10:00',
              '2011-12-31 00:00',
            ),
          ),
          {maxLength: 20},
        ),
        fc.constantFrom(
          'UTC',
          'Asia/Baku',
          'Europe/Berlin',
          'America/St_Johns',
          'America/Sao_Paulo',
          'Pacific/Apia',
          'Australia/Lord_Howe',
        ),
        async (texts, zone) => {
          const now = new Date('2026-11-22T10:00:00Z')
          const read = await new Moments(zone).read(texts, now)

          for (const [at, text] of texts.entries()) {
            const expected = await parseMoment(text, zone, now).then(
              (date) => date.toISOString(),
              (error: Refusal) => error.message,
            )
            const found = read[at]
            expect(found instanceof Refusal ? found.message : found).to.equal(expected)
          }
        },
      ),
    ))
})

describe('columns of a file', () => {
  it('that the user names come before those of that name, in JSON as well', () => {
    const mappings = [parseMapping('amount=paid')]

    expect(fieldOf('paid', mappings)).to.equal('amount')
    expect(fieldOf('amount', mappings)).to.equal(null)
    expect(fieldOf('client', mappings)).to.equal('client')
  })

  it('are known in English, Russian and Azeri', () => {
    const columns = (...header: Parameters<typeof readHeader>) => readHeader(...header)?.columns ?? null

    expect(columns(['Customer', 'Amount (AZN)', 'Date'], [])).to.deep.equal({client: 0, amount: 1, at: 2})
    expect(columns(['КЛИЕНТ', 'Сумма, ман.', 'Дата операции'], [])).to.deep.equal({client: 0, amount: 1, at: 2})
    expect(columns(['Müştəri', 'Məbləğ', 'Tarix', 'Qeyd'], [])).to.deep.equal({
      client: 0,
      amount: 1,
      at: 2,
      note: 3,
    })
    expect(columns(['Ad', 'TELEFON'], [])).to.deep.equal({name: 0, phone: 1})
    expect(columns(['x', 'y'], [])).to.equal(null)
    expect(columns(['x', 'y'], [parseMapping('client=x'), parseMapping('Сумма=2')])).to.deep.equal({
      client: 0,
      amount: 1,
    })
    expect(numberedColumns([parseMapping('client=3')])).to.deep.equal({client: 2})
    expect(fieldOf('occurredAt', [])).to.equal('at')
    expect(refusal(() => parseMapping('client')).code).to.equal('USAGE')
    expect(refusal(() => numberedColumns([parseMapping('client=x')])).code).to.equal('USAGE')
  })
})

describe('encodings', () => {
  const encoded = (text: string, encoding: 'utf16le' | 'utf8' | 'latin1') => Buffer.from(text, encoding)

  it('are told by their bytes', () => {
    expect(detectEncoding(encoded('client;amount\nəli;1', 'utf8'))).to.equal('utf-8')
    expect(detectEncoding(encoded('client;amount\n', 'utf8').subarray(0, 5))).to.equal('utf-8')
    expect(detectEncoding(encoded('\ufeffa;b\n', 'utf16le'))).to.equal('utf-16le')
    expect(detectEncoding(encoded('client;amount\nx;1', 'utf16le'))).to.equal('utf-16le')
    expect(detectEncoding(encoded('client;amount\nx;1', 'utf16le').swap16())).to.equal('utf-16be')
    expect(
      detectEncoding(Buffer.from([0xca, 0xeb, 0xe8, 0xe5, 0xed, 0xf2, 0x3b, 0xd1, 0xf3, 0xec, 0xec, 0xe0])),
    ).to.equal('windows-1251')
    expect(detectEncoding(encoded('M\u00fcller;caf\u00e9', 'latin1'))).to.equal('windows-1252')
    expect(detectEncoding(Buffer.from([0x41, 0xfe, 0x6b, 0x3b, 0xdd, 0x6c]))).to.equal('windows-1254')
    expect(detectEncoding(Buffer.alloc(0))).to.equal('utf-8')
  })

  it('of DOS are told from French quotations', () => {
    // Иванов, and «étés» «étés».
    const dos = Buffer.from([0x88, 0xa2, 0xa0, 0xad, 0xae, 0xa2])
    const french = Buffer.from('\u00ab\u00e9t\u00e9s\u00bb \u00ab\u00e9t\u00e9s\u00bb', 'latin1')

    expect(detectEncoding(dos)).to.equal('ibm866')
    expect(detectEncoding(french)).to.equal('windows-1252')
  })

  it('of old Unix are told by their capitals', () => {
    // Иванов Иван, and the same in Windows-1251.
    const koi8 = Buffer.from([0xe9, 0xd7, 0xc1, 0xce, 0xcf, 0xd7, 0x20, 0xe9, 0xd7, 0xc1, 0xce])
    const windows = Buffer.from([0xc8, 0xe2, 0xe0, 0xed, 0xee, 0xe2, 0x20, 0xc8, 0xe2, 0xe0, 0xed])

    expect(detectEncoding(koi8)).to.equal('koi8-r')
    expect(detectEncoding(windows)).to.equal('windows-1251')
  })

  it('are UTF-8 though a line is in another one', () => {
    const line = Buffer.from([0xca, 0xeb, 0xe8, 0xe5, 0xed, 0xf2, 0x0a])

    expect(detectEncoding(Buffer.concat([encoded('Клиент;Сумма\n', 'utf8'), line, line.subarray(4)]))).to.equal('utf-8')
  })
})

const RULES: LineRules = {
  dates: dateReader(null),
  mark: '.',
  kind: null,
  outIs: 'payment',
  staff: null,
  unit: null,
  ownUnit: 'AZN',
  method: null,
  hasMoney: true,
  hasClient: true,
}

describe('a line', () => {
  it('says by its sign, its column or its kind what it is', () => {
    const kind = (cells: Parameters<typeof readLine>[0], rules: Partial<LineRules> = {}) => {
      const line = readLine({client: '1', ...cells}, {...RULES, ...rules})
      return line.what === 'posting' ? line.posting.kind : line.what
    }

    expect(kind({amount: '5'})).to.equal('topup')
    expect(kind({amount: '-5'})).to.equal('payment')
    expect(kind({amount: '-5'}, {outIs: 'refund'})).to.equal('refund')
    expect(kind({in: '5', out: '0.00'})).to.equal('topup')
    expect(kind({in: '', out: '5'})).to.equal('payment')
    expect(kind({amount: '5', kind: 'Возврат'})).to.equal('refund')
    expect(kind({amount: '5', kind: 'xidmət'})).to.equal('payment')
    expect(kind({amount: '5'}, {kind: 'payment'})).to.equal('payment')
    expect(kind({name: 'Bob', kind: 'client'})).to.equal('client')
    expect(kind({name: 'Bob'}, {hasMoney: false})).to.equal('client')
  })

  it('is refused with the column that is wrong', () => {
    const field = (cells: Parameters<typeof readLine>[0]) => {
      try {
        readLine({client: '1', amount: '5', ...cells}, RULES)
      } catch (error) {
        if (error instanceof CellRefusal) return `${error.field} ${error.refusal.code}`
        throw error
      }
      return 'not refused'
    }

    expect(field({amount: '0'})).to.equal('amount INVALID_AMOUNT')
    expect(field({amount: undefined, in: '1', out: '1'})).to.equal('out INVALID_AMOUNT')
    expect(field({client: ''})).to.equal('client USAGE')
    expect(field({note: 'a\0b'})).to.equal('note INVALID_INPUT')
    expect(field({note: 'x'.repeat(10_000_000)})).to.equal('note INVALID_INPUT')
    expect(field({method: 'gold'})).to.equal('method INVALID_INPUT')
    expect(field({kind: 'gift'})).to.equal('kind INVALID_INPUT')
    expect(field({at: '1/2/2026'})).to.equal('at INVALID_INPUT')
    expect(field({kind: 'topup', amount: '-1'})).to.equal('amount INVALID_AMOUNT')
  })

  it('of any cells is read or refused, and never breaks', () => {
    const cell = fc.option(
      fc.oneof(fc.string({unit: 'binary', maxLength: 20}), fc.constantFrom('-5', '1.5', 'refund', '="1"', "'=x")),
      {
        nil: undefined,
      },
    )
    fc.assert(
      fc.property(
        fc.record({
          client: cell,
          name: cell,
          amount: cell,
          in: cell,
          out: cell,
          kind: cell,
          at: cell,
          note: cell,
          reference: cell,
          staff: cell,
          opening: cell,
          reason: cell,
        }),
        fc.boolean(),
        (cells, hasMoney) => {
          try {
            readLine(cells, {...RULES, hasMoney})
          } catch (error) {
            expect(error).to.be.instanceOf(CellRefusal)
          }
        },
      ),
      {numRuns: 500},
    )
  })
})

describe('lines that two files have in common', () => {
  const hashes = (text: string) => BigUint64Array.from([...text].map(lineHash))
  const blocks = (lines: string, earlier: string) =>
    commonBlocks(hashes(lines), hashes(earlier)).map(({at, earlier: there, length}) => [at, there, length])

  it('are found where one file goes on where the other ends', () => {
    expect(blocks('abcd', 'abc')).to.deep.equal([[0, 0, 3]])
    expect(blocks('cde', 'abc')).to.deep.equal([[0, 2, 1]])
    expect(blocks('xyab', 'abc')).to.deep.equal([[2, 0, 2]])
    expect(blocks('abcabc', 'abc')).to.deep.equal([[0, 0, 3]])
  })

  it('are found around lines that were mended', () => {
    expect(blocks('abXdYf', 'abcdef')).to.deep.equal([
      [0, 0, 2],
      [3, 3, 1],
      [5, 5, 1],
    ])
  })

  it('are not a single line somewhere else', () => {
    expect(blocks('xay', 'bac')).to.deep.equal([])
    expect(blocks('', 'a')).to.deep.equal([])
  })

  it('have hashes that tell texts apart', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(lineHash(a) === lineHash(b)).to.equal(a === b)
      }),
      {numRuns: 2000},
    )
  })
})
