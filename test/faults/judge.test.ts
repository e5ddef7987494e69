/** The judge itself: an honest ledger is found sound, and every single lie is found. */

import {expect} from 'chai'
import {type Answer, answerOf, type Ended} from '../support/faults/answer.ts'
import {Imagination} from '../support/faults/command.ts'
import type {Facts, LedgerAccount, LedgerEntry} from '../support/faults/facts.ts'
import {type Imported, type ImportTold, importToldOf} from '../support/faults/import-run.ts'
import {judge} from '../support/faults/judge.ts'
import {judgeImports} from '../support/faults/judge-imports.ts'
import type {Recorded} from '../support/faults/records.ts'

const commands = new Imagination(2, [])
const topup = commands.make('topup', 1, {cents: 500})
const pay = commands.make('pay', 1, {cents: 200})
const transfer = commands.make('transfer', 1, {cents: 100, other: 2})
const edit = commands.make('edit', 2, {})
const reverse = commands.make('reverse', 1, {entry: '1-2', cents: 50})

const shared = {reverses: null, counter: null, seq: 1, beforeCents: 0} as const
const entries = {
  topup: {...shared, id: '1-1', client: 1, kind: 'topup', direction: 'IN', cents: 500, afterCents: 500},
  pay: {...shared, id: '1-2', seq: 2, client: 1, kind: 'payment', direction: 'OUT', cents: 200},
  giver: {...shared, id: '1-3', seq: 3, client: 1, kind: 'transfer', direction: 'OUT', cents: 100, counter: '2-1'},
  taker: {...shared, id: '2-1', client: 2, kind: 'transfer', direction: 'IN', cents: 100, counter: '1-3'},
  reverse: {...shared, id: '1-4', seq: 4, client: 1, kind: 'reversal', direction: 'IN', cents: 50, reverses: 2},
} as const
const of = ({name, reference}: {readonly name: string; readonly reference: string}) => ({note: name, reference})
const LINES: readonly LedgerEntry[] = [
  {...entries.topup, ...of(topup), hash: 'h1'},
  {...entries.pay, ...of(pay), hash: 'h2', beforeCents: 500, afterCents: 300},
  {...entries.giver, ...of(transfer), hash: 'h3', beforeCents: 300, afterCents: 200},
  {...entries.reverse, ...of(reverse), hash: 'h4', beforeCents: 200, afterCents: 250},
  {...entries.taker, ...of(transfer), hash: 'h5', afterCents: 100},
]
const ACCOUNTS: readonly LedgerAccount[] = [
  {client: 1, balanceCents: 250, lastSeq: 4, lastHash: 'h4', note: null},
  {client: 2, balanceCents: 100, lastSeq: 1, lastHash: 'h5', note: edit.name},
]
const HONEST: Facts = {entries: LINES, accounts: ACCOUNTS}

const told = (...ids: readonly string[]): Answer => ({
  kind: 'acknowledged',
  entries: LINES.filter(({id}) => ids.includes(id)).map(({afterCents, ...line}) => ({
    ...line,
    balanceAfterCents: afterCents,
  })),
})
const once = (command: Recorded['command'], begunMs: number, ...answers: readonly Answer[]): Recorded => ({
  command,
  attempts: answers.map((answer, at) => ({by: 'desk', begunMs: begunMs + at, endedMs: begunMs + at + 0.5, answer})),
})
const UNKNOWN: Answer = {kind: 'unknown', why: 'killed'}
const REFUSED: Answer = {kind: 'refused', code: 'INSUFFICIENT_FUNDS'}
const NOT_DONE: Answer = {kind: 'not done', code: 'DATABASE_UNAVAILABLE'}
const HEARD: readonly Recorded[] = [
  once(topup, 0, UNKNOWN, told('1-1')),
  once(pay, 10, told('1-2')),
  once(transfer, 20, told('1-3', '2-1')),
  once(reverse, 30, UNKNOWN),
  once(edit, 40, {kind: 'acknowledged', entries: []}),
]

const without = (...ids: readonly string[]): Facts => ({...HONEST, entries: LINES.filter(({id}) => !ids.includes(id))})
const changed = (id: string, changes: Partial<LedgerEntry>): Facts => ({
  ...HONEST,
  entries: LINES.map((line) => (line.id === id ? {...line, ...changes} : line)),
})
const account = (changes: Partial<LedgerAccount>): Facts => ({
  ...HONEST,
  accounts: ACCOUNTS.map((one) => (one.client === 2 ? {...one, ...changes} : one)),
})
const heard = (at: number, record: Recorded) => HEARD.map((one, index) => (index === at ? record : one))

describe('the judge', () => {
  it('finds nothing in an honest ledger', () => {
    expect(judge(HEARD, HONEST)).to.deep.equal([])
    expect(
      judge(heard(3, once(reverse, 30, NOT_DONE)), {
        entries: LINES.filter(({id}) => id !== '1-4'),
        accounts: ACCOUNTS.map((one) =>
          one.client === 1 ? {...one, balanceCents: 200, lastSeq: 3, lastHash: 'h3'} : one,
        ),
      }),
    ).to.deep.equal([])
  })

  const lies: readonly (readonly [lie: string, kind: string, records: readonly Recorded[], facts: Facts])[] = [
    ['an acknowledged entry is not there', 'lost', HEARD, without('1-2')],
    ['an acknowledged entry has another hash', 'lost', HEARD, changed('1-2', {hash: 'h9'})],
    ['an acknowledged entry has another amount', 'lost', HEARD, changed('1-2', {cents: 300})],
    ['a balance lacks an entry', 'lost', HEARD, account({balanceCents: 0})],
    ['an acknowledged edit is not there', 'lost', HEARD, account({note: null})],
    [
      'an entry stands twice',
      'doubled',
      HEARD,
      {...HONEST, entries: [...LINES, {...LINES[1], id: '1-9'} as LedgerEntry]},
    ],
    ['a reversal takes more than there was', 'doubled', HEARD, changed('1-4', {cents: 201})],
    ['a transfer has one side', 'partial', HEARD, without('2-1')],
    ['a transfer has sides that do not agree', 'partial', HEARD, changed('2-1', {cents: 99})],
    ['nobody asked for an entry', 'invented', HEARD.slice(1), HONEST],
    ['a refused posting is there', 'invented', heard(1, once(pay, 10, UNKNOWN, REFUSED)), HONEST],
    ['a posting told as not done is there', 'invented', heard(1, once(pay, 10, NOT_DONE, NOT_DONE)), HONEST],
    ['an entry is of another kind', 'invented', HEARD, changed('1-2', {kind: 'refund'})],
    ['an entry stands before an older one', 'disorder', heard(1, once(pay, -10, told('1-2'))), HONEST],
    ['a number is missing', 'unsound', HEARD, changed('1-2', {seq: 5})],
    ['a balance does not continue', 'unsound', HEARD, changed('1-2', {beforeCents: 400, afterCents: 200})],
    ['an account ends with another hash', 'unsound', HEARD, account({lastHash: 'h1'})],
    ['a process hangs', 'hung', heard(1, once(pay, 10, {kind: 'hung'}, told('1-2'))), HONEST],
    [
      'a process answers what it must not',
      'broken',
      heard(1, once(pay, 10, {kind: 'broken', why: ''}, told('1-2'))),
      HONEST,
    ],
  ]
  for (const [lie, kind, records, facts] of lies) {
    it(`finds that ${lie}`, () => {
      expect(judge(records, facts).map((found) => found.kind)).to.include(kind)
    })
  }
})

describe('the judge of imports', () => {
  const file = (...runs: readonly ImportTold[]): Imported => ({
    path: 'a.csv',
    lines: [topup, pay],
    form: 'csv',
    referenced: true,
    atomic: true,
    runs: [...runs],
  })
  const counts = {applied: 2, replayed: 0, refused: 0, committed: true, inCents: 500, outCents: 200}
  const summary = {...counts, refusals: new Map<number, string>()}
  const whole: ImportTold = {kind: 'ended', code: 0, summary}
  const broken: ImportTold = {kind: 'unknown', why: 'killed'}

  it('finds nothing where a file is wholly in, or an atomic one wholly out', () => {
    expect(judgeImports([file(broken, whole)], HONEST)).to.deep.equal([])
    expect(judgeImports([file(broken)], without('1-1', '1-2'))).to.deep.equal([])
  })

  const lies: readonly (readonly [lie: string, kind: string, told: ImportTold, facts: Facts])[] = [
    ['a file that ended with 0 lacks a line', 'partial', whole, without('1-2')],
    ['an atomic file is there in part', 'partial', broken, without('1-1')],
    ['fewer lines are there than were applied', 'lost', whole, without('1-2')],
    ['an import hangs', 'hung', {kind: 'hung'}, HONEST],
    ['an import answers what it must not', 'broken', {kind: 'broken', why: ''}, HONEST],
  ]
  for (const [lie, kind, told, facts] of lies) {
    it(`finds that ${lie}`, () => {
      expect(judgeImports([file(told)], facts).map((found) => found.kind)).to.include(kind)
    })
  }

  const ended = (code: number | null, stdout: string, more: Partial<Ended> = {}): Ended => ({
    ...{code, stdout, signal: null, stderr: '', sabotage: 'none', hung: false},
    ...more,
  })
  const told = (changes: object) => {
    const money = [{unit: 'AZN', in: '5.00', out: '2.00'}]
    const one = {applied: 2, replayed: 0, refused: 0, committed: true, money, refusals: [], ...changes}
    return JSON.stringify({read: one.applied + one.replayed + one.refused, files: [one]})
  }
  const short = [{line: 3, code: 'INSUFFICIENT_FUNDS'}]
  const runs: readonly (readonly [what: string, kind: ImportTold['kind'], ended: Ended])[] = [
    ['a whole file', 'ended', ended(0, told({}))],
    [
      'a file without what was refused',
      'ended',
      ended(
        7,
        told({applied: 0, refused: 2, committed: false, refusals: [{line: 2, code: 'INSUFFICIENT_FUNDS'}, ...short]}),
      ),
    ],
    ['no database', 'not done', ended(9, JSON.stringify({error: {code: 'DATABASE_UNAVAILABLE'}}))],
    ['a signal that was sent', 'unknown', ended(null, '', {signal: 'SIGKILL', sabotage: 'signal'})],
    ['no reader', 'ended', ended(0, '', {sabotage: 'reader gone'})],
    ['a file with fewer lines', 'broken', ended(0, told({applied: 1}))],
    [
      'money that is not that of the lines',
      'broken',
      ended(0, told({money: [{unit: 'AZN', in: '5.01', out: '2.00'}]})),
    ],
    ['exit 0 with a refused line', 'broken', ended(0, told({applied: 1, refused: 1, refusals: short}))],
    [
      'an atomic file with a refused line that is committed',
      'broken',
      ended(7, told({applied: 1, refused: 1, refusals: short})),
    ],
    [
      'a refused line that is not told',
      'broken',
      ended(7, told({applied: 0, refused: 2, committed: false, refusals: short})),
    ],
    ['half a document', 'broken', ended(0, '{"read":')],
    ['a bug', 'broken', ended(1, JSON.stringify({error: {code: 'INTERNAL'}}))],
    ['no end', 'hung', ended(null, '', {hung: true})],
  ]
  for (const [what, kind, process] of runs) {
    it(`takes ${what} for ${kind}`, () => {
      expect(importToldOf(file(), process).kind).to.equal(kind)
    })
  }
})

describe('an answer', () => {
  const ended = (code: number | null, stdout: string, more: Partial<Ended> = {}): Ended => ({
    code,
    stdout,
    signal: null,
    stderr: '',
    sabotage: 'none',
    hung: false,
    ...more,
  })
  const failure = (code: string) => JSON.stringify({error: {code}})
  const answers: readonly (readonly [what: string, kind: Answer['kind'], ended: Ended])[] = [
    ['a refusal', 'refused', ended(5, failure('INSUFFICIENT_FUNDS'))],
    ['no database', 'not done', ended(9, failure('DATABASE_UNAVAILABLE'))],
    ['an unknown outcome', 'unknown', ended(9, failure('OUTCOME_UNKNOWN'))],
    ['a signal that was sent', 'unknown', ended(null, '', {signal: 'SIGKILL', sabotage: 'signal'})],
    ['an output that is full', 'unknown', ended(74, '', {sabotage: 'output full'})],
    ['no reader', 'acknowledged', ended(0, '', {sabotage: 'reader gone'})],
    ['a signal that nobody sent', 'broken', ended(null, '', {signal: 'SIGSEGV'})],
    ['exit 0 without a document', 'broken', ended(0, '')],
    ['exit 0 with half a document', 'broken', ended(0, '{"entry":')],
    ['a bug', 'broken', ended(1, failure('INTERNAL'))],
    ['an exit code that is not its own', 'broken', ended(9, failure('INSUFFICIENT_FUNDS'))],
    ['a refusal that was not earned', 'broken', ended(6, failure('REFERENCE_CONFLICT'))],
    ['a full output with exit 0', 'broken', ended(0, '', {sabotage: 'output full'})],
    ['a stack trace', 'broken', ended(5, failure('INSUFFICIENT_FUNDS'), {stderr: 'Error\n    at x.js:1:1\n'})],
    ['no end', 'hung', ended(null, '', {hung: true})],
  ]
  for (const [what, kind, process] of answers) {
    it(`that is ${what} is ${kind}`, () => {
      expect(answerOf('pay', process).kind).to.equal(kind)
    })
  }
})
