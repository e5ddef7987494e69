import {expect} from 'chai'
import fc from 'fast-check'
import {clientRowJson} from '../../src/views/client-json.ts'
import {csvText} from '../../src/views/csv.ts'
import {entryJson} from '../../src/views/entry-json.ts'
import {balancesCsv, clientsCsv, entriesCsv, settingsCsv, staffCsv} from '../../src/views/lists-csv.ts'
import {AZN, clientRowsWith, entriesWith, hostileTexts, texts} from '../support/arbitraries.ts'

/** RFC 4180, read strictly: CRLF after every line, quotes only around whole cells. */
function parsed(csv: string): string[][] {
  const lines: string[][] = []
  let line: string[] = []
  let at = 0
  while (at < csv.length) {
    const match = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
    match.lastIndex = at
    const found = match.exec(csv)
    if (found === null) throw new Error(`Not RFC 4180 at ${at}: ${JSON.stringify(csv.slice(at, at + 40))}`)
    line.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === '\r\n') {
      lines.push(line)
      line = []
    }
    at = match.lastIndex
  }
  return lines
}

describe('lists as CSV', () => {
  it('quote what must be quoted', () => {
    const rows = [{name: 'Anna "A", Petrova\nx', note: null, age: 5}]

    expect(csvText(['name', 'note', 'age'], rows, [])).to.equal('name,note,age\r\n"Anna ""A"", Petrova\nx",,5\r\n')
  })

  it('an empty list is its header', () => {
    expect(staffCsv([])).to.equal('id,name,createdAt,archived\r\n')
    expect(balancesCsv([])).to.equal('unit,balance\r\n')
    expect(settingsCsv([])).to.equal('key,value,source\r\n')
  })

  for (const text of ['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠1']) {
    it(`${JSON.stringify(text)} is text to a spreadsheet`, () => {
      expect(parsed(csvText(['note'], [{note: text}], []))[1]).to.deep.equal([`'${text}`])
    })
  }

  it('amounts and phone numbers stay what they are, and nothing else passes for one', () => {
    const rows = [{phone: '+994 50 123-45-67', balance: '-5.00'}]

    expect(parsed(csvText(['phone', 'balance'], rows, ['phone', 'balance']))[1]).to.deep.equal([
      '+994 50 123-45-67',
      '-5.00',
    ])
    expect(parsed(csvText(['phone'], [{phone: '+1+cmd|x'}], ['phone']))[1]).to.deep.equal(["'+1+cmd|x"])
  })

  it('come back from a parser as they were', () => {
    fc.assert(
      fc.property(fc.array(entriesWith(fc.oneof(texts, hostileTexts)), {maxLength: 5}), (entries) => {
        const rows = entries.map((entry) => entryJson(entry, AZN))
        const [header = [], ...lines] = parsed(entriesCsv(rows))
        expect(lines).to.have.length(rows.length)
        lines.forEach((line, at) => {
          const cells = Object.fromEntries(header.map((name, column) => [name, line[column]]))
          const row = rows[at]
          const text = (value: string | null) => {
            const plain = value ?? ''
            return /^[=+\-@\t\r\n＝＋－＠]/.test(plain) ? `'${plain}` : plain
          }
          expect(cells).to.include({
            id: row?.id,
            'client.id': String(row?.client.id),
            'client.name': text(row?.client.name ?? ''),
            amount: row?.amount,
            balanceBefore: row?.balanceBefore,
            balanceAfter: row?.balanceAfter,
            'staff.name': text(row?.staff?.name ?? null),
            note: text(row?.note ?? null),
            operator: text(row?.operator ?? ''),
          })
        })
      }),
    )
  })

  it('no cell of a text begins a formula', () => {
    fc.assert(
      fc.property(fc.array(clientRowsWith(hostileTexts), {maxLength: 5}), (clients) => {
        const [header = [], ...lines] = parsed(clientsCsv(clients.map(clientRowJson)))
        for (const line of lines) {
          line.forEach((cell, column) => {
            if (!['phone', 'balance', 'defaultPrice'].includes(header[column] ?? ''))
              expect(cell).to.not.match(/^[=+\-@\t\r\n＝＋－＠]/)
          })
        }
      }),
    )
  })
})
