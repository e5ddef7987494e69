import type {ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {createInterface} from 'node:readline'
import {expect} from 'chai'
import * as z from 'zod/mini'
import {FAILURE_SCHEMA, OUTPUT_SCHEMAS} from '../../src/views/schemas.ts'
import {type Program, withProgram} from '../support/program.ts'

type Operation = Readonly<Record<string, unknown>>
// biome-ignore lint/suspicious/noExplicitAny: tests look into documents whose form the schemas check.
type Result = any

/** Anna Petrova is client 1 with 50.00 AZN, Ben client 2, Ina staff 1. */
async function open(program: Program): Promise<void> {
  await program.json('client', 'add', 'Anna Petrova', '--default-price', '12.50')
  await program.json('client', 'add', 'Ben')
  await program.json('staff', 'add', 'Ina')
  await program.json('topup', '1', '50')
}

async function batch(program: Program, lines: readonly (Operation | string)[], ...args: readonly string[]) {
  const input = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
  const {code, stdout, stderr} = await program.run(['batch', ...args], {input})
  const results: Result[] =
    stdout === ''
      ? []
      : stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line))
  return {code, stderr, results}
}

/** Sends a line at a time and waits for its answer, as a script's coprocess does. */
function conversation(child: ChildProcess) {
  const answers = createInterface({input: child.stdout ?? process.stdin})[Symbol.asyncIterator]()
  return {
    ask: async (operation: Operation): Promise<Result> => {
      child.stdin?.write(`${JSON.stringify(operation)}\n`)
      return JSON.parse((await answers.next()).value ?? '')
    },
  }
}

describe('fleks batch', () => {
  it('answers each line in order as the single command would', () =>
    withProgram(async (program) => {
      await open(program)

      const {code, stderr, results} = await batch(program, [
        {op: 'client.add', name: 'Мария', phone: '+994 50 123 45 67', birthDate: '1990-05-17', defaultPrice: '7'},
        {op: 'staff.add', name: 'Leyla'},
        {op: 'opening', client: 'мария', amount: '5'},
        {
          op: 'topup',
          client: 3,
          amount: '20,50',
          method: 'cash',
          staff: 'Leyla',
          note: 'x',
          reference: 'r-1',
          at: '2026-01-31',
        },
        {op: 'pay', client: '0501234567', staff: 2},
        {op: 'transfer', from: 1, to: 3, amount: '1'},
        {op: 'refund', client: 3, amount: '0.50', method: 'card'},
        {op: 'adjust', client: 3, amount: '-1', reason: 'counted'},
        {op: 'reverse', entry: '3-3', reason: 'typed twice', amount: '2'},
        {op: 'balance', client: 3},
        {op: 'client.find', client: 'мар'},
        {op: 'balance'},
        {op: 'pay', client: 1, staff: 'Ina', dryRun: true},
      ])

      expect(results.filter(({error}) => error)).to.deep.equal([])
      expect({code, stderr}).to.deep.equal({code: 0, stderr: ''})
      const schemas = [
        'client add',
        'staff add',
        'opening',
        'topup',
        'pay',
        'transfer',
        'refund',
        'adjust',
        'reverse',
      ] as const
      for (const [at, name] of schemas.entries()) z.parse(OUTPUT_SCHEMAS[name], results[at])
      const history = await program.json('history', '3')
      expect(history.entries.map(({id}: {id: string}) => id)).to.deep.equal([
        '3-7',
        '3-6',
        '3-5',
        '3-4',
        '3-3',
        '3-1',
        '3-2',
      ])
      expect(results[6].entry).to.deep.equal(history.entries.find(({id}: {id: string}) => id === '3-5'))
      expect(results[9]).to.deep.equal(await program.json('balance', '3'))
      expect(results[9].balances).to.deep.equal([{unit: 'AZN', balance: '20.00'}])
      expect(results[10]).to.deep.equal(await program.json('client', 'show', '3'))
      expect(results[11]).to.deep.equal(await program.json('balance'))
      expect(results[12]).to.deep.include({dryRun: true})
    }))

  it('tells of every line that is refused what is wrong, and does the others', () =>
    withProgram(async (program) => {
      await open(program)
      const refusals: readonly (readonly [line: Operation | string, code: string, says: RegExp])[] = [
        ['nonsense', 'INVALID_INPUT', /not JSON/],
        ['[1]', 'INVALID_INPUT', /not a JSON object/],
        [{}, 'USAGE', /not named/],
        [{op: {}}, 'USAGE', /"op" is an object, which is not a text/],
        [{op: 'pya', client: 1}, 'USAGE', /pya/],
        [{op: 'pay', client: 1, amonut: '5'}, 'USAGE', /amonut/],
        [{op: 'topup', client: 1, amount: 5}, 'INVALID_INPUT', /not a text/],
        [{op: 'topup', client: 1}, 'USAGE', /needs "amount"/],
        [{op: 'topup', client: 1, amount: '5', method: 'gold'}, 'USAGE', /gold/],
        [{op: 'topup', client: 1, amount: '5.005'}, 'INVALID_AMOUNT', /5.005/],
        [{op: 'pay', client: 'petorva', amount: '1', staff: 'Ina'}, 'CLIENT_NOT_FOUND', /nearest/],
        [{op: 'pay', client: 1, amount: '1', staff: 'Inna'}, 'STAFF_NOT_FOUND', /Inna/],
        [{op: 'pay', client: 1, amount: '1'}, 'USAGE', /staff/],
        [{op: 'pay', client: 1, amount: '1000', staff: 'Ina'}, 'INSUFFICIENT_FUNDS', /50.00/],
        [{op: 'adjust', client: 1, amount: '+1'}, 'USAGE', /reason/],
        [{op: 'reverse', entry: '1-9', reason: 'x'}, 'ENTRY_NOT_FOUND', /1-9/],
        [{op: 'client.add', name: 'ANNA petrova'}, 'DUPLICATE_CLIENT', /already/],
        [{op: 'staff.add', name: 'ina'}, 'DUPLICATE_STAFF', /already/],
        [{op: 'topup', client: 1, amount: '1', note: 'x'.repeat(1_000_001)}, 'INVALID_INPUT', /1000000/],
      ]
      const lines = refusals.flatMap(([line], at) => [
        line,
        {op: 'topup', client: 2, amount: '1', reference: `ok-${at}`},
      ])

      const {code, stderr, results} = await batch(program, lines)

      expect({code, stderr}).to.deep.equal({code: 7, stderr: ''})
      for (const [at, [line, expected, says]] of refusals.entries()) {
        const {error} = z.parse(FAILURE_SCHEMA, results[at * 2])
        expect(error.code, JSON.stringify(line).slice(0, 100)).to.equal(expected)
        expect(error.message).to.match(says)
        expect(results[at * 2 + 1].entry).to.include({balanceAfter: `${at + 1}.00`})
      }
      expect(results).to.have.length(lines.length)
    }))

  it('posts a line with a reference once, however often it is sent', () =>
    withProgram(async (program) => {
      await open(program)
      const lines = [
        {op: 'topup', client: 2, amount: '5', reference: 'a'},
        {op: 'topup', client: 2, amount: '5', reference: 'a'},
        {op: 'topup', client: 2, amount: '6', reference: 'a'},
        {op: 'pay', client: 2, amount: '1', staff: 'Ina', reference: 'b'},
      ]

      const first = await batch(program, lines)
      const second = await batch(program, lines)

      expect(first.results.map(({replayed, error}) => error?.code ?? replayed)).to.deep.equal([
        false,
        true,
        'REFERENCE_CONFLICT',
        false,
      ])
      expect(second.results.map(({replayed, error}) => error?.code ?? replayed)).to.deep.equal([
        true,
        true,
        'REFERENCE_CONFLICT',
        true,
      ])
      expect(second.results[3].entry).to.deep.equal(first.results[3].entry)
      expect((await program.json('balance', '2')).balances[0].balance).to.equal('4.00')
    }))

  it('does the lines of a long input in their order', () =>
    withProgram(async (program) => {
      await open(program)
      // Each payment takes what the line before brought: of two in another order, one is refused.
      const lines = Array.from({length: 3_000}, (_, at) => [
        {op: 'topup', client: 2, amount: '1', reference: `in-${at}`},
        {op: 'pay', client: 2, amount: '1', staff: 'Ina', reference: `out-${at}`},
      ]).flat()

      const {code, results} = await batch(program, lines)

      expect(results.map(({entry, error}) => error?.code ?? entry.reference)).to.deep.equal(
        lines.map(({reference}) => reference),
      )
      expect(code).to.equal(0)
    }))

  it('is a conversation: each answer comes while the input stays open', () =>
    withProgram(async (program) => {
      await open(program)
      const child = program.start(['batch'])
      const {ask} = conversation(child)

      const first = await ask({op: 'topup', client: 2, amount: '5'})
      const times: number[] = []
      for (let at = 0; at < 20; at++) {
        const started = performance.now()
        await ask({op: 'pay', client: 2, amount: '0.10', staff: 'Ina'})
        times.push(performance.now() - started)
      }
      const found = await ask({op: 'balance', client: first.entry.client.id})
      child.stdin?.end()
      const [code] = await once(child, 'close')

      expect(found.balances[0].balance).to.equal('3.00')
      expect(code).to.equal(0)
      // Far more than an answer takes; less than any waiting for more lines would.
      expect(times.toSorted((a, b) => a - b)[10]).to.be.lessThan(500)
    }))

  it('ends when its database is away, though its input stays open', () =>
    withProgram(async (program) => {
      const child = program.start(['batch'], {env: {FLEKS_DATABASE_URL: 'postgresql://desk@127.0.0.1:1/fleks'}})
      child.stdin?.on('error', () => {})
      child.stdin?.write('{"op":"topup","client":1,"amount":"1"}\n')

      // Bounded by the test's own time.
      const [code] = await once(child, 'exit')

      expect(code).to.equal(9)
    }))

  it('is all or nothing when asked to be', () =>
    withProgram(async (program) => {
      await open(program)
      const good = [
        {op: 'client.add', name: 'Cem'},
        {op: 'topup', client: 'Cem', amount: '5'},
        {op: 'transfer', from: 'cem', to: 1, amount: '2'},
        {op: 'pay', client: 'cem', amount: '3', staff: 'Ina'},
      ]
      const before = await program.json('history')

      const refused = await batch(
        program,
        [...good, {op: 'staff.add', name: 'Ina'}, {op: 'pay', client: 1, amount: '999', staff: 'Ina'}],
        '--atomic',
      )
      const after = await program.json('history')
      const done = await batch(program, good, '--atomic')

      expect(refused.code).to.equal(7)
      expect(refused.results.map(({error}) => error.code)).to.deep.equal([
        ...[
          'BATCH_REFUSED',
          'BATCH_REFUSED',
          'BATCH_REFUSED',
          'BATCH_REFUSED',
          'DUPLICATE_STAFF',
          'INSUFFICIENT_FUNDS',
        ],
      ])
      expect(after).to.deep.equal(before)
      expect((await program.run(['client', 'show', 'Cem'])).code).to.equal(0)
      expect(done.code).to.equal(0)
      expect(done.results.map((result) => Object.keys(result)[0])).to.deep.equal(['client', 'entry', 'entry', 'entry'])
      expect((await program.json('balance', 'Cem')).balances[0].balance).to.equal('0.00')
    }))

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`stopped by ${signal} in the middle and sent again, does every line once`, () =>
      withProgram(async (program) => {
        await open(program)
        const lines = Array.from({length: 4_000}, (_, at) => ({
          op: 'topup',
          client: 2,
          amount: '0.01',
          reference: `n-${at}`,
        }))
        const child = program.start(['batch'])
        let printed = ''
        child.stdout?.setEncoding('utf8')
        child.stdout?.on('data', (text: string) => {
          printed += text
        })
        child.stdin?.on('error', () => {})
        child.stdin?.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))

        await once(child.stdout ?? child, 'data')
        child.kill(signal)
        const [code] = await once(child, 'close')
        const told = printed
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line).entry.reference)
        const {entries} = await program.json('history', '2', '--limit', '10000')
        const again = await batch(program, lines)

        expect(code).to.equal(signal === 'SIGTERM' ? 143 : null)
        const written = entries.map(({reference}: {reference: string}) => reference).reverse()
        expect(written.slice(0, told.length)).to.deep.equal(told)
        // After a signal that can be heard, what is printed is all that was committed.
        if (signal === 'SIGTERM') expect(written).to.deep.equal(told)
        expect(again.code).to.equal(0)
        expect(again.results.filter(({replayed}) => replayed)).to.have.length(written.length)
        expect((await program.json('balance', '2')).balances[0].balance).to.equal('40.00')
      }))
  }
})
