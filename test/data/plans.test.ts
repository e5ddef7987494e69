import {expect} from 'chai'
import type {Interceptor} from 'slonik'
import {clientBalances} from '../../src/data/balances.ts'
import {addClient, listClients, showClient} from '../../src/data/clients.ts'
import {history} from '../../src/data/history.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {openPool} from '../../src/data/pool.ts'
import {pay, topup} from '../../src/data/posting.ts'
import {reverse} from '../../src/data/reversal.ts'
import {searchClients} from '../../src/data/search.ts'
import {transfer} from '../../src/data/transfer.ts'
import {crowdSql} from '../support/crowd.ts'
import {plainSql, withTestDatabase} from '../support/database.ts'
import {openBusiness, request, reversal, transferRequest, UNIQUE} from '../support/world.ts'

/** 200,000 take ten times as long, and give the same plans: `PLAN_CLIENTS=200000 mocha test/data/plans.test.ts`. */
const CLIENTS = Number(process.env.PLAN_CLIENTS ?? 20_000)
/** Small reference tables, read whole on purpose. */
const SMALL = new Set(['settings', 'counted_unit', 'staff', 'migration'])

interface Sent {
  readonly text: string
  readonly values: readonly unknown[]
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows'?: number
  readonly Plans?: readonly PlanNode[]
}

function nodesOf(plan: PlanNode): readonly PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]
}

describe('with many clients', () => {
  const work: readonly (readonly [what: string, (ledger: Ledger) => Promise<unknown>])[] = [
    ['pay by id', (ledger) => pay(ledger, request('4711', '1', {staff: 'Ina'}))],
    [
      'pay by name',
      (ledger) => pay(ledger, request('fgyna12 lyrbova', '1', {staff: 'Ina', dryRun: true})).catch(() => {}),
    ],
    [
      'pay by a part of a name',
      (ledger) => pay(ledger, request('fgyna1 lyrb', '1', {staff: 'Ina', dryRun: true})).catch(() => {}),
    ],
    ['reverse', (ledger) => reverse(ledger, reversal('4711-1', '1'))],
    ['reverse what does not exist', (ledger) => reverse(ledger, reversal('4711-99', '1')).catch(() => {})],
    ['transfer', (ledger) => transfer(ledger, transferRequest('4711', '4712', '1'))],
    ['topup by phone', (ledger) => topup(ledger, request('+994500004711', '1'))],
    ['balance', (ledger) => clientBalances(ledger, '4711', null)],
    ['client show', (ledger) => showClient(ledger, '4711')],
    ['client list', (ledger) => listClients(ledger, {archived: false, limit: 50, cursor: null})],
    ['history of a client', (ledger) => history(ledger, {...ALL, client: '4711'})],
    ['history of everyone', (ledger) => history(ledger, ALL)],
    [
      'history of a staff member',
      (ledger) => history(ledger, {...ALL, staff: 'Ina', from: '2026-01-01', to: '2026-01-31'}),
    ],
    ...[
      'fa',
      'fana',
      'lbx',
      'fbana1 la',
      'ovana',
      'lbxxova',
      'na12',
      '4711',
      '04711',
      'q',
      'zzzzzz',
      'lbxxov fbana1',
      'ovana yna',
      '+994500004711',
    ].map(
      (text) =>
        [`search for ${text}`, (ledger: Ledger) => searchClients(ledger, text, {limit: 20, archived: false})] as const,
    ),
  ]

  it('no command scans a table', () =>
    withTestDatabase(async ({url, ledger}) => {
      await plainSql(url, crowdSql(CLIENTS), [])
      let sent: Sent[] = []
      const recorder: Interceptor = {
        name: 'recorder',
        transformQuery: (_, query) => {
          sent.push({text: query.sql, values: query.values})
          return query
        },
      }
      const pool = await openPool(url, {interceptors: [recorder]})
      try {
        for (const [what, run] of work) {
          sent = []
          await run({...ledger, pool})
          expect(sent, what).to.not.have.length(0)
          for (const {text, values} of sent.filter((query) => /^\s*(with|select)/.test(query.text))) {
            const [row] = await plainSql(url, `explain (analyze, format json) ${text}`, values)
            const plans = row?.['QUERY PLAN'] as readonly {readonly Plan: PlanNode}[] | undefined
            const plan = plans?.[0]?.Plan
            if (plan === undefined) throw new Error('PostgreSQL gave no plan')
            const scans = nodesOf(plan).filter(
              (node) => node['Node Type'] === 'Seq Scan' && !SMALL.has(node['Relation Name'] ?? ''),
            )
            expect(
              scans.map((node) => node['Relation Name']),
              `${what}: ${text}`,
            ).to.deep.equal([])
          }
        }
      } finally {
        await pool.end()
      }
    })).timeout(120_000)
})

describe('on a distant server', () => {
  /** Each is a round trip; START TRANSACTION and the look at the schema travel with the first. */
  const verbs: readonly (readonly [what: string, statements: number, (ledger: Ledger) => Promise<unknown>])[] = [
    ['topup', 3, (ledger) => topup(ledger, request('1', '50'))],
    ['pay', 3, (ledger) => pay(ledger, request('1', '5', {staff: 'Ina'}))],
    ['reverse', 4, (ledger) => reverse(ledger, reversal('1-2', null))],
    ['transfer', 4, (ledger) => transfer(ledger, transferRequest('1', '2', '5'))],
    ['history', 2, (ledger) => history(ledger, ALL)],
  ]
  it('a command makes as few round trips as it takes, beside COMMIT', () =>
    withTestDatabase(async ({url, ledger}) => {
      await openBusiness(ledger)
      await addClient(ledger, 'Ben', {}, UNIQUE)
      let sent = 0
      const recorder: Interceptor = {
        name: 'recorder',
        transformQuery: (_, query) => {
          sent++
          return query
        },
      }
      const pool = await openPool(url, {interceptors: [recorder]})
      try {
        for (const [what, statements, run] of verbs) {
          sent = 0
          await run({...ledger, pool})
          expect(sent, what).to.equal(statements)
        }
      } finally {
        await pool.end()
      }
    }))
})

const ALL = {client: null, staff: null, kind: null, direction: null, from: null, to: null, limit: 50, cursor: null}
