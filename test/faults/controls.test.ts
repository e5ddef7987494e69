/** Negative controls: what keeps the money safe is taken away, and the judge must see it. Each has its honest twin. */

import {setTimeout as sleep} from 'node:timers/promises'
import {expect} from 'chai'
import type {Interceptor} from 'slonik'
import {addClient} from '../../src/data/clients.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {openPool} from '../../src/data/pool.ts'
import {topup} from '../../src/data/posting.ts'
import {postingJson} from '../../src/views/entry-json.ts'
import {cuttingProxy} from '../support/cutting-proxy.ts'
import {plainSql, type TestDatabase, withTestDatabase} from '../support/database.ts'
import {type Answer, answerOf} from '../support/faults/answer.ts'
import {type Command, centsText, Imagination} from '../support/faults/command.ts'
import type {Desk} from '../support/faults/desk.ts'
import {readFacts} from '../support/faults/facts.ts'
import type {FindingKind} from '../support/faults/finding.ts'
import {judge} from '../support/faults/judge.ts'
import {attempt, work} from '../support/faults/load.ts'
import {makePlace} from '../support/faults/place.ts'
import {posterDesk} from '../support/faults/poster-desk.ts'
import {Recorder} from '../support/faults/records.ts'
import {FAULT_SEED} from '../support/faults/settings.ts'
import {randomFrom} from '../support/random.ts'
import {openBusiness, request, UNIQUE} from '../support/world.ts'

const random = randomFrom(FAULT_SEED)

describe('without the lock on the account', () => {
  const POSTINGS = 60
  const POSTINGS_AT_ONCE = 4

  /** The real function without the words that lock; the pause makes the gap as wide as on a slow day. */
  const withoutLock = (definition: string) =>
    definition.replaceAll(/ for update/gi, '').replace('return query', 'perform pg_sleep(0.02); return query')

  /** Everything that would catch it all the same; the account is moved as a careless program moves it. */
  const WITHOUT_RULES = `
    alter table entry drop constraint entry_pkey cascade;
    drop trigger entry_moves_account on entry;
    drop trigger account_follows_entries on account;
    create function move_carelessly() returns trigger language plpgsql security definer as $$
    begin
      update account set balance = new.balance_after, last_seq = new.seq, last_hash = new.hash
      where client_id = new.client_id and unit = new.unit;
      return null;
    end $$;
    create trigger move_carelessly after insert on entry for each row execute function move_carelessly()`

  async function rush({ledger, url}: TestDatabase): Promise<ReadonlySet<FindingKind>> {
    await openBusiness(ledger)
    await addClient(ledger, 'Ben', {}, UNIQUE)
    const recorder = new Recorder()
    const imagination = new Imagination(2, ['topup', 'topup', 'pay', 'transfer'])
    const onSabotage = () => {}
    const desk = posterDesk({name: 'poster', url, connections: POSTINGS_AT_ONCE, random, killEvery: 0, onSabotage})
    const isOver = () => recorder.acknowledged.length >= POSTINGS
    const working = Array.from({length: POSTINGS_AT_ONCE}, () => work(desk, {recorder, imagination, random, isOver}))
    await Promise.all(working)
    await desk.close()
    return kindsOf(recorder, url)
  }

  it('postings are lost from balances, and that is seen', () =>
    withTestDatabase(async (database) => {
      const [held] = await database.sql(
        "select pg_get_functiondef('hold_account(bigint,text,text)'::regprocedure) as definition",
      )
      await database.sql(withoutLock(String(held?.definition)))
      await database.sql(WITHOUT_RULES)

      expect(await rush(database)).to.include('lost')
    })).timeout(120_000)

  it('(and with it, nothing is found)', () =>
    withTestDatabase(async (database) => {
      expect([...(await rush(database))]).to.deep.equal([])
    })).timeout(120_000)
})

describe('without looking the reference up after a lost connection', () => {
  async function topUpThroughCuts({ledger, url}: TestDatabase, change: Change): Promise<ReadonlySet<FindingKind>> {
    await openBusiness(ledger)
    const proxy = await cuttingProxy(url)
    const pool = await openPool(proxy.url)
    try {
      const desk = deskOf({...ledger, pool}, change)
      const {recorder, next} = topups()
      for (let n = 0; n < 12; n++) {
        if (n % 3 === 0) proxy.cutNext('after COMMIT is sent')
        await next(desk)
      }
      expect(proxy.cuts()).to.equal(4)
      return await kindsOf(recorder, url)
    } finally {
      await pool.end()
      proxy.close()
    }
  }

  it('postings are doubled, and that is seen', () =>
    withTestDatabase(async (database) => {
      let tries = 0
      const found = await topUpThroughCuts(database, (ledger, command) => [
        {...ledger, onRetry: () => Promise.reject(new Error('asks anew'))},
        {...command, reference: `${command.reference}-${++tries}`},
      ])

      expect([...found]).to.deep.equal(['doubled'])
    }))

  it('(and with it, nothing is found)', () =>
    withTestDatabase(async (database) => {
      expect([...(await topUpThroughCuts(database, (...same) => same))]).to.deep.equal([])
    }))
})

describe('with an answer before COMMIT', () => {
  it('of the program, postings are lost, and that is seen', () =>
    withTestDatabase(async ({ledger, url}) => {
      await openBusiness(ledger)
      const proxy = await cuttingProxy(url)
      const {recorder, next} = topups()
      const desk: Desk = {
        name: 'hasty',
        close: async () => {},
        attempt: async (command) => {
          const {promise: inserted, resolve} = Promise.withResolvers<Answer>()
          const hasty: Interceptor = {
            name: 'hasty',
            afterQueryExecution: (_context, query) => {
              if (query.sql.includes('insert into entry')) resolve({kind: 'acknowledged', entries: null})
              return null
            },
          }
          const pool = await openPool(proxy.url, {interceptors: [hasty]})
          const dead = () => Promise.reject(new Error('nobody is there to try again'))
          const posting = topup({...ledger, pool, onRetry: dead}, requestOf(command)).catch(() => {})
          const answer = await inserted
          await posting
          await pool.end()
          return answer
        },
      }
      try {
        await next(desk)
        proxy.cutNext('before COMMIT is sent')
        await next(desk)

        expect([...(await kindsOf(recorder, url))]).to.deep.equal(['lost'])
      } finally {
        proxy.close()
      }
    }))

  const ROUNDS = 5

  /** Kills everything right after a burst of answers. */
  async function killAfterAnswers(settings: Readonly<Record<string, string>>): Promise<ReadonlySet<FindingKind>> {
    const place = await makePlace(settings)
    try {
      const {recorder, next} = topups()
      for (let round = 0; round < ROUNDS; round++) {
        const pool = await openPool(place.urlOf())
        const ledger = {pool, operator: 'tester', now: () => new Date(), randomBytes: (n: number) => new Uint8Array(n)}
        if (round === 0) await openBusiness(ledger)
        // Or a server without durability would lose its tables as well.
        await plainSql(place.urlOf(), 'checkpoint', [])
        const desk = deskOf(ledger, (...same) => same)
        for (let n = 0; n < 10; n++) await next(desk)
        place.signal('SIGKILL', 'all')
        await pool.end().catch(() => {})
        await sleep(50)
        await place.start()
        const found = await kindsOf(recorder, place.urlOf())
        if (found.size > 0) return found
      }
      return new Set()
    } finally {
      await place.remove()
    }
  }

  it('of the server (synchronous_commit = off), postings are lost, and that is seen', async () => {
    expect(await killAfterAnswers({synchronous_commit: 'off', wal_writer_delay: '10s'})).to.include('lost')
  }).timeout(120_000)

  it('(and as fleks sets its server up, nothing is found)', async () => {
    expect([...(await killAfterAnswers({}))]).to.deep.equal([])
  }).timeout(120_000)
})

type Change = (ledger: Ledger, command: Command) => readonly [Ledger, Command]

/** Posts in this process until it is answered, with `change` each time. */
function deskOf(ledger: Ledger, change: Change): Desk {
  return {
    name: 'in this process',
    close: async () => {},
    attempt: async (command) => {
      for (;;) {
        const [changed, asked] = change(ledger, command)
        try {
          const {posting, settings} = await topup(changed, requestOf(asked))
          const stdout = JSON.stringify(postingJson(posting, settings.unit))
          return answerOf('topup', {code: 0, signal: null, stdout, stderr: '', sabotage: 'none', hung: false})
        } catch (error) {
          if (!(error instanceof Error) || error.message !== 'asks anew') throw error
        }
      }
    },
  }
}

function requestOf({client, cents, name, reference}: Command) {
  return request(String(client), centsText(cents ?? 0), {note: name, reference})
}

/** Top-ups of client 1, recorded. */
function topups() {
  const recorder = new Recorder()
  const imagination = new Imagination(1, ['topup'])
  const next = async (desk: Desk) => {
    const command = imagination.next(random)
    recorder.begin(command)
    await attempt(desk, command, recorder, imagination)
  }
  return {recorder, next}
}

async function kindsOf(recorder: Recorder, url: string): Promise<ReadonlySet<FindingKind>> {
  return new Set(judge(recorder.all, await readFacts(url)).map(({kind}) => kind))
}
