import {Buffer} from 'node:buffer'
import {expect} from 'chai'
import {readLedgerFile} from '../../src/core/ledger-file-reader.ts'
import {addClient} from '../../src/data/clients.ts'
import {derivedSum} from '../../src/data/derived-sum.ts'
import {exportLedger} from '../../src/data/export.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {openPool} from '../../src/data/pool.ts'
import {restoreLedger} from '../../src/data/restore.ts'
import {searchClients} from '../../src/data/search.ts'
import {verify} from '../../src/data/verify.ts'
import {jsonlForm} from '../../src/views/export-forms.ts'
import {contend} from '../support/contention.ts'
import {type TestDatabase, withTestDatabase} from '../support/database.ts'
import {refusalOf} from '../support/refusal.ts'
import {LATER_TABLE, variedLedger} from '../support/varied-ledger.ts'
import {UNIQUE} from '../support/world.ts'

async function exported(ledger: Ledger, client: string | null = null): Promise<Buffer> {
  const parts: Uint8Array[] = []
  await exportLedger(
    ledger,
    {client, from: null, to: null},
    {
      version: '0',
      form: jsonlForm,
      write: async (bytes) => {
        parts.push(bytes)
      },
    },
  )
  return Buffer.concat(parts)
}

/** As the owner: to restore is to say when things were recorded. */
async function restored({superuserUrl, ledger}: TestDatabase, source: AsyncIterable<Uint8Array>) {
  const pool = await openPool(superuserUrl)
  try {
    return await restoreLedger({...ledger, pool}, source)
  } finally {
    await pool.end()
  }
}

/** In pieces that end anywhere. */
async function* pieces(bytes: Uint8Array, size = 700): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** Every row of every table of the ledger, but what says when the database was made. */
async function everything({sql}: TestDatabase): Promise<Record<string, unknown>> {
  const tables = await sql(`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('migration')
    order by 1`)
  const rows = tables.map(async ({name}) => {
    const all = await sql(`select row_to_json(t)::text as row from ${name} t`)
    return [String(name), all.map(({row}) => row).sort()] as const
  })
  return Object.fromEntries(await Promise.all(rows))
}

describe('a restored ledger', () => {
  it('is the same in every row of every table, and goes on where the old one was', () =>
    withTestDatabase(async (from) => {
      await variedLedger(from)
      const file = await exported(from.ledger)

      await withTestDatabase(async (to) => {
        expect((await refusalOf(restored(to, pieces(file)))).message).to.contain('import_later')
        await to.sql(LATER_TABLE)
        const summary = await restored(to, pieces(file))

        expect(summary).to.include({clients: 8, staff: 2, rows: 5})
        const [ours, theirs] = [await everything(to), await everything(from)]
        for (const table of Object.keys(theirs)) expect(ours[table], table).to.deep.equal(theirs[table])
        expect(await derivedSum(to.ledger.pool)).to.equal(await derivedSum(from.ledger.pool))
        expect((await verify(to.ledger, {client: null, earlier: null})).damageCount).to.equal(0)
        expect(summary.checkpoint.digest).to.equal(
          (await verify(from.ledger, {client: null, earlier: null})).checkpoint?.digest,
        )
        expect((await searchClients(to.ledger, 'ivanova', {limit: 5, archived: true})).clients[0]?.id).to.equal(3n)
        expect((await searchClients(to.ledger, 'alieva', {limit: 5, archived: true})).clients[0]?.id).to.equal(2n)
        expect((await addClient(to.ledger, 'New', {}, UNIQUE)).client.id).to.equal(9n)
        const again = (await exported(to.ledger, '1')).toString().split('\n')
        expect(file.toString()).to.contain(again.find((line) => line.startsWith('{"id":"1-3"')))
      })
    })).timeout(60_000)

  it('is refused where there is anything, and nothing is changed', () =>
    withTestDatabase(async (from) => {
      await variedLedger(from)
      const file = await exported(from.ledger)

      expect((await refusalOf(restored(from, pieces(file)))).code).to.equal('LEDGER_NOT_EMPTY')
      await withTestDatabase(async (to) => {
        await addClient(to.ledger, 'Somebody', {}, UNIQUE)
        const before = await everything(to)
        expect((await refusalOf(restored(to, pieces(file)))).code).to.equal('LEDGER_NOT_EMPTY')
        expect(await everything(to)).to.deep.equal(before)
      })
      await withTestDatabase(async (to) => {
        const part = await exported(from.ledger, '1')
        expect((await refusalOf(restored(to, pieces(part)))).code).to.equal('INVALID_INPUT')
      })
    })).timeout(60_000)

  it('is written once when two restores come at once: they take turns', () =>
    withTestDatabase(async (from) => {
      await variedLedger(from)
      const file = await exported(from.ledger)
      await withTestDatabase(async (to) => {
        await to.sql(LATER_TABLE)

        const outcomes = await contend(
          to.superuserUrl,
          'select id from settings for update',
          [1, 2].map(() => () => restored(to, pieces(file))),
        )

        const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []))
        expect(refused).to.deep.equal(['LEDGER_NOT_EMPTY'])
        expect((await verify(to.ledger, {client: null, earlier: null})).damageCount).to.equal(0)
      })
    })).timeout(60_000)

  it('is refused by name of what is wrong with its file, and nothing is written', () =>
    withTestDatabase(async (from) => {
      await variedLedger(from)
      const file = (await exported(from.ledger)).toString()
      const edits: readonly (readonly [what: string, says: RegExp, text: string])[] = [
        [
          'an edited amount',
          /1-3 is not what was sealed|1-3 /,
          file.replace('"id":"1-3"', '"id":"1-3"').replace('"amount":"12.50"', '"amount":"12.40"'),
        ],
        ['an edited note', /1-3/, file.replace('massage', 'message')],
        [
          'an edited name',
          /digest/,
          file.replace('{"id":1,"name":"Anna Petrova","phone"', '{"id":1,"name":"Anna Petrowa","phone"'),
        ],
        [
          'an edited time of recording',
          /digest/,
          file.replace(/("id":"1-3".*"recordedAt":"\d{4})/, (all) => `${all.slice(0, -1)}0`),
        ],
        ['a missing entry', /1-4|1-3/, file.replace(/\{"id":"1-3".*\n/, '')],
        ['a missing last entry', /client 5|5-3|transfer|5/, file.replace(/\{"id":"5-3".*\n/, '')],
        ['a missing client', /client 8|clients/, file.replace(/\{"client":\{"id":8.*\n/, '')],
        ['a cut at a line', /not the end: the file was cut off/, file.slice(0, file.lastIndexOf('{"end"'))],
        ['a cut in a line', /cut off/, file.slice(0, file.length - 20)],
        [
          'two lines in the wrong order',
          /./,
          file.replace(/(\{"id":"1-1".*\n)(\{"batch":1\}\n\{"id":"1-2".*\n)/, '$2$1'),
        ],
        [
          'a balance of a client',
          /1/,
          file.replace('"accounts":[{"unit":"AZN","balance":"', '"accounts":[{"unit":"AZN","balance":"9'),
        ],
        ['something behind the end', /belong/, `${file}{"batch":null}\n`],
        ['an edited count', /./, file.replace('"end":{"staff":2', '"end":{"staff":3')],
        ['a setting', /digest/, file.replace('Asia/Baku', 'Asia/Oral')],
        ['no ledger', /not a ledger/, 'hello\n'],
        ['nothing', /not a ledger/, ''],
      ]
      await withTestDatabase(async (to) => {
        await to.sql(LATER_TABLE)
        const before = await everything(to)
        for (const [what, says, text] of edits) {
          expect(text, what).to.not.equal(file)
          const refused = await refusalOf(restored(to, pieces(Buffer.from(text), 5_000)))
          expect(refused.code, `${what}: ${refused.message}`).to.be.oneOf(['INTEGRITY', 'INVALID_INPUT'])
          expect(refused.message, what).to.match(says)
          const pure = await refusalOf(readLedgerFile(pieces(Buffer.from(text)), {}))
          expect(pure.message, what).to.equal(refused.message)
        }
        expect(await everything(to)).to.deep.equal(before)
      })
    })).timeout(120_000)
})
