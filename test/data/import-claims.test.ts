import {expect} from 'chai'
import type {ImportSource, SourceRecord} from '../../src/core/import-source.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {plainSql, withTestDatabase} from '../support/database.ts'
import {type Cells, run, sourceOfLines} from '../support/imports.ts'
import {openBusiness} from '../support/world.ts'

const LINES: readonly Cells[] = [
  {client: '1', amount: '1', at: '2026-01-02'},
  {client: 'Bob', amount: '2', at: '2026-01-02'},
  {client: '1', amount: '3', at: '2026-01-02'},
]

/** Killed after its last line was read: it has ended by nobody's word. */
function killed(from: ImportSource): ImportSource {
  return {
    ...from,
    batches: async function* () {
      yield* from.batches()
      throw new Error('killed')
    },
  }
}

async function kill(ledger: Ledger, from: ImportSource): Promise<void> {
  const error = await run(ledger, killed(from)).then(
    () => null,
    (cause: Error) => cause,
  )
  expect(error?.message).to.equal('killed')
}

/** The second line, as its import would have refused it, mended to client 1. */
function mendedLine(from: ImportSource): ImportSource {
  const reason = `CLIENT_NOT_FOUND: There is no client "Bob" [import:${from.digest.slice(0, 16)}:2]`
  const record: SourceRecord = {
    line: 2,
    place: 0,
    cells: {client: '1', amount: '2', at: '2026-01-02', reason},
    original: [],
    problem: null,
  }
  const digest = 'e'.padEnd(64, '0')
  return {
    name: 'mended.csv',
    digest,
    bytes: 0,
    hashes: null,
    batches: async function* () {
      yield [record]
    },
  }
}

const addBob = (url: string) =>
  plainSql(
    url,
    "insert into client (name, search_key) values ('Bob', 'bob'); insert into account (client_id, unit) values (2, 'AZN') on conflict do nothing",
    [],
  )

describe('a line that an import which was killed had refused', () => {
  for (const kills of ['once', 'again, before it wrote down what it posted'] as const) {
    it(`is posted for one client, though it comes mended to another one later: killed ${kills}`, () =>
      withTestDatabase(async ({ledger, url, sql}) => {
        await openBusiness(ledger)
        const file = sourceOfLines('f', LINES)
        await kill(ledger, file)
        await addBob(url)
        if (kills !== 'once') {
          await run(ledger, file)
          await sql('delete from import_claim')
          await sql("update import_run set state = 'stopped' where id = (select max(id) from import_run)")
        }
        const resumed = await run(ledger, file)

        const mended = await run(ledger, mendedLine(file))

        expect(resumed.report.counts.refused).to.equal(0)
        expect(mended.refused.map(({refusal}) => refusal.code)).to.deep.equal(['REFERENCE_CONFLICT'])
        expect(await sql("select sum(amount)::text as sum from entry where reference like 'import:f%'")).to.deep.equal([
          {sum: '600'},
        ])
      }))
  }

  it('is posted for the one it was mended to, though its own client is there now', () =>
    withTestDatabase(async ({ledger, url}) => {
      await openBusiness(ledger)
      const file = sourceOfLines('f', LINES)
      await kill(ledger, file)
      await run(ledger, mendedLine(file))
      await addBob(url)

      const {refused} = await run(ledger, file)

      expect(refused.map(({refusal}) => refusal.code)).to.deep.equal(['REFERENCE_CONFLICT'])
    }))

  it('costs an import that was not killed nothing', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await openBusiness(ledger)
      const file = sourceOfLines('f', LINES)

      await run(ledger, file)
      await run(ledger, file)

      expect(await sql('select count(*)::integer as n from import_claim')).to.deep.equal([{n: 0}])
    }))
})
