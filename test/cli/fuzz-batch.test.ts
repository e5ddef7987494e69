/** `fleks batch` with lines that nobody means among lines that everybody means; FUZZ_SEED= tries others. */

import {isUtf8} from 'node:buffer'
import {expect} from 'chai'
import fc from 'fast-check'
import * as z from 'zod/mini'
import {FAILURE_SCHEMA} from '../../src/views/schemas.ts'
import {plainSql} from '../support/database.ts'
import {FUZZ_SEED, fuzz} from '../support/hostile.ts'
import {oddBytes, oddJson, oddTextFor, rawObject} from '../support/hostile-files.ts'
import {type Program, withProgram} from '../support/program.ts'
import {watched} from '../support/watched.ts'

const ANSWER_MAX = 4_096
const MEMORY_MAX_KB = 700_000
const LINES = 120

/** Meant: it must be done. Odd: done as it says, or refused. */
interface Line {
  readonly bytes: Buffer
  readonly meant: boolean
}

type Pairs = readonly (readonly [key: string, raw: string])[]

let count = 0
const meantPairs: fc.Arbitrary<Pairs> = fc
  .tuple(
    fc.constantFrom('1', '2', '"3"', '"Anna Petrova"'),
    fc.integer({min: 1, max: 99_999}),
    fc.constantFrom('topup', 'topup', 'pay', 'adjust'),
  )
  .map(([client, cents, op]) => {
    const amount = `"${op === 'adjust' ? '+' : ''}${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}"`
    const reason = op === 'adjust' ? [['reason', '"x"'] as const] : [['note', '"ə = 1+1"'] as const]
    return [
      ['op', `"${op}"`],
      ['client', client],
      ['amount', amount],
      ...(op === 'pay' ? [['staff', '"Ina"'] as const] : []),
      ...reason,
    ]
  })

const KEYS = [
  'op',
  'client',
  'amount',
  'staff',
  'note',
  'reference',
  'unit',
  'at',
  'method',
  'dryRun',
  '__proto__',
  'constructor',
  'nope',
]

const oddLines: fc.Arbitrary<Buffer> = fc.oneof(
  // One value is not what it should be: in the place of the right one, or as the same key once more.
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        meantPairs,
        fc.constantFrom(...KEYS),
        fc.oneof(
          oddJson,
          fc
            .constantFrom(...KEYS)
            .chain(oddTextFor)
            .map((text) => JSON.stringify(text)),
        ),
        fc.boolean(),
      )
      .map(([pairs, key, raw, twice]) =>
        Buffer.from(rawObject([...pairs.filter(([name]) => twice || name !== key), [key, raw]])),
      ),
  },
  // Torn, or with a byte changed.
  {
    weight: 2,
    arbitrary: fc.tuple(meantPairs, fc.double({min: 0, max: 0.999, noNaN: true})).map(([pairs, part]) => {
      const bytes = Buffer.from(rawObject(pairs))
      return bytes.subarray(0, Math.floor(bytes.length * part))
    }),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        meantPairs,
        fc.double({min: 0, max: 0.999, noNaN: true}),
        fc.constantFrom(0x00, 0x80, 0xff, 0xc3, 0x0d, 0x5c, 0x22, 0x1b),
      )
      .map(([pairs, part, byte]) => {
        const bytes = Buffer.from(rawObject(pairs))
        bytes[Math.floor(bytes.length * part)] = byte
        return bytes
      }),
  },
  {weight: 2, arbitrary: oddBytes},
)

const lines: fc.Arbitrary<readonly Line[]> = fc.array(
  fc.oneof(
    {weight: 1, arbitrary: meantPairs.map((pairs) => ({bytes: Buffer.from(rawObject(pairs)), meant: true}))},
    {weight: 3, arbitrary: oddLines.map((bytes) => ({bytes, meant: false}))},
  ),
  {minLength: LINES, maxLength: LINES},
)

/** Anna Petrova is client 1, Ben 2 and Cem 3; each has a million. Ina is staff 1. */
async function open(program: Program): Promise<void> {
  await program.json('staff', 'add', 'Ina')
  for (const name of ['Anna Petrova', 'Ben', 'Cem']) {
    const {client} = await program.json('client', 'add', name)
    await program.json('topup', String(client.id), '1000000')
  }
}

const failure = z.looseObject({error: z.looseObject({code: z.string()})})

/** The amount of an entry as its line says it, read by nothing of the program: cents with their sign. */
function centsIn({op, amount}: Record<string, unknown>): bigint {
  const match = /^([+\-\u2212]?)(\d+)(?:[.,](\d{1,2}))?$/.exec(String(amount))
  if (match === null) throw new Error(`Nobody can read ${amount}`)
  const [, sign, whole = '', part = ''] = match
  const cents = BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'))
  return op === 'pay' || op === 'refund' || (sign !== '' && sign !== '+') ? -cents : cents
}

/** The lines that the program must answer, as text; null where the bytes are no UTF-8. */
function asked(bytes: Buffer): string | null {
  return isUtf8(bytes) ? bytes.toString('utf8') : null
}

describe('a batch of what nobody means', function () {
  this.timeout(300_000)

  it('answers every line in its place, does what is meant, and nothing else', () =>
    withProgram(async (program, url) => {
      await open(program)
      const balances = new Map([1, 2, 3].map((id) => [id, 100_000_000n]))

      await fc.assert(
        fc.asyncProperty(lines, async (given) => {
          const {code, signal, stdout, stderr, memoryKb} = await watched(
            program,
            ['batch'],
            given.flatMap(({bytes}) => [bytes, Buffer.from('\n')]),
          )

          expect({signal, stderr}).to.deep.equal({signal: null, stderr: ''})
          const answers = stdout.split('\n').slice(0, -1)
          const sent = given.filter(({bytes}) => bytes.toString('utf8').trim() !== '')
          expect(answers).to.have.length(sent.length)
          for (const [at, line] of sent.entries()) apply(line, answers[at] ?? '', balances)
          const refused = answers.filter((answer) => failure.safeParse(JSON.parse(answer)).success)
          expect(code).to.equal(refused.length > 0 ? 7 : 0)
          expect(memoryKb).to.be.lessThan(MEMORY_MAX_KB)
          const rows = await plainSql(
            url,
            `select client_id::integer as id, balance::text as cents,
               (select sum(case direction when 'IN' then amount else -amount end)::text from entry e where e.client_id = a.client_id) as moved
             from account a order by 1`,
            [],
          )
          expect(rows).to.deep.equal(
            [...balances].map(([id, cents]) => ({id, cents: String(cents), moved: String(cents)})),
          )
        }),
        {...fuzz(12), endOnFailure: true},
      )
    }))

  it('reads on after lines of any length and depth, in bounded memory', () =>
    withProgram(async (program) => {
      await open(program)
      const meant = () => Buffer.from(`{"op":"topup","client":1,"amount":"1","reference":"m-${++count}"}\n`)
      const million = Buffer.alloc(1_000_000, 'x')
      function* input() {
        yield meant()
        yield Buffer.from('{"op":"topup","client":1,"amount":"1","note":"')
        for (let at = 0; at < 10; at++) yield million
        yield Buffer.from('"}\n')
        yield meant()
        yield Buffer.from(`${'['.repeat(400_000)}\n`)
        yield Buffer.from(`{"op":"topup","client":1,"amount":${'['.repeat(400_000)}${']'.repeat(400_000)}}\n`)
        yield Buffer.from(`{"op":${'['.repeat(400_000)}${']'.repeat(400_000)}}\n`)
        yield Buffer.from(`{"op":"topup","client":"${'9'.repeat(900_000)}","amount":"1"}\n`)
        yield Buffer.from(`{"op":"topup","client":1,"amount":"${'9'.repeat(900_000)}"}\n`)
        yield Buffer.from(`{"op":"topup","client":1,"amount":"1","at":"${'1'.repeat(900_000)}"}\n`)
        yield Buffer.from(`{"op":"${'t'.repeat(900_000)}"}\n`)
        yield Buffer.from(`{"${'t'.repeat(900_000)}":1,"op":"topup"}\n`)
        yield meant()
        for (let at = 0; at < 300; at++) yield million
        yield Buffer.from('\n')
        yield meant().subarray(0, -1)
      }

      const {code, stdout, stderr, memoryKb} = await watched(program, ['batch'], input())

      expect({code, stderr}).to.deep.equal({code: 7, stderr: ''})
      const answers = stdout.split('\n').slice(0, -1)
      expect(answers).to.have.length(14)
      const isDone = answers.map((answer) => answer.startsWith('{"entry"'))
      expect(isDone.flatMap((done, at) => (done ? [at] : []))).to.deep.equal([0, 2, 11, 13])
      for (const answer of answers) expectBounded(answer)
      expect(memoryKb).to.be.lessThan(MEMORY_MAX_KB)
    }))
})

function expectBounded(answer: string): void {
  expect(answer.length, answer.slice(0, 300)).to.be.at.most(ANSWER_MAX)
  const {error} = JSON.parse(answer)
  if (error === undefined) return
  z.parse(FAILURE_SCHEMA, JSON.parse(answer))
  expect(error.exit, answer).to.be.oneOf([2, 3, 4, 5, 6])
}

function apply({bytes, meant}: Line, answer: string, balances: Map<number, bigint>): void {
  const text = asked(bytes)
  const what = `FUZZ_SEED=${FUZZ_SEED}: ${bytes.toString('latin1').slice(0, 300)} → ${answer.slice(0, 300)}`
  expect(answer.length, what).to.be.greaterThan(0)
  expectBounded(answer)
  const {entry, dryRun, replayed} = JSON.parse(answer)
  if (meant) expect(entry, what).to.be.an('object')
  if (entry === undefined) return
  expect(text, what).to.be.a('string')
  const said = JSON.parse(text ?? '')
  const cents = centsIn(said)
  const told = BigInt(entry.amount.replace('.', '')) * (entry.direction === 'IN' ? 1n : -1n)
  expect(String(told), what).to.equal(String(cents))
  expect(entry.note ?? null, what).to.equal((said.note ?? said.reason)?.trim().normalize('NFC') ?? null)
  if (!dryRun && !replayed) balances.set(entry.client.id, (balances.get(entry.client.id) ?? 0n) + cents)
}
