import {spawn} from 'node:child_process'
import {expect} from 'chai'
import * as z from 'zod/mini'
import {FAILURE_SCHEMA} from '../../src/views/schemas.ts'
import {cuttingProxy} from '../support/cutting-proxy.ts'
import {outcomeOf, PROGRAM, type Program, withProgram} from '../support/program.ts'
import {hasTerminal} from '../support/pseudo-terminal.ts'
import {skip} from '../support/skipped.ts'

const AT = ['--at', '2026-11-22 10:00'] as const

/** Anna (1) has 37.50: 50.00 by 1-1, 12.50 to Ina by 1-2; Ben (2) has nothing. */
async function open(program: Program): Promise<void> {
  await program.json('client', 'add', 'Anna Petrova')
  await program.json('client', 'add', 'Ben')
  await program.json('staff', 'add', 'Ina')
  await program.json('topup', '1', '50', '--method', 'cash', ...AT)
  await program.json('pay', '1', '12.50', '--staff', 'Ina', ...AT)
}

async function textOf(program: Program, ...args: readonly string[]): Promise<string> {
  const {code, stdout, stderr} = await program.run(args)
  expect({code, stderr}, args.join(' ')).to.deep.equal({code: 0, stderr: ''})
  return stdout
}

describe('corrections', () => {
  it('reverse an entry, in parts, and the history shows it in words', () =>
    withProgram(async (program) => {
      await open(program)

      const part = await textOf(program, 'reverse', '1-2', '--amount', '2,50', '--reason', 'half', ...AT)
      const rest = await program.json('reverse', '1-2', '--reason', 'all of it')
      const {entries} = await program.json('history', '1')
      const table = await textOf(program, 'history', '1')
      const csv = await textOf(program, 'history', '1', '--kind', 'payment', '--format', 'csv')

      expect(part).to.equal(
        [
          'Reversal 1-3',
          '  Client    Anna Petrova (1)',
          '  Amount    +2.50 AZN',
          '  Balance   37.50 → 40.00 AZN',
          '  Reverses  1-2',
          '  Staff     Ina',
          '  Note      half',
          '  When      2026-11-22 10:00',
          '',
        ].join('\n'),
      )
      expect(rest.entry).to.include({id: '1-4', amount: '10.00', direction: 'IN', reverses: '1-2', note: 'all of it'})
      expect(rest.entry.reversedBy).to.deep.equal([])
      expect(entries[0]).to.deep.equal(rest.entry)
      const paid = entries.find(({id}: {id: string}) => id === '1-2')
      expect(paid.reversedBy).to.deep.equal(['1-3', '1-4'])
      expect(table).to.match(/^1-2 .* reversed by 1-3, 1-4 /m)
      expect(table).to.match(/^1-3 .* reversal .* reverses 1-2 /m)
      expect(csv).to.contain(',1-3 1-4,')
      expect((await program.json('history', '--kind', 'reversal')).entries).to.have.length(2)
    }))

  it('transfer between clients, both sides or none', () =>
    withProgram(async (program) => {
      await open(program)

      const text = await textOf(program, 'transfer', 'anna', 'ben', '5', '--note', 'gift', '--reference', 'g', ...AT)
      const again = await program.json('transfer', '1', '2', '5', '--note', 'gift', '--reference', 'g')
      const table = await textOf(program, 'history', '--kind', 'transfer')

      expect(text).to.equal(
        [
          'Transfer 1-3 → 2-1',
          '  From     Anna Petrova (1)',
          '  Balance  37.50 → 32.50 AZN',
          '  To       Ben (2)',
          '  Balance  0.00 → 5.00 AZN',
          '  Amount   5.00 AZN',
          '  Note     gift',
          '  When     2026-11-22 10:00',
          '',
        ].join('\n'),
      )
      expect(again).to.include({replayed: true, dryRun: false})
      expect(again.entry).to.include({id: '1-3', direction: 'OUT', counterpart: '2-1', reference: 'g'})
      expect(again.counterEntry).to.include({id: '2-1', direction: 'IN', counterpart: '1-3', reference: 'g'})
      expect(table)
        .to.match(/^1-3 .* to 2-1 /m)
        .and.to.match(/^2-1 .* from 1-3 /m)
      await program.json('transfer', '2', '1', '5')
      expect((await program.json('balance', '1')).balances).to.deep.equal([{unit: 'AZN', balance: '37.50'}])
    }))

  it('adjust with a sign that needs no --, and never without one', () =>
    withProgram(async (program) => {
      await open(program)
      const adjusted = async (...args: readonly string[]) => {
        const {entry} = await program.json('adjust', ...args)
        return [entry.direction, entry.amount, entry.note]
      }

      expect(await adjusted('1', '-5', '--reason', 'counted')).to.deep.equal(['OUT', '5.00', 'counted'])
      expect(await adjusted('1', '+5', '--reason', 'counted')).to.deep.equal(['IN', '5.00', 'counted'])
      expect(await adjusted('--reason', '-5', '1', '-0,5')).to.deep.equal(['OUT', '0.50', '-5'])
      expect(await adjusted('1', '--reason=-7', '-1')).to.deep.equal(['OUT', '1.00', '-7'])
      const {code, stdout} = await program.run(['adjust', '1', '--reason', 'x', '--dry-run', '--', '-5'])
      expect(code).to.equal(0)
      expect(stdout).to.contain('-5.00 AZN').and.to.contain('dry run')
    }))

  it('hand money back, and bring a balance over once', () =>
    withProgram(async (program) => {
      await open(program)

      const refunded = await textOf(program, 'refund', '1', '7.50', '--method', 'card', '--staff', 'Ina', ...AT)
      const opened = await textOf(program, 'opening', 'ben', '20', '--at', '2026-01-01')

      expect(refunded)
        .to.match(/^Refund 1-3\n/)
        .and.to.contain('37.50 → 30.00 AZN')
        .and.to.contain('card')
      expect(opened)
        .to.match(/^Opening balance 2-1\n/)
        .and.to.contain('0.00 → 20.00 AZN')
      expect(opened).to.contain('2026-01-01 00:00')
    }))

  const refusals: readonly (readonly [what: string, code: string, exit: number, ...args: string[]])[] = [
    ['no entry', 'USAGE', 2, 'reverse'],
    ['no reason', 'USAGE', 2, 'reverse', '1-1'],
    ['an empty reason', 'INVALID_INPUT', 2, 'reverse', '1-1', '--reason', ' '],
    ['what is no id of an entry', 'INVALID_INPUT', 2, 'reverse', '1', '--reason', 'x'],
    ['a negative part', 'INVALID_AMOUNT', 2, 'reverse', '1-1', '--amount', '-5', '--reason', 'x'],
    ['more than the whole', 'INVALID_AMOUNT', 2, 'reverse', '1-1', '--amount', '50.01', '--reason', 'x'],
    ['too many decimals', 'INVALID_AMOUNT', 2, 'reverse', '1-1', '--amount', '0.001', '--reason', 'x'],
    ['an unknown entry', 'ENTRY_NOT_FOUND', 3, 'reverse', '1-9', '--reason', 'x'],
    ['an entry of an unknown client', 'ENTRY_NOT_FOUND', 3, 'reverse', '9-1', '--reason', 'x'],
    ['an entry of an unknown unit', 'ENTRY_NOT_FOUND', 3, 'reverse', '1-lessn-1', '--reason', 'x'],
    ['a reversal of a reversal', 'NOT_REVERSIBLE', 5, 'reverse', '2-2', '--reason', 'x'],
    ['a reversal of a transfer', 'NOT_REVERSIBLE', 5, 'reverse', '2-3', '--reason', 'x'],
    ['more than is left', 'ALREADY_REVERSED', 5, 'reverse', '2-1', '--amount', '6', '--reason', 'x'],
    ['money that is spent', 'INSUFFICIENT_FUNDS', 5, 'reverse', '1-1', '--reason', 'x'],
    [
      'another reversal of that reference',
      'REFERENCE_CONFLICT',
      6,
      'reverse',
      '1-1',
      '--reason',
      'x',
      '--reference',
      'r',
    ],
    ['no method', 'USAGE', 2, 'refund', '1', '5'],
    ['a refund above the balance', 'INSUFFICIENT_FUNDS', 5, 'refund', '1', '500', '--method', 'cash'],
    ['an adjustment without a sign', 'INVALID_AMOUNT', 2, 'adjust', '1', '5', '--reason', 'x'],
    ['an adjustment of nothing', 'INVALID_AMOUNT', 2, 'adjust', '1', '-0', '--reason', 'x'],
    ['an adjustment of a word', 'USAGE', 2, 'adjust', '1', '-five', '--reason', 'x'],
    ['the amount before the client', 'CLIENT_NOT_FOUND', 3, 'adjust', '-5', '+1', '--reason', 'x'],
    ['no amount', 'USAGE', 2, 'adjust', '1', '--reason', 'x'],
    ['a negative top-up', 'INVALID_AMOUNT', 2, 'topup', '1', '-5'],
    ['a top-up of nobody says how much', 'USAGE', 2, 'topup', '1'],
    ['an opening of a used account', 'ALREADY_OPENED', 5, 'opening', '1', '5'],
    ['a transfer to nobody', 'USAGE', 2, 'transfer', '1'],
    ['a transfer to oneself', 'INVALID_INPUT', 2, 'transfer', '1', 'anna', '5'],
    ['a transfer above the balance', 'INSUFFICIENT_FUNDS', 5, 'transfer', '2', '1', '500'],
    ['a transfer to someone unknown', 'CLIENT_NOT_FOUND', 3, 'transfer', '1', 'Bob', '5'],
    ['a transfer into the far future', 'INVALID_INPUT', 2, 'transfer', '1', '2', '5', '--at', '2190-01-01'],
  ]
  it('are refused in one sentence with a hint and the right exit code, and nothing is written', () =>
    withProgram(async (program) => {
      await open(program)
      await program.json('opening', '2', '10')
      await program.json('reverse', '2-1', '--amount', '5', '--reason', 'x', '--reference', 'r')
      await program.json('transfer', '2', '1', '1', '--reference', 'r2')
      await program.json('adjust', '1', '+1', '--reason', 'x', '--reference', 'r')
      const before = await program.json('history')

      for (const [what, code, exit, ...args] of refusals) {
        const json = await program.run([...args, '--json'])
        const document = z.parse(FAILURE_SCHEMA, JSON.parse(json.stdout))
        expect(document.error, what).to.include({code, exit})
        expect(document.error.hint, what).to.be.a('string')
        const text = await program.run(args)
        expect(text, what).to.include({code: exit, stdout: ''})
        expect(text.stderr, what).to.match(/^Error: .+\n( {2}.+\n)*Hint: .+\n$/)
        expect(text.stderr, what).to.not.contain('following error')
      }
      expect(await program.json('history')).to.deep.equal(before)
    })).timeout(180_000)

  it('of an entry that does not exist list those that do', () =>
    withProgram(async (program) => {
      await open(program)

      const {stderr} = await program.run(['reverse', '1-9', '--reason', 'x'])

      expect(stderr).to.equal(
        [
          'Error: There is no entry 1-9; the last of Anna Petrova are:',
          '   1-2  payment  -12.50 AZN  2026-11-22T10:00:00.000Z',
          '   1-1  topup  +50.00 AZN  2026-11-22T10:00:00.000Z',
          'Hint: See all of them with: fleks history 1',
          '',
        ].join('\n'),
      )
    }))
})

describe('one reference', () => {
  for (const command of [
    ['topup', '1', '5'],
    ['transfer', '1', '2', '5'],
    ['reverse', '1-2', '--reason', 'typed twice'],
  ]) {
    it(`from 20 processes at once is one ${command[0]} and 20 identical answers`, () =>
      withProgram(async (program) => {
        await open(program)
        const before = (await program.json('history')).entries.length

        const outcomes = await Promise.all(
          Array.from({length: 20}, () => program.run([...command, '--reference', 'night-7', '--json'])),
        )

        expect(outcomes.map(({code, stderr}) => ({code, stderr}))).to.deep.equal(Array(20).fill({code: 0, stderr: ''}))
        const documents = outcomes.map(({stdout}) => JSON.parse(stdout))
        expect(documents.filter(({replayed}) => replayed)).to.have.length(19)
        const [first] = documents
        for (const document of documents) expect(document).to.deep.equal({...first, replayed: document.replayed})
        expect((await program.json('history')).entries).to.have.length(before + (command[0] === 'transfer' ? 2 : 1))
      })).timeout(90_000)
  }
})

describe('a connection that is lost', () => {
  it('is opened again, in a terminal with the wait and the count', function () {
    // Only a terminal is told.
    if (!hasTerminal()) skip(this, 'what a terminal shows of a lost connection (no util-linux script)')
    return withProgram(async (program, url) => {
      await open(program)
      const proxy = await cuttingProxy(url)
      try {
        const env = {...program.env, FLEKS_DATABASE_URL: proxy.url}
        const words = [process.execPath, PROGRAM, 'topup', '1', '5', '--reference'].map((word) => JSON.stringify(word))
        proxy.cutNext('after COMMIT is sent')
        const terminal = await outcomeOf(
          spawn('script', ['-qec', [...words, 'r-1'].join(' '), '/dev/null'], {cwd: program.home, env}),
        )
        proxy.cutNext('before COMMIT is sent')
        const pipe = await program.run(['topup', '1', '5', '--json'], {env})

        expect(terminal.code).to.equal(0)
        expect(terminal.stdout).to.contain('The database went away; trying again in 0.05 s (attempt 1)')
        expect(pipe).to.include({code: 0, stderr: ''})
        expect(JSON.parse(pipe.stdout)).to.include({replayed: false})
        expect(proxy.cuts()).to.equal(2)
        expect((await program.json('balance', '1')).balances).to.deep.equal([{unit: 'AZN', balance: '47.50'}])
      } finally {
        proxy.close()
      }
    })
  })
})
