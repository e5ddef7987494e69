import {expect} from 'chai'
import fc from 'fast-check'
import type {BatchAnswer} from '../../src/core/batch.ts'
import type {Posting} from '../../src/core/entry.ts'
import {Refusal} from '../../src/core/refusal.ts'
import {runBatch} from '../../src/data/batch.ts'
import {postMany} from '../../src/data/bulk.ts'
import type {Operation} from '../../src/data/bulk-requests.ts'
import {addClient, archiveClient} from '../../src/data/clients.ts'
import {configure} from '../../src/data/configure.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {openPool} from '../../src/data/pool.ts'
import {adjust, openAccount, pay, refund, topup} from '../../src/data/posting.ts'
import {addStaff} from '../../src/data/staff.ts'
import {contend} from '../support/contention.ts'
import {cuttingProxy} from '../support/cutting-proxy.ts'
import {type TestDatabase, withTestDatabase} from '../support/database.ts'
import {ANYWAY, openBusiness, request, UNIQUE} from '../support/world.ts'

function operation(kind: Operation['kind'], client: string, amount: string | null, more: Partial<Operation> = {}) {
  return {...request(client, amount), kind, ...more}
}

/** What of an outcome must be the same however it was reached. */
function told(outcome: Posting | Refusal) {
  if (outcome instanceof Refusal) {
    const {code, message, hint, details} = outcome
    // Candidates are told with the balances from before their chunk; nothing is decided by these.
    const candidates = details?.candidates
    const shown = Array.isArray(candidates) ? {candidates: candidates.map(({id}) => id)} : details
    return {code, message, hint, details: shown}
  }
  const {recordedAt: _, ...entry} = outcome.entry
  return {...outcome, entry}
}

function single(ledger: Ledger, one: Operation) {
  if (one.kind === 'adjustment') return adjust(ledger, one.direction ?? 'IN', one)
  return {topup, payment: pay, refund, opening: openAccount}[one.kind](ledger, one)
}

async function oneByOne(ledger: Ledger, operations: readonly Operation[]) {
  const outcomes: (Posting | Refusal)[] = []
  for (const one of operations) {
    try {
      outcomes.push((await single(ledger, one)).posting)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      outcomes.push(error)
    }
  }
  return outcomes
}

async function inChunks(ledger: Ledger, operations: readonly Operation[], size: number) {
  const outcomes: (Posting | Refusal)[] = []
  for (let at = 0; at < operations.length; at += size) {
    outcomes.push(...(await postMany(ledger, operations.slice(at, at + size))).outcomes)
  }
  return outcomes
}

async function written({sql}: TestDatabase) {
  const entries = await sql(`
    select client_id, unit, seq, kind, direction, amount, balance_before, balance_after, staff_id, method, note,
      reference, reverses, counter_client_id, counter_seq, occurred_at, operator, encode(hash, 'hex') as hash
    from entry order by client_id, unit, seq`)
  const accounts = await sql(
    "select client_id, unit, balance, last_seq, encode(last_hash, 'hex') as hash from account order by 1, 2",
  )
  return {entries, accounts}
}

/** Clients that are alike, gone, or found in every way there is. */
async function openCrowd(ledger: Ledger): Promise<void> {
  await openBusiness(ledger)
  await addStaff(ledger, 'Ruslan')
  await addStaff(ledger, 'Rusalka')
  await addClient(ledger, 'Əliyeva İradə', {code: 'A-17', defaultPrice: {digits: 25n, scale: 0}}, UNIQUE)
  await addClient(ledger, 'Ben Ford', {phone: {text: '+994 50 111 22 33', digits: '994501112233'}}, UNIQUE)
  await addClient(ledger, 'Ben Ford', {}, ANYWAY)
  await addClient(ledger, 'Gone Away', {}, UNIQUE)
  await archiveClient(ledger, '5', {keepBalance: true})
  await configure(ledger, 'counted-units', 'lesson')
  await configure(ledger, 'time-zone', 'Asia/Baku')
}

const KINDS = ['topup', 'payment', 'refund', 'opening', 'adjustment'] as const

const operations = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS, 'topup' as const, 'payment' as const),
    direction: fc.constantFrom('IN' as const, 'OUT' as const),
    client: fc.constantFrom(
      '1',
      '2',
      '3',
      'anna',
      'ann pet',
      'a-17',
      'eliyeva',
      'ben ford',
      '0501112233',
      'gone',
      '99',
      'petorva',
      '?',
    ),
    amount: fc.oneof(
      fc.record({digits: fc.bigInt(1n, 4000n), scale: fc.constantFrom(0, 1, 2, 3)}),
      fc.constantFrom(null, {digits: 999_999_999_999_999n, scale: 2}),
    ),
    unit: fc.constantFrom(null, null, null, 'lesson', 'EUR', 'nothing'),
    staff: fc.constantFrom(null, 'Ina', 'ina', '1', 'Rus', 'Nobody'),
    method: fc.constantFrom(null, 'cash' as const),
    note: fc.constantFrom(null, 'massage', 'üçün "x", \\ {y}'),
    reference: fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9', 'r10'),
    at: fc.constantFrom('2026-01-02', '2026-01-02 14:30', '2026-01-02T10:00:00Z', 'soon'),
    dryRun: fc.constantFrom(false, false, false, true),
  }),
  {minLength: 1, maxLength: 40},
)

describe('posting many', () => {
  it('is the same, byte for byte, as posting one by one, whatever the size of the chunks', () =>
    fc.assert(
      fc.asyncProperty(operations, fc.integer({min: 1, max: 41}), async (asked, size) => {
        const single = await withTestDatabase(async (database) => {
          await openCrowd(database.ledger)
          return {outcomes: await oneByOne(database.ledger, asked), ...(await written(database))}
        })
        const bulk = await withTestDatabase(async (database) => {
          await openCrowd(database.ledger)
          return {outcomes: await inChunks(database.ledger, asked, size), ...(await written(database))}
        })

        expect(bulk.outcomes.map(told)).to.deep.equal(single.outcomes.map(told))
        expect(bulk.entries).to.deep.equal(single.entries)
        expect(bulk.accounts.filter(({last_seq: seq}) => seq !== '0')).to.deep.equal(
          single.accounts.filter(({last_seq: seq}) => seq !== '0'),
        )
      }),
      {numRuns: 12},
    )).timeout(120_000)

  it('goes on after what is refused', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)

      const {outcomes, committed} = await postMany(ledger, [
        operation('topup', '1', '10'),
        operation('payment', '1', '10.01', {staff: 'Ina'}),
        operation('topup', 'Bob', '1'),
        operation('payment', '1', '10', {staff: 'Ina'}),
      ])

      expect(committed).to.equal(true)
      expect(outcomes.map((one) => (one instanceof Refusal ? one.code : one.entry.balanceAfter))).to.deep.equal([
        1000n,
        'INSUFFICIENT_FUNDS',
        'CLIENT_NOT_FOUND',
        0n,
      ])
    }))

  it('writes all or nothing when asked', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await openBusiness(ledger)
      const asked = [operation('topup', '1', '10'), operation('payment', '1', '10.01', {staff: 'Ina'})]

      const {committed, outcomes} = await postMany(ledger, asked, {atomic: true})

      expect(committed).to.equal(false)
      expect(outcomes.map((one) => one instanceof Refusal)).to.deep.equal([false, true])
      expect(await sql('select * from entry')).to.deep.equal([])
      expect((await postMany(ledger, asked.slice(0, 1), {atomic: true})).committed).to.equal(true)
    }))

  it('replays what has a known reference, and refuses what asks for something else with it', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await openBusiness(ledger)
      const asked = [operation('topup', '1', '10', {reference: 'a'}), operation('topup', '1', '10', {reference: 'a'})]

      const first = await postMany(ledger, asked)
      const nobody = operation('topup', '99', '10', {reference: 'a'})
      const second = await postMany(ledger, [nobody, ...asked, operation('topup', '1', '11', {reference: 'a'})])

      expect(first.outcomes.map((one) => one instanceof Refusal || one.replayed)).to.deep.equal([false, true])
      expect(second.outcomes.map((one) => (one instanceof Refusal ? one.code : one.replayed))).to.deep.equal([
        'CLIENT_NOT_FOUND',
        true,
        true,
        'REFERENCE_CONFLICT',
      ])
      expect(await sql('select * from entry')).to.have.length(1)
    }))

  it('knows a reference within its client only', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await openBusiness(ledger)
      await addClient(ledger, 'Ben', {}, UNIQUE)
      const asked = ['1', '2', '2', '1'].map((client) => operation('topup', client, client, {reference: 'a'}))

      const {outcomes} = await postMany(ledger, asked)

      expect(outcomes.map((one) => one instanceof Refusal || one.replayed)).to.deep.equal([false, false, true, true])
      expect(await sql('select * from entry')).to.have.length(2)
    }))

  it('waits for a desk that holds a client, and continues its account', () =>
    withTestDatabase(async ({ledger, url}) => {
      await openBusiness(ledger)
      await addClient(ledger, 'Ben', {}, UNIQUE)
      const chunk = () => postMany(ledger, [operation('topup', '2', '5'), operation('topup', '1', '10')])

      const outcomes = await contend<unknown>(url, 'select 1 from account where client_id = 1 for update', [
        () => topup(ledger, request('1', '7')),
        chunk,
        chunk,
      ])

      expect(outcomes.map(({status}) => status)).to.deep.equal(['fulfilled', 'fulfilled', 'fulfilled'])
      const {posting} = await topup(ledger, request('1', '1'))
      expect(posting.entry).to.include({seq: 4n, balanceAfter: 2800n})
    }))

  it('never deadlocks with another chunk, whatever the order of its lines', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      for (const name of ['Ben', 'Cem', 'Dan', 'Eva']) await addClient(ledger, name, {}, UNIQUE)
      const forth = ['1', '2', '3', '4', '5'].map((client) => operation('topup', client, '1'))

      for (let round = 0; round < 10; round++) {
        await Promise.all([postMany(ledger, forth), postMany(ledger, forth.toReversed()), postMany(ledger, forth)])
      }

      expect((await topup(ledger, request('3', '1'))).posting.entry).to.include({seq: 31n, balanceAfter: 3100n})
    }))

  for (const cut of ['before COMMIT is sent', 'after COMMIT is sent'] as const) {
    it(`is posted once when the connection is lost ${cut}`, () =>
      withTestDatabase(async ({ledger, url, sql}) => {
        await openBusiness(ledger)
        const proxy = await cuttingProxy(url)
        const pool = await openPool(proxy.url)
        try {
          const asked = [operation('topup', '1', '20', {reference: 'a'}), operation('topup', '1', '5')]
          await postMany({...ledger, pool}, asked.slice(0, 1))
          proxy.cutNext(cut)

          const {outcomes} = await postMany({...ledger, pool}, asked)

          expect(proxy.cuts()).to.equal(1)
          expect(outcomes.map((one) => one instanceof Refusal || one.replayed)).to.deep.equal([true, false])
          expect(await sql('select seq from entry order by seq')).to.deep.equal([{seq: '1'}, {seq: '2'}])
        } finally {
          await pool.end()
          proxy.close()
        }
      }))
  }

  // Told as not done, they would be done again by whoever believes it.
  it('tells what was committed although the database goes away then', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      const first = operation('topup', '1', '20', {reference: 'a'})
      await postMany(ledger, [first])
      const answers: (BatchAnswer | Refusal)[] = []

      await runBatch(
        {...ledger, pool: goneAfterCommit(ledger.pool)},
        [first, operation('topup', '1', '5', {reference: 'b'}), operation('topup', 'Nobody Known', '5')].map(
          (one) => ({op: 'posting', operation: one}) as const,
        ),
        async (some) => {
          answers.push(...some)
        },
      )

      expect(answers.map((answer) => (answer instanceof Refusal ? answer.code : answer.of))).to.deep.equal([
        'posting',
        'posting',
        'CLIENT_NOT_FOUND',
      ])
    }))
})

/** Answers until a transaction has been committed. */
function goneAfterCommit(pool: Ledger['pool']): Ledger['pool'] {
  let gone = false
  return new Proxy(pool, {
    get(target, name, receiver) {
      const method = Reflect.get(target, name, receiver)
      if (typeof method !== 'function') return method
      return async (...args: unknown[]) => {
        if (gone) throw Object.assign(new Error('the connection is lost'), {code: 'ECONNRESET'})
        const answer = await method.apply(target, args)
        if (name === 'transaction') gone = true
        return answer
      }
    },
  })
}
