import {expect} from 'chai'
import pg from 'pg'
import type {Interceptor} from 'slonik'
import {clientBalances} from '../../src/data/balances.ts'
import {addClient, listClients, showClient} from '../../src/data/clients.ts'
import {connectionConfig} from '../../src/data/driver.ts'
import {history} from '../../src/data/history.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {openPool} from '../../src/data/pool.ts'
import {pay, topup} from '../../src/data/posting.ts'
import {totalsOf} from '../../src/data/reports.ts'
import {reverse} from '../../src/data/reversal.ts'
import {searchClients} from '../../src/data/search.ts'
import {transfer} from '../../src/data/transfer.ts'
import {crowdSql} from '../support/crowd.ts'
import {plainSql, withTestDatabase} from '../support/database.ts'
import {asSuperuser} from '../support/server.ts'
import {openBusiness, request, reversal, transferRequest, UNIQUE} from '../support/world.ts'

const CLIENTS = Number(process.env.PLAN_CLIENTS ?? 200_000)
/** Small reference tables, read whole on purpose. */
const SMALL = new Set(['settings', 'counted_unit', 'staff', 'migration'])

/** Their sorts depend on how many words there are, not on how many clients. */
const DICTIONARY = new Set(['word', 'word_variant'])
/** The most rows that a page is sorted from: the history's, and one to see that it goes on. */
const PAGE = 51

interface Sent {
  readonly text: string
  readonly values: readonly unknown[]
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly Plans?: readonly PlanNode[]
}

interface Explained {
  readonly 'Query Text': string
  readonly Plan: PlanNode
}

function nodesOf(plan: PlanNode): readonly PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]
}

/** What the server did for some statements, those inside its functions included; nothing they wrote stays. */
async function explained(url: string, statements: readonly Sent[]): Promise<readonly Explained[]> {
  const client = new pg.Client(connectionConfig(asSuperuser(url)))
  await client.connect()
  const plans: Explained[] = []
  try {
    await client.query(`
      load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on;
      set auto_explain.log_format = 'json'; set auto_explain.log_nested_statements = on; set auto_explain.log_level = 'notice'`)
    client.on('notice', ({message = ''}) => {
      if (message.includes('plan:')) plans.push(JSON.parse(message.slice(message.indexOf('{'))) as Explained)
    })
    for (const {text, values} of statements) {
      await client.query('begin')
      await client.query(text, [...values])
      await client.query('rollback')
    }
    return plans
  } finally {
    await client.end()
  }
}

/** Tables that are read whole, and sorts of more than a page. */
function faultsOf({Plan}: Explained): readonly string[] {
  const nodes = nodesOf(Plan)
  const relations = nodes.flatMap((node) => node['Relation Name'] ?? [])
  const scans = nodes.filter((node) => node['Node Type'] === 'Seq Scan' && !SMALL.has(node['Relation Name'] ?? ''))
  const sorts = relations.every((name) => DICTIONARY.has(name))
    ? []
    : nodes.filter((node) => /Sort$/.test(node['Node Type']) && sortedRows(node) > PAGE)
  return [
    ...scans.map((node) => `scan of ${node['Relation Name']}`),
    ...sorts.map((node) => `sort of ${sortedRows(node)} rows`),
  ]
}

function sortedRows({Plans: [input] = []}: PlanNode): number {
  return input?.['Actual Rows'] ?? 0
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
    ['totals of a month', (ledger) => totalsOf(ledger, {from: '2026-01-01', to: '2026-01-31'})],
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
      '+99450000',
      '9945',
      '0004711',
      'fgyna12 lyrbova fgyna12',
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
          const read = sent.filter((query) => /^\s*(with|select)/.test(query.text))
          for (const plan of await explained(url, read)) {
            expect(faultsOf(plan), `${what}: ${plan['Query Text']}`).to.deep.equal([])
          }
        }
      } finally {
        await pool.end()
      }
    })).timeout(240_000)
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
