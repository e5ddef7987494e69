import {setTimeout as sleep} from 'node:timers/promises'
import {expect} from 'chai'
import type {ImportSource} from '../../src/core/import-source.ts'
import type {ImportOptions} from '../../src/data/import-file.ts'
import {listRuns} from '../../src/data/import-runs.ts'
import {undoImport} from '../../src/data/import-undo.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {openPool} from '../../src/data/pool.ts'
import {contend} from '../support/contention.ts'
import {type TestDatabase, withTestDatabase} from '../support/database.ts'
import {heldOpen, run, source, sourceOfLines, topups} from '../support/imports.ts'
import {skipBehindPooler} from '../support/server.ts'
import {openBusiness} from '../support/world.ts'

const TRIES = 500

async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let tried = 0; tried < TRIES; tried++) {
    if (await isSo()) return
    await sleep(10)
  }
  throw new Error(`It was waited in vain until ${what}`)
}

/** An import that has begun beside others, on connections of its own. */
function started(ledger: Ledger, from: ImportSource, more: Partial<ImportOptions> = {}) {
  let hasWaited = false
  let hasEnded = false
  const onWait = () => {
    hasWaited = true
  }
  const ended = run(ledger, from, {onWait, ...more}).finally(() => {
    hasEnded = true
  })
  ended.catch(() => {})
  return {ended, waited: () => until('it waits', () => hasWaited), hasEnded: () => hasEnded}
}

async function withLedgers<T>(
  count: number,
  {ledger, url}: TestDatabase,
  work: (ledgers: readonly Ledger[]) => Promise<T>,
): Promise<T> {
  const pools = await Promise.all(Array.from({length: count}, () => openPool(url, {connections: 3, idleMs: 50})))
  try {
    return await work(pools.map((pool) => ({...ledger, pool})))
  } finally {
    await Promise.all(pools.map((pool) => pool.end()))
  }
}

const entries = ({sql}: TestDatabase) => sql('select count(*)::integer as n, sum(amount)::integer as sum from entry')
const states = async ({pool}: TestDatabase) => (await listRuns(pool, 10)).map(({state}) => state)
const fallSilent = ({sql}: TestDatabase) =>
  sql(`update import_run set alive_until = clock_timestamp() - interval '1 second' where alive_until is not null`)

describe('imports that could meet', () => {
  for (const [how, options] of [
    ['', {}],
    [' all or nothing', {atomic: true}],
  ] as const) {
    it(`take turns: one applies${how}, the other waits and replays`, function () {
      if (options.atomic) skipBehindPooler(this, 'an import of one transaction has it')
      return withTestDatabase((database) =>
        withLedgers(2, database, async ([one, other]) => {
          await openBusiness(database.ledger)
          const file = heldOpen(source('aa', topups(700, 1)))
          const first = started(one as Ledger, file, options)
          await file.isRead
          const second = started(other as Ledger, source('aa', topups(700, 1)), options)
          await second.waited()
          await sleep(300)
          expect(second.hasEnded()).to.equal(false)
          file.letGo()

          expect((await first.ended).report.counts).to.include({applied: 700, replayed: 0})
          expect((await second.ended).report.counts).to.include({applied: 0, replayed: 700})
          expect(await states(database)).to.deep.equal(['finished', 'finished'])
        }),
      )
    })
  }

  it('do not wait for each other with references and different files', () =>
    withTestDatabase((database) =>
      withLedgers(2, database, async ([one, other]) => {
        await openBusiness(database.ledger)
        const file = heldOpen(source('aa', topups(10, 1)))
        const first = started(one as Ledger, file)
        await file.isRead

        const {report} = await run(other as Ledger, source('bb', topups(20, 1)))

        expect(report.counts).to.include({applied: 20})
        file.letGo()
        expect((await first.ended).report.counts).to.include({replayed: 10})
      }),
    ))

  it('find what overlaps, also when they begin at the same moment', function () {
    skipBehindPooler(this, 'only one of them begins')
    return withTestDatabase((database) =>
      withLedgers(2, database, async (ledgers) => {
        await openBusiness(database.ledger)
        const lines = topups(40, 1).map((cells, at) => ({...cells, amount: String(1 + at)}))
        const files = [sourceOfLines('aa', lines.slice(0, 30)), sourceOfLines('bb', lines.slice(10))]
        // Both have looked back and neither is written down; only a lock keeps the second from beginning as well.
        let said = 0
        const onWait = () => {
          said++
        }
        const outcomes = await contend(
          database.url,
          'lock table import_run in share mode',
          ledgers.map((ledger, at) => () => run(ledger, files[at] as ImportSource, {overlap: 'skip', onWait})),
          (waiting) => waiting + said >= 2,
        )

        const reports = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.report : null))
        expect(reports.reduce((sum, report) => sum + (report?.counts.applied ?? 0), 0)).to.equal(40)
        expect(reports.map((report) => report?.overlap.lines).sort()).to.deep.equal([0, 20])
        expect(await entries(database)).to.deep.equal([{n: 40, sum: 82_000}])
      }),
    )
  })

  it('go on when the one at work was killed, which is told from one at work', () =>
    withTestDatabase((database) =>
      withLedgers(2, database, async ([one, other]) => {
        await openBusiness(database.ledger)
        const file = heldOpen(source('aa', topups(10, 1)))
        const first = started(one as Ledger, file)
        await file.isRead
        expect(await states(database)).to.deep.equal(['running'])
        await fallSilent(database)
        expect(await states(database)).to.deep.equal(['stopped'])
        // Its clock was set back by an hour: what is far ahead was given before.
        await database.sql(`update import_run set alive_until = clock_timestamp() + interval '1 hour'`)
        expect(await states(database)).to.deep.equal(['stopped'])

        const {report} = await run(other as Ledger, source('aa', topups(10, 1)))

        expect(report.counts).to.include({applied: 10})
        file.letGo()
        await first.ended
      }),
    ))

  it('post each line once, also where one was taken for dead and is not', () =>
    withTestDatabase((database) =>
      withLedgers(2, database, async ([one, other]) => {
        await openBusiness(database.ledger)
        const lines = topups(900, 1)
        const outcomes = await contend(database.url, 'select from account where client_id = 1 for update', [
          () => run(one as Ledger, sourceOfLines('aa', lines)),
          async () => {
            await until('the other is at work', async () => (await states(database)).length > 0)
            await fallSilent(database)
            return run(other as Ledger, sourceOfLines('aa', lines))
          },
        ])

        const counts = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.report.counts : null))
        expect(counts.reduce((sum, one) => sum + (one?.applied ?? 0), 0)).to.equal(900)
        expect(counts.reduce((sum, one) => sum + (one?.replayed ?? 0), 0)).to.equal(900)
        expect(await entries(database)).to.deep.equal([{n: 900, sum: 90_000}])
      }),
    ))

  it('say again and again that they are at work, and how far they are', () =>
    withTestDatabase((database) =>
      withLedgers(1, database, async ([one]) => {
        await openBusiness(database.ledger)
        const file = heldOpen(source('aa', topups(10, 1)))
        const first = started(one as Ledger, file)
        await file.isRead
        const lease = async () => String((await database.sql('select alive_until::text as t from import_run'))[0]?.t)
        const begun = await lease()

        await until('the lease is renewed', async () => (await lease()) !== begun)

        expect((await listRuns(database.pool, 1))[0]?.counts).to.include({read: 10})
        file.letGo()
        await first.ended
        expect(await database.sql('select alive_until from import_run')).to.deep.equal([{alive_until: null}])
      }),
    ))

  it('hold no connection while they wait, however many there are', () =>
    withTestDatabase((database) =>
      withLedgers(21, database, async ([one, ...others]) => {
        await openBusiness(database.ledger)
        const file = heldOpen(source('aa', topups(10, 1)))
        const first = started(one as Ledger, file)
        await file.isRead
        const waiting = others.map((ledger) => started(ledger, source('aa', topups(10, 1))))
        await Promise.all(waiting.map(({waited}) => waited()))

        await until('most of them have given their connections back', async () => {
          const [row] = await database.sql(
            `select count(*)::integer as n, count(*) filter (where state like 'idle in%')::integer as held
             from pg_stat_activity where datname = current_database()`,
          )
          return Number(row?.n) < 15 && row?.held === 0
        })

        file.letGo()
        await first.ended
        const counts = await Promise.all(waiting.map(async ({ended}) => (await ended).report.counts))
        expect(counts.every(({replayed}) => replayed === 10)).to.equal(true)
        expect(await entries(database)).to.deep.equal([{n: 10, sum: 1_000}])
      }),
    )).timeout(60_000)

  it('wait for one that is being taken back, and it for them', () =>
    withTestDatabase((database) =>
      withLedgers(2, database, async ([one, other]) => {
        await openBusiness(database.ledger)
        const lines = topups(10, 1)
        const {report} = await run(one as Ledger, sourceOfLines('aa', lines))
        const file = heldOpen(sourceOfLines('bb', topups(3, 1)))
        const first = started(one as Ledger, file, {overlap: 'post'})
        await file.isRead
        let hasWaited = false
        const undoing = undoImport(other as Ledger, report.runId ?? 0n, 'wrong', () => {
          hasWaited = true
        })
        await until('it waits', () => hasWaited)
        file.letGo()
        await first.ended
        expect(await undoing).to.include({reversed: 10})

        await database.sql(`update import_run set alive_until = clock_timestamp() + interval '3 seconds' where id = 1`)
        const second = started(other as Ledger, sourceOfLines('aa', lines), {overlap: 'post'})
        await second.waited()
        expect((await second.ended).report.counts).to.include({applied: 10})
      }),
    )).timeout(30_000)
})
