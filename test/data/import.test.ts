import {performance} from 'node:perf_hooks'
import {expect} from 'chai'
import {openPool} from '../../src/data/pool.ts'
import {pay, topup} from '../../src/data/posting.ts'
import {cuttingProxy} from '../support/cutting-proxy.ts'
import {plainSql, withTestDatabase} from '../support/database.ts'
import {topups as lines, run, source} from '../support/imports.ts'
import {openBusiness, request} from '../support/world.ts'

async function addClients(url: string, count: number): Promise<void> {
  await plainSql(
    url,
    `insert into client (name, search_key) select 'C' || n, 'c' || n from generate_series(1, ${count}) n;
     insert into account (client_id, unit) select id, 'AZN' from client on conflict do nothing`,
    [],
  )
}

describe('an import', () => {
  for (const cut of ['before COMMIT is sent', 'after COMMIT is sent'] as const) {
    it(`posts each line once when its connection is lost ${cut}`, () =>
      withTestDatabase(async ({ledger, url, sql}) => {
        await openBusiness(ledger)
        await addClients(url, 49)
        const proxy = await cuttingProxy(url)
        const pool = await openPool(proxy.url, {connections: 4})
        try {
          let armed = false
          const {report} = await run({...ledger, pool}, source('ab', lines(6_000, 50)), {
            onProgress: ({applied}) => {
              if (armed || applied < 1_000) return
              armed = true
              proxy.cutNext(cut)
            },
          })

          expect(proxy.cuts()).to.equal(1)
          expect(report.counts).to.deep.equal({read: 6_000, applied: 6_000, replayed: 0, refused: 0})
          expect(await sql('select count(*)::integer as n, sum(amount)::text as sum from entry')).to.deep.equal([
            {n: 6_000, sum: '600000'},
          ])
        } finally {
          await pool.end()
          proxy.close()
        }
      }))
  }

  it('decides a file once: what was short then is not charged later', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      const short = source('cd', [{client: '1', amount: '-5', staff: 'Ina', reference: 'a'}])

      const first = await run(ledger, short)
      await topup(ledger, request('1', '100'))
      const again = await run(ledger, short)
      const dry = await run(ledger, short, {dryRun: true})
      const retried = await run(ledger, short, {retry: true})

      expect(first.refused.map(({refusal}) => refusal.code)).to.deep.equal(['INSUFFICIENT_FUNDS'])
      expect(again.report.counts).to.include({applied: 0, refused: 1})
      expect(again.refused[0]?.refusal.message).to.contain('imported first')
      expect(dry.report.counts).to.include({applied: 0, refused: 1})
      expect(retried.report.counts).to.include({applied: 1, refused: 0})
      expect((await run(ledger, short)).report.counts).to.include({replayed: 1, refused: 0})
    }))

  it('goes on in the middle of a file, and finds what was posted without holding an account', () =>
    withTestDatabase(async ({ledger, url, sql}) => {
      await openBusiness(ledger)
      await addClients(url, 49)
      const all = lines(3_000, 50)
      const posted = all.filter((_, at) => at % 3 !== 0)
      await run(ledger, source('aa', posted))
      // The same file as far as the ledger knows, with lines in it that were not posted yet, and one that differs.
      const changed = all.map((cells, at) => (at === 1 ? {...cells, amount: '2'} : cells))
      const {report, refused} = await run(ledger, source('aa', changed))

      expect(report.counts).to.deep.equal({read: 3_000, applied: 1_000, replayed: 1_999, refused: 1})
      expect(refused.map(({refusal}) => refusal.code)).to.deep.equal(['REFERENCE_CONFLICT'])
      expect(await sql('select count(*)::integer as n from entry')).to.deep.equal([{n: 3_000}])

      // A lock would leave its mark on the row (xmax).
      const before = await sql('select xmin::text, xmax::text from account order by client_id')
      expect((await run(ledger, source('aa', all))).report.counts).to.include({replayed: 3_000, refused: 0})
      expect(await sql('select xmin::text, xmax::text from account order by client_id')).to.deep.equal(before)
    }))

  it('tells refused lines in the order of the file, also when it comes again', () =>
    withTestDatabase(async ({ledger, url}) => {
      await openBusiness(ledger)
      await addClients(url, 9)
      const mixed = lines(3_000, 12).map((cells, at) =>
        at % 7 === 0 ? {...cells, amount: '-9999', staff: 'Ina'} : cells,
      )

      const {refused, report} = await run(ledger, source('ef', mixed))
      const again = await run(ledger, source('ef', mixed))

      const told = refused.map(({record}) => record.place)
      expect(told).to.deep.equal(told.toSorted((a, b) => a - b))
      expect(report.counts.refused).to.equal(told.length)
      expect(again.refused.map(({record}) => record.place)).to.deep.equal(told)
    }))

  it('knows a client that a later line brings from there on', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      const visit = (reference: string) => ({client: 'Zed', amount: '5', reference})
      const others = lines(600, 1)
      const all = [visit('a'), ...others, {kind: 'client', client: 'Zed'}, visit('b')]

      const {refused, report} = await run(ledger, source('ad', all))

      expect(refused.map(({record}) => record.place)).to.deep.equal([0])
      expect(report.counts).to.include({applied: 602, refused: 1})
    }))

  it('lets a desk pay any client meanwhile', () =>
    withTestDatabase(async ({ledger, url}) => {
      await openBusiness(ledger)
      await addClients(url, 499)
      await topup(ledger, request('1', '1000'))
      const pool = await openPool(url, {connections: 4})
      try {
        let over = false
        const importing = run({...ledger, pool}, source('ff', lines(40_000, 500))).finally(() => {
          over = true
        })
        const waits: number[] = []
        while (!over) {
          const started = performance.now()
          await pay(ledger, request('1', '0.01', {staff: 'Ina'}))
          waits.push(performance.now() - started)
        }
        const {report} = await importing

        expect(report.counts.applied).to.equal(40_000)
        expect(waits.length).to.be.greaterThan(5)
        // No absolute times: the import as a whole takes many times as long as the longest wait.
        const total = waits.reduce((sum, wait) => sum + wait, 0)
        expect(Math.max(...waits)).to.be.lessThan(total / 4)
      } finally {
        await pool.end()
      }
    })).timeout(120_000)
})
