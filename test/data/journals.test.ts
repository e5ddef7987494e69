import {spawnSync} from 'node:child_process'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import anyAscii from 'any-ascii'
import {expect} from 'chai'
import {amountText, type Money} from '../../src/core/money.ts'
import {findUnit} from '../../src/core/unit.ts'
import {exportLedger} from '../../src/data/export.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {readSettings} from '../../src/data/settings.ts'
import {journalForm} from '../../src/views/export-forms.ts'
import type {JournalDialect} from '../../src/views/journal.ts'
import {beancount} from '../../src/views/journal-beancount.ts'
import {HLEDGER, LEDGER} from '../../src/views/journal-plain.ts'
import {type TestDatabase, withTestDatabase} from '../support/database.ts'
import {skipWithout} from '../support/skipped.ts'
import {variedLedger} from '../support/varied-ledger.ts'

const BEANCOUNT = beancount(anyAscii)

async function journalText(
  ledger: Ledger,
  dialect: JournalDialect,
  client: string | null,
  from: string | null,
): Promise<string> {
  const parts: Uint8Array[] = []
  await exportLedger(
    ledger,
    {client, from, to: null},
    {
      version: '0',
      form: (settings) => journalForm(dialect, settings, {whole: from === null}),
      write: async (bytes) => {
        parts.push(bytes)
      },
    },
  )
  return Buffer.concat(parts).toString()
}

/** What the programs print, trimmed of nothing. */
function run(
  program: string,
  args: readonly string[],
  input = '',
): {readonly status: number | null; readonly out: string} {
  const {status, stdout, stderr} = spawnSync(program, args, {
    encoding: 'utf8',
    input,
    env: {...process.env, LC_ALL: 'C.UTF-8'},
  })
  return {status, out: `${stdout}${stderr}`}
}

async function inFile<T>(name: string, text: string, work: (path: string) => T | Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'fleks-journal-'))
  try {
    const path = join(folder, name)
    await writeFile(path, text)
    return await work(path)
  } finally {
    await rm(folder, {recursive: true})
  }
}

/** `client id unit balance`, as the database has them, for all that is not zero. */
async function ourBalances({ledger, sql}: TestDatabase): Promise<readonly string[]> {
  const {countedUnits} = await readSettings(ledger.pool)
  const rows = await sql('select client_id::text as id, unit, balance::text from account where balance > 0')
  return rows
    .map(({id, unit, balance}) => {
      const known = findUnit(String(unit), countedUnits)
      return `${id} ${unit} ${amountText(BigInt(String(balance)) as Money, known)}`
    })
    .sort()
}

describe('journals', () => {
  it('satisfy hledger, strictly, and have our balances', async function () {
    skipWithout(this, 'hledger', 'journals read by hledger')
    await withTestDatabase(async (database) => {
      await variedLedger(database)

      const text = await journalText(database.ledger, HLEDGER, null, null)
      await inFile('x.journal', text, async (path) => {
        expect(run('hledger', ['check', '--strict', '-f', path])).to.deep.equal({status: 0, out: ''})
        const csv = run('hledger', [
          'bal',
          '-f',
          path,
          'liabilities:clients',
          '--flat',
          '--layout',
          'bare',
          '-O',
          'csv',
          '--no-total',
        ])
        const theirs = csv.out.split('\n').flatMap((line) => {
          const match = /^"liabilities:clients:(\d+) .*","(.*)","-(.*)"$/.exec(line)
          return match === null ? [] : [`${match[1]} ${match[2]} ${match[3]}`]
        })
        expect(theirs.sort()).to.deep.equal(await ourBalances(database))
        expect(run('hledger', ['bal', '-f', path, 'equity:transfers', '--flat', '-E', '-N']).out.trim()).to.match(
          /^0\s+equity:transfers$/,
        )
      })
    })
  })

  it('satisfy Ledger, pedantically, and have our balances', async function () {
    skipWithout(this, 'ledger', 'journals read by Ledger')
    await withTestDatabase(async (database) => {
      await variedLedger(database)

      const text = await journalText(database.ledger, LEDGER, null, null)
      await inFile('x.ledger', text, async (path) => {
        expect(run('ledger', ['--pedantic', '-f', path, 'source'])).to.deep.equal({status: 0, out: ''})
        const flat = run('ledger', [
          ...['--pedantic', '-f', path, 'bal', '^liabilities:clients', '--flat', '--no-total'],
          ...['--balance-format', '%(account)\t%(strip(display_total))\n', '--no-color'],
        ])
        const theirs: string[] = []
        // An account of several units is named once, before the first of its amounts.
        let id = ''
        for (const line of flat.out.split('\n')) {
          const match = /^(?:liabilities:clients:(\d+) .*\t)?\s*-([\d.]+) "?(.*?)"?$/.exec(line)
          if (match === null) continue
          id = match[1] ?? id
          theirs.push(`${id} ${match[3]?.replace(/^unit /, '')} ${match[2]}`)
        }
        expect(theirs.sort()).to.deep.equal(await ourBalances(database))
      })
    })
  })

  it('satisfy Beancount and have our balances', async function () {
    skipWithout(this, 'bean-check', 'journals read by Beancount')
    await withTestDatabase(async (database) => {
      await variedLedger(database)

      const text = await journalText(database.ledger, BEANCOUNT, null, null)
      await inFile('x.beancount', text, async (path) => {
        expect(run('bean-check', [path])).to.deep.equal({status: 0, out: ''})
        // The journal itself states every balance, and bean-check has just compared them.
        const stated = [...text.matchAll(/^\d{4}-\d\d-\d\d balance Liabilities:Clients:(\d+)\S* {2}-(\S+) (\S+)$/gm)]
        const units = new Map(
          [...text.matchAll(/commodity (\S+)\n {2}name: "(.*)"/g)].map(([, theirs, ours]) => [theirs, ours]),
        )
        const theirs = stated.map(([, id, amount, unit]) => `${id} ${units.get(unit ?? '')} ${amount}`)
        expect(theirs.sort()).to.deep.equal(await ourBalances(database))
      })
    })
  })

  const checks: readonly (readonly [JournalDialect, string, (path: string) => readonly string[]])[] = [
    [HLEDGER, 'hledger', (path) => ['check', '--strict', '-f', path]],
    [LEDGER, 'ledger', (path) => ['--pedantic', '-f', path, 'source']],
    [BEANCOUNT, 'bean-check', (path) => [path]],
  ]
  for (const [dialect, program, args] of checks) {
    it(`of one client, or of a period, satisfy ${program} too`, async function () {
      skipWithout(this, program, `journals of a part read by ${program}`)
      await withTestDatabase(async (database) => {
        await variedLedger(database)
        for (const [client, from] of [
          ['1', null],
          [null, '2026-03-15'],
          ['3', '2027-01-01'],
        ] as const) {
          const text = await journalText(database.ledger, dialect, client, from)
          await inFile('part.journal', text, (path) =>
            expect(run(program, args(path))).to.deep.equal({status: 0, out: ''}),
          )
        }
      })
    })
  }
})
