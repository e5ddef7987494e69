import {once} from 'node:events'
import {type AddressInfo, createServer} from 'node:net'
import {expect} from 'chai'
import {ConnectionError, SchemaValidationError, sql} from 'slonik'
import {Refusal} from '../../src/core/refusal.ts'
import {databaseRefusal, isConnectionLoss} from '../../src/data/failure.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {openPool} from '../../src/data/pool.ts'
import {pay, topup} from '../../src/data/posting.ts'
import {readServerVersion} from '../../src/data/server-version.ts'
import {inSnapshot} from '../../src/data/snapshot.ts'
import {columnParser, utcText} from '../../src/data/types.ts'
import {CUTS, cuttingProxy} from '../support/cutting-proxy.ts'
import {withTestDatabase} from '../support/database.ts'
import {refusal, refusalOf} from '../support/refusal.ts'
import {openBusiness, request} from '../support/world.ts'

describe('a connection that is cut', () => {
  for (const cut of CUTS) {
    it(`${cut} is opened again, and the answer is the truth`, () =>
      withTestDatabase(async ({ledger, url, sql: plain}) => {
        await openBusiness(ledger)
        const proxy = await cuttingProxy(url)
        const retries: number[] = []
        const pool = await openPool(proxy.url)
        const cutLedger: Ledger = {
          ...ledger,
          pool,
          onRetry: (attempt) => retries.push(attempt),
        }
        try {
          await topup(cutLedger, request('1', '20'))
          proxy.cutNext(cut)
          const {posting} = await pay(cutLedger, request('1', '5', {staff: 'Ina'}))

          expect(proxy.cuts()).to.equal(1)
          expect(retries).to.deep.equal([1])
          expect(posting).to.include({replayed: false})
          expect(posting.entry).to.include({balanceBefore: 2000n, balanceAfter: 1500n, seq: 2n})
          expect(await plain('select balance, last_seq from account')).to.deep.equal([{balance: '1500', last_seq: '2'}])
        } finally {
          await pool.end()
          proxy.close()
        }
      }))
  }

  it('in silence, at any statement, is given up and opened again', () =>
    withTestDatabase(async ({ledger, url, sql: plain}) => {
      await openBusiness(ledger)
      const proxy = await cuttingProxy(url)
      const pool = await openPool(proxy.url, {transactionLimitMs: 300})
      const retries: string[] = []
      const onRetry = (_attempt: number, _waitMs: number, reason: string) => {
        retries.push(reason)
        proxy.setWeather({})
      }
      try {
        await topup({...ledger, pool}, request('1', '20'))
        for (const quietAfter of [0, 1, 2, 3]) {
          let pieces = 0
          proxy.setWeather({swallows: () => pieces++ >= quietAfter})
          await pay({...ledger, pool, onRetry}, request('1', '1', {staff: 'Ina'}))
        }

        expect(retries).to.deep.equal(['lost', 'lost', 'lost', 'lost'])
        expect(await plain('select balance, last_seq from account')).to.deep.equal([{balance: '1600', last_seq: '5'}])
      } finally {
        await pool.end()
        proxy.close()
      }
    })).timeout(60_000)

  it('is not taken for lost where a transaction has taken its limit off', () =>
    withTestDatabase(async ({url}) => {
      const pool = await openPool(url, {transactionLimitMs: 100})
      try {
        await inSnapshot({pool}, (tx) => tx.query(sql.unsafe`select pg_sleep(2.5)`))
      } finally {
        await pool.end()
      }
    }))

  it('and stays away is told as an unknown outcome, with the way to ask again', () =>
    withTestDatabase(async ({ledger, url}) => {
      await openBusiness(ledger)
      const proxy = await cuttingProxy(url)
      const pool = await openPool(proxy.url)
      const cutLedger: Ledger = {...ledger, pool, onRetry: () => proxy.close()}
      try {
        proxy.cutNext('after COMMIT is sent')
        const error = await refusalOf(topup(cutLedger, request('1', '20', {reference: 'receipt-9'})))

        expect(error.code).to.equal('OUTCOME_UNKNOWN')
        expect(error.hint).to.contain('--reference receipt-9')
        expect((await topup(ledger, request('1', '20', {reference: 'receipt-9'}))).posting.replayed).to.equal(true)
      } finally {
        await pool.end()
      }
    })).timeout(60_000)

  it('stays an unknown outcome when the next server only reads', () =>
    withTestDatabase(async ({ledger, url, sql: plain}) => {
      await openBusiness(ledger)
      const proxy = await cuttingProxy(url)
      const pool = await openPool(proxy.url)
      try {
        await topup({...ledger, pool}, request('1', '20'))
        // Holds for new connections alone, as when another server has taken over.
        await plain(`alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`)
        // A pooler keeps its connections to the server, and would let us in by an old one.
        const onRetry = async () => {
          await plain(
            'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
          )
        }
        proxy.cutNext('after COMMIT is sent')
        const unknown = await refusalOf(topup({...ledger, pool, onRetry}, request('1', '5', {reference: 'receipt-9'})))

        expect(unknown).to.include({code: 'OUTCOME_UNKNOWN', exit: 9})
        expect(await plain('select balance from account')).to.deep.equal([{balance: '2500'}])
      } finally {
        await pool.end()
        proxy.close()
      }
    }))

  it('before anything was sent is told at once', async () => {
    const pool = await openPool('postgresql://fleks@%2Fnowhere%2Fat%2Fall/fleks')
    const ledger: Ledger = {
      pool,
      operator: 'tester',
      now: () => new Date(),
      randomBytes: (count) => new Uint8Array(count),
    }

    const error = await topup(ledger, request('1', '20')).then(
      () => expect.fail('there is no server'),
      (reason: unknown) => reason,
    )

    expect(isConnectionLoss(error)).to.equal(true)
    expect(databaseRefusal(error)).to.include({code: 'DATABASE_UNAVAILABLE'})
    await pool.end()
  })
})

describe('a server that answers the first word with an error', () =>
  it('is not there, and that is no bug of ours', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.end('ESFATAL\0'))).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    const pool = await openPool(`postgresql://fleks@127.0.0.1:${port}/fleks`)
    try {
      const error = await readServerVersion(pool).catch((reason: unknown) => reason)

      expect(isConnectionLoss(error)).to.equal(true)
      expect(databaseRefusal(error)).to.include({code: 'DATABASE_UNAVAILABLE'})
    } finally {
      await pool.end()
      server.close()
    }
  }))

describe('a transaction that the database gives up for another one', () => {
  /** The first `count` inserts fail with a deadlock; a sequence is not rolled back with them. */
  const flaky = (count: number) => `
    create sequence tried;
    grant usage on sequence tried to fleks_desk;
    create function give_up() returns trigger language plpgsql as $$
    begin
      if nextval('tried') <= ${count} then raise exception 'on purpose' using errcode = '40P01'; end if;
      return new;
    end $$;
    create trigger a_deadlock before insert on entry for each row execute function give_up()`

  it('is tried again after a pause, which is told', () =>
    withTestDatabase(async ({ledger, sql: plain}) => {
      await openBusiness(ledger)
      await plain(flaky(2))
      const told: unknown[] = []

      const {posting} = await topup(
        {...ledger, onRetry: (...args) => told.push(args)},
        request('1', '20', {reference: 'receipt-1'}),
      )

      expect(posting).to.include({replayed: false})
      expect(told).to.deep.equal([
        [1, 50, 'clash'],
        [2, 200, 'clash'],
      ])
      expect(await plain('select balance, last_seq from account')).to.deep.equal([{balance: '2000', last_seq: '1'}])
    }))

  it('again and again is given up, and nothing is written', () =>
    withTestDatabase(async ({ledger, sql: plain}) => {
      await openBusiness(ledger)
      await plain(flaky(1000))

      const error = await topup(ledger, request('1', '20')).catch((reason: unknown) => reason)

      expect(databaseRefusal(error)).to.include({code: 'DATABASE_UNAVAILABLE'})
      expect(await plain('select * from entry')).to.deep.equal([])
    })).timeout(60_000)
})

describe('failures of the database', () => {
  const coded = (code: string) => Object.assign(new Error('text that nobody reads'), {code})
  const meanings: readonly (readonly [string, string])[] = [
    ['ECONNREFUSED', 'DATABASE_UNAVAILABLE'],
    ['3D000', 'DATABASE_UNAVAILABLE'],
    ['28P01', 'DATABASE_UNAVAILABLE'],
    ['57P03', 'DATABASE_UNAVAILABLE'],
    ['08006', 'DATABASE_UNAVAILABLE'],
    ['53100', 'DATABASE_UNAVAILABLE'],
    ['40001', 'DATABASE_UNAVAILABLE'],
    ['42P01', 'SCHEMA_OUTDATED'],
    ['25006', 'DATABASE_UNAVAILABLE'],
  ]
  for (const [code, meaning] of meanings) {
    it(`with ${code} are ${meaning}, with a hint`, () => {
      const told = databaseRefusal(new ConnectionError('x', {cause: coded(code)})) ?? databaseRefusal(coded(code))

      expect(told?.code).to.equal(meaning)
      expect(told?.hint).to.be.a('string')
    })
  }

  it('that are ours stay bugs, and refusals inside them come out', () => {
    expect(databaseRefusal(coded('42601'))).to.equal(null)
    expect(databaseRefusal(new TypeError('x'))).to.equal(null)
    expect(databaseRefusal('x')).to.equal(null)
    const inner = new Refusal('USAGE', 'x')
    expect(databaseRefusal(new Error('wrapped', {cause: inner}))).to.equal(inner)
    expect(isConnectionLoss(new AggregateError([coded('ECONNREFUSED')]))).to.equal(true)
  })
})

describe('rows', () => {
  it('are checked against their schema', () =>
    withTestDatabase(async ({pool}) => {
      const {object, string} = await import('zod/mini')

      const error = await pool.one(sql.type(object({n: string()}))`select 1::bigint as n`).then(
        () => null,
        (reason: Error) => reason,
      )

      expect(error).to.be.instanceOf(SchemaValidationError)
      expect(await readServerVersion(pool)).to.match(/^\d+/)
    }))

  it('have bigint, UTC times and plain days', () => {
    expect(columnParser(20)('9007199254740993')).to.equal(9007199254740993n)
    expect(columnParser(1184)('2026-11-22 14:00:00.5+04')).to.equal('2026-11-22T10:00:00.500Z')
    expect(utcText('2026-11-22 10:00:00-03:30')).to.equal('2026-11-22T13:30:00.000Z')
    expect(columnParser(1082)('1990-05-17')).to.equal('1990-05-17')
    // Baku's own time before zones had whole minutes.
    expect(utcText('1900-01-01 00:00:00+03:19:24')).to.equal('1899-12-31T20:40:36.000Z')
    expect(refusal(() => utcText('Sun 22 Nov')).message).to.contain('ISO style')
  })

  it('of a transaction that fails are all gone', () =>
    withTestDatabase(async ({pool, sql: plain}) => {
      await pool
        .transaction(async (tx) => {
          await tx.query(sql.unsafe`insert into staff (name, search_key) values ('X', 'x')`)
          throw new Error('on purpose')
        })
        .catch(() => {})
      await pool.transaction(async () => 'nothing at all')

      expect(await plain('select * from staff')).to.deep.equal([])
    }))
})
