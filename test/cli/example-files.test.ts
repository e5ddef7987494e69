import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {readRows} from '../../src/cli/demo/records.ts'
import {foldName} from '../../src/core/search-key.ts'
import {refusal} from '../support/refusal.ts'

const examples = (name: string) => readRows(join(import.meta.dirname, '../../examples', name))

describe('the example files', () => {
  it('are a realistic business: over 200 clients, names in three scripts, namesakes', async () => {
    const clients = examples('clients.csv')
    const names = clients.map(({name = ''}) => name)
    const keys = await Promise.all(names.map(foldName))

    expect(clients.length).to.be.greaterThan(200)
    for (const script of [/^[A-Za-z'. -]+$/, /[əƏğışöüçİ]/, /^[\p{Script=Cyrillic} -]+$/u]) {
      expect(names.filter((name) => script.test(name)).length, String(script)).to.be.at.least(20)
    }
    expect(keys.length - new Set(keys).size, 'namesakes').to.be.at.least(3)
    expect(Object.keys(clients[0] ?? {})).to.deep.equal(
      'name,phone,email,birth_date,category,source,code,default_price,note'.split(','),
    )
    for (const form of [/^\+994 \d\d \d/, /^0\d{9}$/, /^\(0\d\d\) /, /^00994/, /^\+7 /, /^\+90 /, /^\+44 /]) {
      expect(clients.filter(({phone = ''}) => form.test(phone)).length, String(form)).to.be.greaterThan(2)
    }
  })

  it('are a day of over 100 lines, in order, each with a reference of its own', () => {
    const day = examples('day.csv')
    const times = day.map(({time = ''}) => time)

    expect(day.length).to.be.greaterThan(100)
    expect(times).to.deep.equal(times.toSorted())
    expect(new Set(day.map(({reference}) => reference)).size).to.equal(day.length)
    expect(Object.keys(day[0] ?? {})).to.deep.equal('time,kind,client,amount,staff,method,note,reference'.split(','))
  })
})

describe('reading them', () => {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fleks-test-'))
  })
  after(() => rmSync(folder, {recursive: true}))
  const read = (text: string) => {
    const path = join(folder, 'x.csv')
    writeFileSync(path, text)
    return readRows(path)
  }

  it('knows quotes, commas, line breaks in cells, a byte order mark and both line ends', () => {
    expect(read('\ufeffa,b\r\n"x, ""y""",\r\n"1\n2",3')).to.deep.equal([
      {a: 'x, "y"', b: ''},
      {a: '1\n2', b: '3'},
    ])
    expect(read('a,b\n')).to.deep.equal([])
    expect(read('')).to.deep.equal([])
  })

  it('refuses what is no such file, naming the line', () => {
    for (const [text, line] of [
      ['a,b\n1\n', 2],
      ['a,b\n1,2\n"3,4\n', 3],
      ['a,b\n1,"2"x\n', 2],
    ] as const) {
      const {code, message} = refusal(() => read(text))
      expect({code, message: message.slice(0, 10)}).to.deep.equal({code: 'INVALID_INPUT', message: `Line ${line} of `})
    }
  })
})
