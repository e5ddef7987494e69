/** Imports of files with contents that nobody means among lines that everybody means; FUZZ_SEED= tries others. */

import {spawnSync} from 'node:child_process'
import {rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import fc from 'fast-check'
import * as z from 'zod/mini'
import {addClient} from '../../src/data/clients.ts'
import {topup} from '../../src/data/posting.ts'
import {FAILURE_SCHEMA, OUTPUT_SCHEMAS} from '../../src/views/schemas.ts'
import {type TestDatabase, withTestDatabase} from '../support/database.ts'
import {FUZZ_SEED, fuzz} from '../support/hostile.ts'
import {oddBytes, oddJson, oddTextFor, oddTexts, rawObject} from '../support/hostile-files.ts'
import {runHere} from '../support/in-process.ts'
import {withProgram} from '../support/program.ts'
import {temporaryFolder} from '../support/server.ts'
import {watched} from '../support/watched.ts'
import {openBusiness, request, UNIQUE} from '../support/world.ts'

const TOLD_MAX = 1_024
const MEMORY_MAX_KB = 900_000
const COLUMNS = ['client', 'amount', 'staff', 'note', 'method', 'unit', 'date'] as const
type Column = (typeof COLUMNS)[number]

/** One line of a file. Meant: it must be done. Otherwise: done as it says, or refused. */
interface Line {
  readonly bytes: Buffer
  readonly meant: boolean
  /** The text of its amount, where the line says one. */
  readonly amount: string | null
}

type Cells = Readonly<Record<Column, string>>

const meantCells: fc.Arbitrary<Cells> = fc
  .tuple(fc.constantFrom('1', '2', 'Anna Petrova'), fc.integer({min: 1, max: 99_999}), fc.boolean())
  .map(([client, cents, charged]) => ({
    client,
    amount: `${charged ? '-' : ''}${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`,
    staff: charged ? 'Ina' : '',
    note: 'ə = 1+1',
    method: '',
    unit: '',
    date: '',
  }))

const oddCells: fc.Arbitrary<Cells> = fc
  .tuple(meantCells, fc.constantFrom(...COLUMNS))
  .chain(([cells, column]) => fc.oneof(oddTexts, oddTextFor(column)).map((text) => ({...cells, [column]: text})))

/** As RFC 4180 quotes a cell; a spreadsheet quotes all that is odd. */
function csvBytes(cells: Cells): Buffer {
  const quote = (text: string) => (/^[\w .\-=+ə]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`)
  return Buffer.from(COLUMNS.map((column) => quote(cells[column])).join(','))
}

const csvLines: fc.Arbitrary<Line> = fc.oneof(
  {weight: 2, arbitrary: meantCells.map((cells) => ({bytes: csvBytes(cells), meant: true, amount: cells.amount}))},
  {
    weight: 4,
    arbitrary: oddCells.map((cells) => ({
      // One record is one line here, so that the lines can be counted by anybody.
      bytes: Buffer.from(csvBytes(cells).map((byte) => (byte === 10 || byte === 13 ? 11 : byte))),
      meant: false,
      amount: cells.amount,
    })),
  },
  // Too few cells, too many, bytes of no character, text around quotes.
  {
    weight: 2,
    arbitrary: fc.tuple(meantCells, fc.constantFrom('short', 'long', 'bytes', 'after', 'cr')).map(([cells, how]) => ({
      bytes: broken(csvBytes(cells), how),
      meant: false,
      amount: how === 'cr' ? cells.amount : null,
    })),
  },
  {
    weight: 1,
    arbitrary: oddBytes.map((bytes) => ({
      bytes: Buffer.from(bytes.map((byte) => (byte === 34 || byte === 13 ? 39 : byte))),
      meant: false,
      amount: null,
    })),
  },
)

function broken(bytes: Buffer, how: string): Buffer {
  if (how === 'short') return bytes.subarray(0, bytes.lastIndexOf(44))
  if (how === 'long') return Buffer.concat([bytes, Buffer.from(',,,x')])
  if (how === 'bytes') return Buffer.concat([Buffer.from([0xff, 0xc3]), bytes])
  return how === 'after'
    ? Buffer.concat([Buffer.from('"1"x'), bytes.subarray(1)])
    : Buffer.concat([bytes, Buffer.from('\r\r')])
}

const jsonLines: fc.Arbitrary<Line> = fc.oneof(
  {weight: 2, arbitrary: meantCells.map((cells) => ({bytes: jsonBytes(cells), meant: true, amount: cells.amount}))},
  {
    weight: 4,
    arbitrary: fc
      .tuple(meantCells, fc.constantFrom(...COLUMNS, '__proto__', 'constructor', 'nope'), oddJson, fc.boolean())
      .map(([cells, key, raw, twice]) => {
        const pairs = COLUMNS.filter((column) => twice || column !== key).map(
          (column) => [column, JSON.stringify(cells[column])] as const,
        )
        const text = rawObject([...pairs, [key, raw]])
        return {bytes: Buffer.from(text), meant: false, amount: key === 'amount' ? raw : cells.amount}
      }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(meantCells, fc.constantFrom(...COLUMNS))
      .chain(([cells, column]) => oddTextFor(column).map((text) => ({...cells, [column]: text})))
      .map((cells) => ({bytes: jsonBytes(cells), meant: false, amount: cells.amount})),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(meantCells, fc.double({min: 0, max: 0.999, noNaN: true}), fc.boolean())
      .map(([cells, part, torn]) => {
        const bytes = jsonBytes(cells)
        const at = Math.floor(bytes.length * part)
        if (!torn) bytes[at] = 0xff
        // In a note the byte may be a letter of another encoding.
        return {bytes: torn ? bytes.subarray(0, at) : bytes, meant: false, amount: torn ? null : cells.amount}
      }),
  },
  {weight: 1, arbitrary: oddBytes.map((bytes) => ({bytes, meant: false, amount: null}))},
)

function jsonBytes(cells: Cells): Buffer {
  return Buffer.from(JSON.stringify(Object.fromEntries(COLUMNS.map((column) => [column, cells[column]]))))
}

interface File {
  readonly form: 'csv' | 'jsonl'
  readonly lines: readonly Line[]
  readonly newlines: readonly string[]
  /** A quote that is opened and never closed, at the end, where it can take nothing with it. */
  readonly open: boolean
  readonly marked: boolean
  readonly ended: boolean
}

const first: fc.Arbitrary<Line> = meantCells.map((cells) => ({
  bytes: jsonBytes(cells),
  meant: true,
  amount: cells.amount,
}))

function files(form: 'csv' | 'jsonl', lines: fc.Arbitrary<Line>): fc.Arbitrary<File> {
  return fc.record({
    form: fc.constant(form),
    // The first line tells what kind of file it is.
    lines: fc
      .tuple(first, fc.array(lines, {minLength: 5, maxLength: 40}))
      .map(([one, more]) => (form === 'jsonl' ? [one, ...more] : more)),
    newlines: fc.array(fc.constantFrom('\n', '\n', '\r\n'), {minLength: 3, maxLength: 7}),
    open: fc.boolean(),
    marked: fc.boolean(),
    ended: fc.boolean(),
  })
}

interface Placed extends Line {
  /** Counted from 1. */
  readonly number: number
}

function written(file: File): {readonly content: Buffer; readonly lines: readonly Placed[]} {
  const {form, lines, newlines, open, marked, ended} = file
  const header: readonly Line[] = [{bytes: Buffer.from(COLUMNS.join(',')), meant: false, amount: null}]
  const tail: readonly Line[] =
    open && form === 'csv' ? [{bytes: Buffer.from('1,5.00,"open,x,,,'), meant: false, amount: null}] : []
  const all = [...(form === 'csv' ? header : []), ...lines, ...tail]
  const pieces = all.flatMap(({bytes}, at) => {
    const isLast = at === all.length - 1
    return [bytes, Buffer.from(isLast && !ended ? '' : (newlines[at % newlines.length] ?? '\n'))]
  })
  const placed = all.map((line, at) => ({...line, number: at + 1})).slice(form === 'csv' ? 1 : 0)
  return {
    content: Buffer.concat([Buffer.from(marked ? '\ufeff' : ''), ...pieces]),
    lines: placed.filter(({bytes}) => !isBlank(bytes, form)),
  }
}

/** Nothing but spaces and separators is no line. */
function isBlank(bytes: Buffer, form: File['form']): boolean {
  const text = bytes.toString('utf8')
  return (form === 'csv' ? text.replaceAll(',', '') : text).trim() === ''
}

/** Cents of an amount that was applied, read by nothing of the program: the decimal mark of these files is a point. */
function centsOf(text: string): bigint {
  const plain = /^"(.*)"$/s.exec(text)?.[1]?.replaceAll('""', '"') ?? text
  const digits = plain.normalize('NFC').replace(/[^\d.]/g, '')
  const [whole = '', part = ''] = digits.split('.')
  return BigInt(whole || '0') * 100n + BigInt(part.replace(/0+$/, '').padEnd(2, '0') || '0')
}

/** A business with two clients, both with money for all that is charged; clients are all that is not asked of a file. */
async function open({ledger}: TestDatabase): Promise<void> {
  await openBusiness(ledger)
  await addClient(ledger, 'Ben', {}, UNIQUE)
  for (const client of ['1', '2']) await topup(ledger, request(client, '1000000'))
}

// biome-ignore lint/suspicious/noExplicitAny: the schemas check the form.
type Document = any

/** Runs an import in this process, and holds its answer to what every answer is held to. */
async function imported(home: string, url: string, name: string, content: Buffer): Promise<Document> {
  writeFileSync(join(home, name), content)
  const env = {HOME: home, PATH: process.env.PATH, FLEKS_DATABASE_URL: url, FLEKS_OPERATOR: 'tester'}
  const args = [
    join(home, name),
    '--json',
    '--decimal',
    'point',
    '--encoding',
    'utf-8',
    '--rejects',
    join(home, `${name}.rejects`),
  ]
  const {code, stdout, stderr} = await runHere('import', args, {env})
  expect(stderr).to.equal('')
  const document = JSON.parse(stdout)
  if (document.error === undefined) {
    z.parse(OUTPUT_SCHEMAS.import, document)
    expect(code).to.equal(document.refused > 0 ? 7 : 0)
    expect(document.applied + document.replayed + document.refused).to.equal(document.read)
    for (const told of document.files[0].refusals) expect(JSON.stringify(told).length).to.be.at.most(TOLD_MAX)
  } else {
    z.parse(FAILURE_SCHEMA, document)
    expect(stdout.length, stdout.slice(0, 500)).to.be.at.most(2 * TOLD_MAX)
    expect(code, stdout).to.be.oneOf([2, 6])
  }
  return document
}

const BOOK = `select coalesce(sum(case direction when 'IN' then amount else -amount end), 0)::text as moved,
  (select sum(balance)::text from account) as held, count(*)::integer as entries from entry`

/** What the file did must be what its lines say, added up here; null where the file as a whole was refused. */
function expectAccounted({files: [file], read}: Document, lines: readonly Placed[], what: string): bigint {
  expect(read, what).to.equal(lines.length)
  const refused = new Set(file.refusals.map(({line}: {line: number}) => line))
  expect(refused.size, what).to.equal(file.refused)
  const meant = lines.filter((line) => line.meant && refused.has(line.number))
  expect(meant, what).to.deep.equal([])
  const done = lines.filter(({number}) => !refused.has(number))
  expect(done.filter(({amount}) => amount === null).map(({bytes}) => bytes.toString('latin1'))).to.deep.equal([])
  const isCharge = ({amount}: Line) => /[-−(]/.test(amount ?? '')
  const sum = (some: readonly Line[]) => some.reduce((total, {amount}) => total + centsOf(amount ?? ''), 0n)
  const moved = {in: sum(done.filter((line) => !isCharge(line))), out: sum(done.filter(isCharge))}
  // € 5 is euros; all that these lines can be counted in has two decimals.
  const told = (side: 'in' | 'out') =>
    file.money.reduce(
      (total: bigint, sums: Record<string, string>) => total + BigInt(sums[side]?.replace('.', '') ?? 0),
      0n,
    )
  expect({in: told('in'), out: told('out')}, what).to.deep.equal(moved)
  return moved.in - moved.out
}

describe('imports of what nobody means', function () {
  this.timeout(300_000)
  for (const [form, lines] of [
    ['csv', csvLines],
    ['jsonl', jsonLines],
  ] as const) {
    it(`as ${form} account for every line, do what is meant to the cent, and do it once`, () =>
      withTestDatabase(async (database) => {
        await open(database)
        const home = await temporaryFolder()
        let count = 0
        try {
          await fc.assert(
            fc.asyncProperty(files(form, lines), async (file) => {
              const {content, lines: placed} = written(file)
              const what = `FUZZ_SEED=${FUZZ_SEED} ${JSON.stringify(content.toString('latin1'))
                .replaceAll(/(.)\1{20,}/gs, '$1…')
                .slice(0, 3_000)}`
              const name = `${++count}.${form}`
              const [before] = await database.sql(BOOK)

              const first = await imported(home, database.url, name, content)

              const [after] = await database.sql(BOOK)
              if (first.error !== undefined) {
                expect(after, what).to.deep.equal(before)
                return
              }
              const moved = expectAccounted(first, placed, what)
              expect(BigInt(String(after?.moved)) - BigInt(String(before?.moved)), what).to.equal(moved)
              expect(after?.held).to.equal(after?.moved)
              const again = await imported(home, database.url, name, content)
              expect(again, what).to.deep.include({applied: 0, replayed: first.applied, refused: first.refused})
              expect((await database.sql(BOOK))[0], what).to.deep.equal(after)
            }),
            {...fuzz(25), endOnFailure: true},
          )
        } finally {
          rmSync(home, {recursive: true, force: true})
        }
      }))
  }

  it('of one endless line, deep nesting, long titles and a pipe that nobody writes to end soon, in bounded memory', () =>
    withProgram(async (program) => {
      await program.json('client', 'add', 'Anna Petrova')
      const bytes = (text: string, count: number) => Buffer.alloc(count, text)
      const meant = '{"client":1,"amount":"1","reference":"m"}\n'
      const csv = 'client,amount,reference,note\n1,1,m,\n'
      const nested = '['.repeat(3_000_000) + ']'.repeat(3_000_000)
      const all: readonly (readonly [name: string, content: Buffer | null, refused: number | null])[] = [
        ['endless.jsonl', Buffer.concat([Buffer.from(meant), bytes('x', 80_000_000)]), 1],
        // What is cut out of a line must not leave another one.
        [
          'hidden.jsonl',
          Buffer.concat([
            Buffer.from(`${meant}{"client":1,"amount":"5"`),
            bytes(' ', 20_000_000),
            Buffer.from(',"amount":"500"}\n'),
          ]),
          1,
        ],
        [
          'deep.jsonl',
          Buffer.from(`${meant}{"client":1,"amount":${nested}}\n{"client":{"id":${nested}},"amount":1}\n${nested}\n`),
          3,
        ],
        ['key.jsonl', Buffer.concat([Buffer.from(`${meant}{"`), bytes('(', 9_000_000), Buffer.from('":1}\n')]), 1],
        [
          'field.jsonl',
          Buffer.concat([Buffer.from(`${meant}{"client":1,"amount":"`), bytes('1 ', 9_000_000), Buffer.from('"}\n')]),
          1,
        ],
        ['endless.csv', Buffer.concat([Buffer.from(csv), bytes('x', 80_000_000)]), 1],
        ['open.csv', Buffer.concat([Buffer.from(`${csv}1,"1`), bytes(`${'x'.repeat(99)}\n`, 20_000_000)]), null],
        [
          'field.csv',
          Buffer.concat([
            Buffer.from(`${csv}1,`),
            bytes('( ', 9_000_000),
            Buffer.from('x,a,\n1,2,b,"'),
            bytes('" ""', 9_000_000),
            Buffer.from('"\n'),
          ]),
          2,
        ],
        [
          'titles.csv',
          Buffer.concat([Buffer.from('client,amount,'), bytes('(', 9_000_000), Buffer.from('\n1,1\n')]),
          null,
        ],
        ['columns.csv', Buffer.concat([Buffer.from('x'), bytes(',x', 9_000_000)]), null],
        ['pipe.csv', null, null],
      ]

      for (const [name, content, refused] of all) {
        const path = join(program.home, name)
        if (content === null) expect(spawnSync('mkfifo', [path]).status).to.equal(0)
        else writeFileSync(path, content)
        const started = performance.now()
        const {code, stdout, stderr, memoryKb} = await watched(program, [
          'import',
          name,
          '--json',
          '--rejects',
          'rejects',
        ])

        const what = `${name}: exit ${code} ${stdout.slice(0, 300)}${stderr.slice(0, 300)}`
        expect(stderr, what).to.equal('')
        const document = JSON.parse(stdout)
        if (refused !== null) {
          expect(code, what).to.equal(7)
          expect(document, what).to.include({refused, read: refused + 1})
        } else if (document.error !== undefined) expect(code, what).to.equal(2)
        expect(performance.now() - started, what).to.be.lessThan(40_000)
        expect(stdout.length, what).to.be.lessThan(500_000)
        expect(memoryKb, what).to.be.lessThan(MEMORY_MAX_KB)
        rmSync(path)
      }
    }))
})
