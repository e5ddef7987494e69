import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {openFile} from '../../src/cli/import-file.ts'
import {importOne, type JobOptions} from '../../src/cli/import-job.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {addStaff} from '../../src/data/staff.ts'
import {plainSql, withTestDatabase} from '../support/database.ts'

const CLIENTS = 'examples/clients.csv'
const DAY = 'examples/day.csv'
const VISITS =
  'client,date,amount\nAnna,2026-01-02,5\nAnna,2026-01-02,5\nBob,2026-01-03,7\nBob,2026-01-03,8\nAnna,2026-01-04,9\n'

async function importFrom(
  ledger: Ledger,
  path: string,
  given: JobOptions['given'] = {},
  more: Partial<JobOptions> = {},
) {
  const file = await openFile(path, null)
  try {
    const {imported} = await importOne(ledger, file, {
      given,
      atomic: false,
      dryRun: false,
      retry: false,
      rejects: null,
      format: 'json',
      ...more,
    })
    return imported
  } finally {
    await file.close()
  }
}

describe('files of people', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleks-test-'))
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  after(() => rmSync(folder, {recursive: true}))

  it('bring clients once, and a day of theirs once', () =>
    withTestDatabase(async ({ledger, url}) => {
      for (const name of ['Ina', 'Marat', 'Sara', 'Leyla', 'Aysel', 'Tomas']) await addStaff(ledger, name)

      const first = await importFrom(ledger, CLIENTS, {kind: 'client'})
      const again = await importFrom(ledger, CLIENTS, {kind: 'client'})
      const day = await importFrom(ledger, DAY)
      const dayAgain = await importFrom(ledger, DAY)

      expect(first.read).to.equal(first.applied + first.refused)
      expect(first.applied).to.be.greaterThan(200)
      expect(again).to.include({applied: 0, replayed: first.applied})
      expect(await plainSql(url, 'select count(*)::integer as n from client', [])).to.deep.equal([{n: first.applied}])
      expect(day.applied).to.be.greaterThan(50)
      expect(dayAgain).to.include({applied: 0, replayed: day.applied})
    })).timeout(120_000)

  it('add the clients that a book names and staff from a list', () =>
    withTestDatabase(async ({ledger, url}) => {
      const staff = await importFrom(ledger, file('staff.csv', 'name\nIna\nRuslan\nINA\n'), {kind: 'staff'})
      const visits = file('visits.csv', VISITS)
      const strict = await importFrom(ledger, visits)
      const tried = await importFrom(ledger, visits, {'create-clients': true}, {dryRun: true})
      const done = await importFrom(ledger, visits, {'create-clients': true}, {atomic: true})

      expect(staff).to.include({read: 3, applied: 2, replayed: 1})
      expect(strict).to.include({read: 5, applied: 0, refused: 5})
      expect(tried).to.include({read: 5, applied: 5})
      expect(done).to.include({read: 5, applied: 5})
      expect(
        await plainSql(url, 'select name, balance from client join account on client_id = id order by id', []),
      ).to.deep.equal([
        {name: 'Anna', balance: '1900'},
        {name: 'Bob', balance: '1500'},
      ])
    }))

  it('that go on where an earlier one ended post only what is new', () =>
    withTestDatabase(async ({ledger, url}) => {
      const monday = file('monday.csv', VISITS)
      const tuesday = file('tuesday.csv', `${VISITS}Bob,2026-01-05,1\n`)
      await importFrom(ledger, monday, {'create-clients': true})

      const refusal = await importFrom(ledger, tuesday).then(
        () => null,
        (error) => error.code,
      )
      const skipped = await importFrom(ledger, tuesday, {overlap: 'skip'})

      expect(refusal).to.be.a('string')
      expect(skipped).to.include({read: 6, applied: 1, replayed: 5})
      expect(skipped.overlap).to.deep.include({lines: 5, choice: 'skip'})
      expect(await plainSql(url, 'select sum(balance)::bigint as sum from account', [])).to.deep.equal([{sum: '3500'}])
    }))
})
