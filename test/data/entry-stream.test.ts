import {setTimeout as sleep} from 'node:timers/promises'
import {expect} from 'chai'
import type pg from 'pg'
import {sql} from 'slonik'
import {addClient} from '../../src/data/clients.ts'
import {configure} from '../../src/data/configure.ts'
import {openConnection} from '../../src/data/connection.ts'
import {copyOut} from '../../src/data/copy-out.ts'
import {type StoredEntry, streamEntries} from '../../src/data/entry-stream.ts'
import {codeOf, isConnectionLoss} from '../../src/data/failure.ts'
import {history} from '../../src/data/history.ts'
import {pay, topup} from '../../src/data/posting.ts'
import {inSnapshot, streamRows} from '../../src/data/snapshot.ts'
import {type TestDatabase, withTestDatabase} from '../support/database.ts'
import {skipBehindPooler} from '../support/server.ts'
import {openBusiness, request, UNIQUE} from '../support/world.ts'

type Filter = Parameters<typeof streamEntries>[1]

async function streamed({ledger}: Pick<TestDatabase, 'ledger'>, filter: Filter = {}): Promise<readonly StoredEntry[]> {
  const entries: StoredEntry[] = []
  await inSnapshot(ledger, (tx) =>
    streamEntries(tx, filter, (batch) => {
      entries.push(...batch)
    }),
  )
  return entries
}

const AWKWARD = 'tab\there, line\nthere, back\\slash \\N, "quotes", Əliyeva 👩‍👩‍👧'

/** Three entries of Anna in two units and one of Ben. */
async function smallLedger({ledger}: TestDatabase): Promise<void> {
  await openBusiness(ledger)
  await configure(ledger, 'counted-units', 'lesson')
  await addClient(ledger, 'Ben', {}, UNIQUE)
  await topup(ledger, request('Ben', '7', {at: '2026-01-03'}))
  await topup(ledger, request('Anna', '50', {method: 'cash', note: AWKWARD, at: '2026-01-01 10:00:00.5'}))
  await topup(ledger, request('Anna', '10', {unit: 'lesson', at: '2026-01-02'}))
  await pay(ledger, request('Anna', '12.50', {staff: 'Ina', at: '2026-01-04'}))
}

describe('the stream of entries', () => {
  it('gives every entry whole, in the order of the keys', () =>
    withTestDatabase(async (database) => {
      await smallLedger(database)

      const entries = await streamed(database, {clientNames: true, reversals: true, originals: true})
      const page = await history(database.ledger, {
        ...{client: 'Anna', staff: null, kind: null, direction: null, from: null, to: null, cursor: null},
        limit: 10,
      })

      expect(entries.map(({clientId, unit, seq}) => `${clientId}-${unit}-${seq}`)).to.deep.equal([
        '1-AZN-1',
        '1-AZN-2',
        '1-lesson-1',
        '2-AZN-1',
      ])
      const known = page.entries.find(({unit, seq}) => unit.code === 'AZN' && seq === 1n)
      expect(entries[0]).to.deep.equal({
        clientId: '1',
        unit: 'AZN',
        seq: '1',
        kind: 'topup',
        direction: 'IN',
        amount: '5000',
        balanceBefore: '0',
        balanceAfter: '5000',
        staffId: null,
        method: 'cash',
        note: AWKWARD,
        reference: known?.reference,
        reversesSeq: null,
        counterClientId: null,
        counterSeq: null,
        occurredAt: '2026-01-01T10:00:00.500Z',
        recordedAt: known?.recordedAt,
        operator: 'tester',
        hash: known?.hash,
        batch: null,
        clientName: 'Anna Petrova',
        reversedBySeqs: null,
        reversedKind: null,
        reversedMethod: null,
        reversedStaffId: null,
      })
      expect(entries[1]).to.include({staffId: '1', note: null})
    }))

  it('keeps to one client and one period', () =>
    withTestDatabase(async (database) => {
      await smallLedger(database)

      const ids = async (filter: Filter) =>
        (await streamed(database, filter)).map(({clientId, unit, seq}) => `${clientId}-${unit}-${seq}`)
      expect(await ids({clientId: 2n})).to.deep.equal(['2-AZN-1'])
      expect(await ids({from: new Date('2026-01-02'), to: new Date('2026-01-04')})).to.deep.equal([
        '1-lesson-1',
        '2-AZN-1',
      ])
      expect(await ids({clientId: 1n, to: new Date('2026-01-02')})).to.deep.equal(['1-AZN-1'])
    }))

  it('does not see what is posted while it reads', function () {
    skipBehindPooler(this, 'with one connection nothing is posted while a stream has it')
    return withTestDatabase(async (database) => {
      await smallLedger(database)

      const seen = await inSnapshot(database.ledger, async (tx) => {
        const counts: number[] = []
        const count = () =>
          streamEntries(tx, {}, (batch) => {
            counts.push(batch.length)
          })
        await count()
        await topup(database.ledger, request('Ben', '1'))
        await count()
        return counts
      })

      expect(seen).to.deep.equal([4, 4])
      expect(await streamed(database)).to.have.length(5)
    })
  })

  it('cannot write', () =>
    withTestDatabase(async ({ledger}) => {
      const error = await inSnapshot(ledger, (tx) =>
        tx.query(sql.unsafe`insert into staff (name, search_key) values ('a', 'a')`),
      ).catch((caught: unknown) => caught)

      expect(codeOf(error)).to.equal('25006')
    }))
})

describe('a stream of rows', () => {
  const many = sql.fragment`select n, repeat('ə', 100 + n % 7), null from generate_series(1, 30000) n`

  it('waits for a slow reader, and loses nothing', () =>
    withTestDatabase(async ({ledger}) => {
      let next = 1
      let busy = false
      await inSnapshot(ledger, (tx) =>
        streamRows(tx, many, async (rows) => {
          expect(busy).to.equal(false)
          busy = true
          for (const [n, text, nothing] of rows) {
            expect([n, text?.length, nothing]).to.deep.equal([String(next), 100 + (next % 7), null])
            next++
          }
          await new Promise((resolve) => setImmediate(resolve))
          busy = false
        }),
      )

      expect(next).to.equal(30_001)
    }))

  it('leaves the connection to what follows, however far behind its reader is at the end', () =>
    withTestDatabase(async ({url}) => {
      const client = await openConnection(url, {pipeline: true} as pg.ClientConfig)
      try {
        // One batch and a part of the next, which is all that the stream holds for a reader who has not begun.
        const stream = copyOut(
          client,
          "copy (select repeat('x', 199) from generate_series(1, 1000)) to stdout",
          () => {},
        )
        for (const end = Date.now() + 5_000; stream.readableLength < 2 && Date.now() < end; ) await sleep(5)

        let bytes = 0
        for await (const {row} of stream) bytes += row.lines.length
        const {rows} = await client.query('select 1 as one')

        expect([bytes, rows]).to.deep.equal([200_000, [{one: 1}]])
      } finally {
        await client.end()
      }
    })).timeout(10_000)

  it('passes one row that is larger than a batch', () =>
    withTestDatabase(async ({ledger}) => {
      const lengths: number[] = []
      await inSnapshot(ledger, (tx) =>
        streamRows(tx, sql.fragment`select repeat('x', n) from unnest(array[3, 1000000, 5]) n`, (rows) => {
          for (const [text] of rows) lengths.push(text?.length ?? 0)
        }),
      )

      expect(lengths).to.deep.equal([3, 1_000_000, 5])
    }))

  it('ends with the error of its reader, and the next command works', () =>
    withTestDatabase(async ({ledger}) => {
      const failure = await inSnapshot(ledger, (tx) =>
        streamRows(tx, many, () => {
          throw new RangeError('enough')
        }),
      ).catch((error: unknown) => error)

      expect(failure).to.be.instanceOf(RangeError)
      expect(await ledger.pool.oneFirst(sql.unsafe`select 1`)).to.equal(1)
    }, 1))

  it('ends with an error that tells of a lost connection', () =>
    withTestDatabase(async ({ledger, sql: bySuperuser}) => {
      const failure = await inSnapshot(ledger, async (tx) => {
        const pid = await tx.oneFirst(sql.unsafe`select pg_backend_pid()`)
        let killed = false
        await streamRows(
          tx,
          sql.fragment`select n from generate_series(1, 10000) n, generate_series(1, 10000)`,
          async () => {
            if (!killed) await bySuperuser('select pg_terminate_backend($1)', [pid])
            killed = true
          },
        )
      }).catch((error: unknown) => error)

      expect(isConnectionLoss(failure), String(failure)).to.equal(true)
    }))

  it('ends with the error of its query', () =>
    withTestDatabase(async ({ledger}) => {
      const failure = await inSnapshot(ledger, (tx) =>
        streamRows(tx, sql.fragment`select 10 / (n - 20000) from generate_series(1, 30000) n`, () => {}),
      ).catch((error: unknown) => error)

      expect(codeOf(failure)).to.equal('22012')
    }))
})
