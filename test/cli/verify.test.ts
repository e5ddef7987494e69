import {spawnSync} from 'node:child_process'
import {readFileSync, truncateSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {gzipSync} from 'node:zlib'
import {expect} from 'chai'
import {OUTPUT_SCHEMAS} from '../../src/views/schemas.ts'
import {plainSql} from '../support/database.ts'
import {type Program, withProgram} from '../support/program.ts'
import {bySuperuser, forge, moveAccount, rewriteChain} from '../support/sealed.ts'
import {skipWithout} from '../support/skipped.ts'

type Database = Parameters<typeof bySuperuser>[0]

/** Anna (1) has four entries in AZN and one in lessons, Ben (2) one. */
async function withBusiness(work: (program: Program, database: Database, url: string) => Promise<void>): Promise<void> {
  await withProgram(async (program, url) => {
    await program.json('config', 'set', 'counted-units', 'lesson')
    await program.json('client', 'add', 'Anna Petrova')
    await program.json('client', 'add', 'Ben')
    await program.json('staff', 'add', 'Ina')
    await program.json('topup', '1', '50', '--method', 'cash', '--note', 'März "dörty" \\ 👩‍👧')
    await program.json('pay', '1', '12.50', '--staff', 'Ina')
    await program.json('pay', '1', '7.50', '--staff', 'Ina')
    await program.json('topup', '1', '3', '--unit', 'lesson')
    await program.json('topup', '1', '1')
    await program.json('topup', '2', '5')
    await work(program, {sql: (text, values = []) => plainSql(url, text, values)}, url)
  })
}

/** The document of a run with --json that may find damage. */
async function verified(program: Program, ...args: readonly string[]) {
  const {code, stdout, stderr} = await program.run(['verify', ...args, '--json'])
  expect(stderr).to.equal('')
  const document = OUTPUT_SCHEMAS.verify.parse(JSON.parse(stdout))
  expect(code).to.equal(document.ok ? 0 : 8)
  return document
}

function saved(program: Program, name: string, text: string | Buffer): string {
  const path = join(program.home, name)
  writeFileSync(path, text)
  return path
}

/** Saves a checkpoint as a user would. */
async function checkpointFile(program: Program): Promise<string> {
  const {code, stdout} = await program.run(['verify', '--checkpoint', '--json'])
  expect(code).to.equal(0)
  return saved(program, 'checkpoint.json', stdout)
}

describe('verify', () => {
  it('says plainly what it verified', () =>
    withBusiness(async (program) => {
      const {code, stdout, stderr} = await program.run(['verify'])
      const document = await verified(program)

      expect([code, stderr]).to.deep.equal([0, ''])
      expect(stdout).to.equal(`6 entries of 3 accounts: all sound; checkpoint ${document.checkpoint?.digest}\n`)
      expect(document).to.deep.include({ok: true, entries: 6, accounts: 3, damageCount: 0, damages: [], against: null})
      expect(document.checkpoint).to.include({version: 1, entries: 6, accounts: 3, heads: null})
      expect((await program.run(['verify', 'ben'])).stdout).to.equal('1 entry of 1 account of Ben (2): all sound\n')
      expect((await verified(program, 'ben')).checkpoint).to.equal(null)
    }))

  it('reports damage on stdout in every form, and exits 8', () =>
    withBusiness(async (program, database) => {
      await bySuperuser(
        database,
        "update entry set note = E'\\x1b[31mred' where client_id = 1 and unit = 'AZN' and seq = 2",
      )

      const {code, stdout, stderr} = await program.run(['verify'])
      const document = await verified(program)

      expect([code, stderr]).to.deep.equal([8, ''])
      expect(stdout).to.contain('1-2 is not what was sealed').and.contain('1 damage in 6 entries of 3 accounts')
      expect(document).to.deep.include({
        ok: false,
        damageCount: 1,
        damages: [
          {
            entry: '1-2',
            client: 1,
            kind: 'hash',
            message: '1-2 is not what was sealed: it was changed after it was written',
          },
        ],
        checkpoint: null,
      })
    }))

  it('needs no more than the right to read', () =>
    withBusiness(async (program) => {
      const url = program.env.FLEKS_DATABASE_URL?.replace(/^(\w+:\/\/)[^@]*@/, '$1fleks_reader@')
      const env = {FLEKS_DATABASE_URL: url}

      expect((await program.run(['topup', '1', '1'], {env})).code).to.equal(9)
      const {code, stdout} = await program.run(['verify', '--json'], {env})
      expect(code).to.equal(0)
      expect(JSON.parse(stdout)).to.include({ok: true, entries: 6})
    }))

  it('refuses a client together with a checkpoint, and clients it does not know', () =>
    withBusiness(async (program) => {
      expect((await program.run(['verify', '1', '--checkpoint'])).code).to.equal(2)
      expect((await program.run(['verify', '1', '--against', 'x'])).code).to.equal(2)
      expect((await program.run(['verify', 'Dora'])).code).to.equal(3)
    }))
})

describe('by hand as superuser, and then verify:', () => {
  const chain = (seq: number) => `client_id = 1 and unit = 'AZN' and seq = ${seq}`
  const deeds: readonly [
    title: string,
    deed: (database: Database) => Promise<unknown>,
    plain: string[],
    against: string[],
  ][] = [
    [
      'an amount is changed',
      (database) =>
        bySuperuser(
          database,
          `alter table entry drop constraint entry_adds_up; update entry set amount = 1 where ${chain(2)}`,
        ),
      ['chain 1-2', 'hash 1-2'],
      [],
    ],
    [
      'a middle entry is deleted',
      (database) => bySuperuser(database, `delete from entry where ${chain(2)}`),
      ['gap 1-2'],
      [],
    ],
    [
      'the last entry is deleted',
      (database) => bySuperuser(database, `delete from entry where ${chain(4)}`),
      ['gap 1-4'],
      ['checkpoint 1-4'],
    ],
    [
      'the last entry is deleted and the account set back',
      async (database) => {
        await bySuperuser(database, `delete from entry where ${chain(4)}`)
        await moveAccount(database, 1, 'AZN')
      },
      [],
      ['checkpoint 1-4'],
    ],
    [
      'one is inserted with a right hash',
      (database) => forge(database, {client_id: 2, direction: 'IN', amount: 10_000n}, {move: false}),
      ['balance 2-2'],
      [],
    ],
    [
      'one is inserted in the past with a right hash, and what follows hashed anew',
      (database) =>
        rewriteChain(database, 2, 'AZN', ([only]) => {
          if (only === undefined) throw new Error('Ben has an entry')
          return [{...only, reference: 'forged'}, only]
        }),
      [],
      ['checkpoint 2-1'],
    ],
    [
      'a balance is set',
      (database) => bySuperuser(database, 'update account set balance = 999999 where client_id = 2'),
      ['balance 2-1'],
      [],
    ],
    [
      'a whole chain is hashed anew',
      (database) =>
        rewriteChain(database, 1, 'AZN', (entries) => entries.map((entry) => ({...entry, operator: 'nobody'}))),
      [],
      ['checkpoint 1-4'],
    ],
    [
      'a client is deleted with all accounts and entries',
      (database) =>
        bySuperuser(
          database,
          'delete from entry where client_id = 2; delete from account where client_id = 2; delete from client where id = 2',
        ),
      [],
      ['checkpoint 2-1'],
    ],
  ]
  for (const [title, deed, plain, against] of deeds) {
    it(title, () =>
      withBusiness(async (program, database) => {
        const file = await checkpointFile(program)

        await deed(database)

        const named = ({damages}: Awaited<ReturnType<typeof verified>>) =>
          damages.map(({kind, entry}) => `${kind} ${entry}`).toSorted()
        expect(named(await verified(program))).to.deep.equal(plain)
        const held = await verified(program, '--against', file)
        expect(named(held)).to.deep.equal([...plain, ...against].toSorted())
        expect(held.against?.contained).to.equal(against.length === 0)
      }),
    )
  }
})

describe('a checkpoint file', () => {
  it('holds every head, and proves itself contained while the ledger grows', () =>
    withBusiness(async (program) => {
      const file = await checkpointFile(program)
      const {checkpoint} = JSON.parse(readFileSync(file, 'utf8'))
      await program.json('topup', '1', '1')
      await program.json('client', 'add', 'Cem')
      await program.json('topup', 'Cem', '1')

      const {entries} = await program.json('history', '2')
      expect(checkpoint.heads).to.have.length(3)
      expect(checkpoint.heads[2]).to.deep.equal([2, 'AZN', 1, entries[0].hash])
      const {code, stdout} = await program.run(['verify', '--against', file])
      expect(code).to.equal(0)
      expect(stdout).to.match(/^8 entries of 4 accounts: all sound; checkpoint [0-9a-f]{64}\n/)
      expect(stdout).to.contain(
        `The earlier checkpoint ${checkpoint.digest} is contained: its 6 entries of 3 accounts are unchanged\n`,
      )
      expect((await verified(program, '--against', file)).against).to.deep.equal({
        earlierDigest: checkpoint.digest,
        entries: 6,
        accounts: 3,
        contained: true,
      })
    }))

  it('may be packed, laid out anew, or taken while another is proved', () =>
    withBusiness(async (program) => {
      const file = await checkpointFile(program)
      const text = readFileSync(file, 'utf8')
      const next = await program.run(['verify', '--against', file, '--checkpoint', '--json'])

      for (const content of [gzipSync(text), JSON.stringify(JSON.parse(text).checkpoint, null, 2), next.stdout]) {
        const path = saved(program, 'other', content)
        expect((await verified(program, '--against', path)).against?.contained, String(content)).to.equal(true)
      }
    }))

  it('is refused when it is not whole, was changed, or is something else', () =>
    withBusiness(async (program) => {
      const text = readFileSync(await checkpointFile(program), 'utf8')
      const {checkpoint} = JSON.parse(text)
      const {heads} = checkpoint
      for (const [what, content] of [
        ['a head left out', JSON.stringify({...checkpoint, heads: heads.slice(1)})],
        ['another order', JSON.stringify({...checkpoint, heads: heads.toReversed()})],
        ['another seq', text.replace('"AZN",4', '"AZN",3')],
        ['another digest', text.replace(checkpoint.digest, 'a'.repeat(64))],
        ['without heads', JSON.stringify({...checkpoint, heads: null})],
        ['cut short', text.slice(0, -100)],
        ['empty', ''],
        ['something else', '{"entries": []}'],
        ['cut short and packed', gzipSync(text).subarray(0, 60)],
      ] as const) {
        const {code, stderr} = await program.run(['verify', '--against', saved(program, 'bad', content)])
        expect(code, what).to.equal(2)
        expect(stderr, what).to.match(/^Error: The file .*\nHint: /)
      }
      const missing = await program.run(['verify', '--against', '/nowhere/checkpoint.json'])
      expect(missing.code).to.equal(2)
      expect(missing.stderr).to.contain('cannot be read')
    }))

  it('is refused at once when it never ends, or never begins', () =>
    withProgram(async (program) => {
      const pipe = join(program.home, 'pipe')
      expect(spawnSync('mkfifo', [pipe]).status).to.equal(0)
      const holes = saved(program, 'holes', '{"checkpoint": ')
      truncateSync(holes, 10_000_000_000)
      const blanks = saved(program, 'blanks', gzipSync(Buffer.alloc(200_000_000, ' ')))

      for (const path of ['/dev/zero', pipe, program.home, holes, blanks]) {
        const started = performance.now()
        const {code, stderr} = await program.run(['verify', '--against', path])

        expect(code, path).to.equal(2)
        expect(stderr, path).to.match(/^Error: The file .* is not a (file|checkpoint).*\nHint: /)
        expect(performance.now() - started, path).to.be.lessThan(10_000)
      }
    }))
})

describe('examples/verify.py', () => {
  const script = fileURLToPath(new URL('../../examples/verify.py', import.meta.url))
  const python = (input: string) =>
    spawnSync('python3', [script], {input, encoding: 'utf8', env: {...process.env, LC_ALL: 'C'}})

  before(function () {
    // An independent program is the point of it, and Node alone cannot run one.
    skipWithout(this, 'python3', 'the ledger recomputed by an independent program')
  })

  it('agrees with the program, and gives the same checkpoint', () =>
    withBusiness(async (program, database) => {
      await program.json('transfer', '1', '2', '1.00')
      await program.json('transfer', '1', '2', '1', '--unit', 'lesson')
      await program.json('reverse', '1-2', '--amount', '2.50', '--reason', 'too "much"')
      await program.json('reverse', '1-lesson-1', '--amount', '1', '--reason', 'ə')
      await program.json('refund', '1', '1.00', '--method', 'cash')
      await program.json('adjust', '2', '+0.05', '--reason', 'rounding')
      await forge(database, {client_id: 2, direction: 'IN', amount: 1n, note: 'a\tb\u007f\u2028', operator: '\u0001\\'})
      const {stdout} = await program.run(['history', '--format', 'jsonl'])
      const {checkpoint} = await verified(program)

      const answer = python(stdout)

      expect(answer.stderr).to.equal('')
      expect(answer.stdout).to.equal(`15 entries of 4 accounts: all sound\ncheckpoint ${checkpoint?.digest}\n`)
      expect(answer.status).to.equal(0)
    }))

  it('finds a changed amount, a missing line and a changed name of the operator', () =>
    withBusiness(async (program) => {
      const {stdout} = await program.run(['history', '--format', 'jsonl'])
      const changed = (from: string, to: string) =>
        stdout
          .split('\n')
          .map((line) => (line.includes('"id":"1-2"') ? line.replace(from, to) : line))
          .join('\n')

      for (const [input, said] of [
        [changed('"amount":"12.50"', '"amount":"12.51"'), '1-2 has a wrong hash'],
        [changed('"operator":"tester"', '"operator":"other"'), '1-2 has a wrong hash'],
        [
          stdout
            .split('\n')
            .filter((line) => !line.includes('"id":"1-2"'))
            .join('\n'),
          '1-3 does not follow the entry before it',
        ],
      ] as const) {
        const answer = python(input)
        expect(answer.status, answer.stderr).to.equal(8)
        expect(answer.stdout).to.contain(said)
      }
    }))

  it('takes a list that does not go back to the beginning as it stands', () =>
    withBusiness(async (program) => {
      const {stdout} = await program.run(['history', '1', '--limit', '2', '--format', 'jsonl'])

      expect(python(stdout).stdout).to.equal('2 entries of 2 accounts: all sound\n')
    }))
})
