import {once} from 'node:events'
import {linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {expect} from 'chai'
import * as z from 'zod/mini'
import {OUTPUT_SCHEMAS} from '../../src/views/schemas.ts'
import {plainSql} from '../support/database.ts'
import {outcomeOf, type Program, withProgram} from '../support/program.ts'
import {until} from '../support/until.ts'

/** Anna Petrova is client 1, Ina staff 1. */
async function open(program: Program): Promise<void> {
  await program.json('client', 'add', 'Anna Petrova', '--phone', '+994 50 123 45 67')
  await program.json('staff', 'add', 'Ina')
}

function put(program: Program, name: string, content: string | Buffer): string {
  writeFileSync(join(program.home, name), content)
  return name
}

const taken = (program: Program, name: string) => readFileSync(join(program.home, name), 'utf8')

// biome-ignore lint/suspicious/noExplicitAny: tests look into documents whose form the schemas check.
async function imported(program: Program, ...args: readonly string[]): Promise<any> {
  const {code, stdout, stderr} = await program.run(['import', ...args, '--json'])
  expect(stderr).to.equal('')
  const document = JSON.parse(stdout)
  if (document.error === undefined) {
    z.parse(OUTPUT_SCHEMAS.import, document)
    expect(code).to.equal(document.refused > 0 ? 7 : 0)
    const all = document.applied + document.replayed + document.refused
    if (document.files[0].committed) expect(all).to.equal(document.read)
  } else {
    expect(code).to.equal(document.error.exit)
  }
  return document
}

const VISITS = [
  'client,date,amount,staff,note',
  'Anna Petrova,2026-11-20,100.00,,advance',
  'Anna Petrova,2026-11-21,-12.50,Ina,massage',
  'Anna Petrova,2026-11-21,-12.50,Ina,massage',
  'Bob Brown,2026-11-21,5,,',
  'Anna Petrova,2026-11-22,-1000,Ina,',
  '',
].join('\n')

describe('importing a file', () => {
  it('accounts for every line, and twice is harmless', () =>
    withProgram(async (program) => {
      await open(program)
      put(program, 'visits.csv', VISITS)

      const first = await imported(program, 'visits.csv', '--rejects', 'refused.csv')
      const second = await imported(program, 'visits.csv')

      expect(first).to.include({read: 5, applied: 3, replayed: 0, refused: 2})
      expect(first.files[0].money).to.deep.equal([{unit: 'AZN', in: '100.00', out: '25.00'}])
      expect(first.files[0].balances).to.deep.equal([{unit: 'AZN', before: '0.00', after: '75.00'}])
      expect(
        first.files[0].refusals.map(({line, column, code}: Record<string, unknown>) => [line, column, code]),
      ).to.deep.equal([
        [5, 'client', 'CLIENT_NOT_FOUND'],
        [6, 'amount', 'INSUFFICIENT_FUNDS'],
      ])
      expect(second).to.include({read: 5, applied: 0, replayed: 3, refused: 2})
      expect((await program.json('balance', '1')).balances).to.deep.equal([{unit: 'AZN', balance: '75.00'}])
    }))

  it('names the column of whatever is refused', () =>
    withProgram(async (program) => {
      await open(program)
      await program.json('client', 'add', 'Anna Petrov')
      await program.json('client', 'add', 'Olga Old')
      await program.json('client', 'archive', 'Olga Old', '--yes')
      const lines = [
        ['client', 'Nobody Known,2026-11-20,5,,,,', 'CLIENT_NOT_FOUND'],
        ['client', 'Anna,2026-11-20,5,,,,', 'AMBIGUOUS'],
        ['client', 'Olga Old,2026-11-20,5,,,,', 'ARCHIVED'],
        ['Tarix', 'Anna Petrova,2026-02-30,5,,,,', 'INVALID_INPUT'],
        ['Tarix', 'Anna Petrova,2999-01-01,5,,,,', 'INVALID_INPUT'],
        ['credit', 'Anna Petrova,2026-11-20,five,,,,', 'INVALID_AMOUNT'],
        ['debit', 'Anna Petrova,2026-11-20,,900,Ina,,', 'INSUFFICIENT_FUNDS'],
        ['staff', 'Anna Petrova,2026-11-20,,1,,,', 'USAGE'],
        ['staff', 'Anna Petrova,2026-11-20,,1,Zoe,,', 'STAFF_NOT_FOUND'],
        ['unit', 'Anna Petrova,2026-11-20,5,,,ounces,', 'INVALID_INPUT'],
        [null, 'Anna Petrova,2026-11-20,5,,,,one', null],
        ['reference', 'Anna Petrova,2026-11-20,6,,,,one', 'REFERENCE_CONFLICT'],
      ] as const
      const titles = 'client,Tarix,credit,debit,staff,unit,reference'
      put(program, 'all.csv', [titles, ...lines.map(([, line]) => line), ''].join('\n'))

      const {files} = await imported(program, 'all.csv')

      expect(
        files[0].refusals.map(({line, column, code}: Record<string, unknown>) => [line, column, code]),
      ).to.deep.equal(lines.flatMap(([column, , code], at) => (code === null ? [] : [[at + 2, column, code]])))
    }))

  it('gives refused lines back to be mended, and posts neither them nor the others twice', () =>
    withProgram(async (program) => {
      await open(program)
      put(program, 'visits.csv', VISITS)
      await imported(program, 'visits.csv', '--rejects', 'refused.csv')
      const refused = taken(program, 'refused.csv')
      expect(refused.split('\n')).to.have.length(4)
      expect(refused).to.match(/^client,date,amount,staff,note,reason\nBob Brown,2026-11-21,5,,,/)
      put(program, 'mended.csv', refused.replace('-1000', '-10.00'))

      const mended = await imported(program, 'mended.csv', '--create-clients', '--rejects', 'refused.csv')
      const original = await imported(program, 'visits.csv')
      const again = await imported(program, 'mended.csv')

      expect(mended).to.include({read: 2, applied: 2, refused: 0})
      // The line that was mended is another one under the same reference.
      expect(original).to.include({read: 5, applied: 0, replayed: 4, refused: 1})
      expect(original.files[0].refusals[0].code).to.equal('REFERENCE_CONFLICT')
      expect(again).to.include({applied: 0, replayed: 2})
      expect((await program.json('balance')).totals[0].balance).to.equal('70.00')
    }))

  it('never writes refused lines over the file that they come from', () =>
    withProgram(async (program) => {
      await open(program)
      put(program, 'visits.csv', VISITS)
      symlinkSync('visits.csv', join(program.home, 'link.csv'))
      linkSync(join(program.home, 'visits.csv'), join(program.home, 'hard.csv'))

      for (const rejects of ['visits.csv', './visits.csv', 'link.csv', 'hard.csv']) {
        const {error} = await imported(program, 'visits.csv', '--rejects', rejects)
        expect(error.message).to.equal('The refused lines would be written over the file that is imported')
        expect(error.code).to.equal('USAGE')
      }

      for (const path of ['no such file', 'visits.csv/x']) {
        expect((await imported(program, path, '--rejects', 'hard.csv')).error.code).to.equal('USAGE')
      }
      expect(taken(program, 'visits.csv')).to.equal(VISITS)
      expect((await program.json('history')).entries).to.deep.equal([])
    }))

  it('knows a refused line again by its reason, also where there are no titles', () =>
    withProgram(async (program) => {
      await open(program)
      put(program, 'bare.csv', 'Anna Petrova,5.00\nBob Brown,1.00\n')
      const flags = ['--no-header', '--map', 'client=1', '--map', 'amount=2']
      await imported(program, 'bare.csv', ...flags, '--rejects', 'refused.csv')
      put(program, 'mended.csv', taken(program, 'refused.csv').replace('Bob Brown', 'Anna Petrova'))

      const mended = await imported(program, 'mended.csv', ...flags)
      put(program, 'mended-again.csv', `${taken(program, 'mended.csv')}\n`)
      const again = await imported(program, 'mended-again.csv', ...flags)

      expect(mended).to.include({read: 1, applied: 1})
      expect(again).to.include({applied: 0, replayed: 1})
      expect((await program.json('balance', '1')).balances[0].balance).to.equal('6.00')
    }))

  for (const order of ['mended first', 'original first'] as const) {
    it(`posts a refused line for one client only, though it was mended to another: ${order}`, () =>
      withProgram(async (program, url) => {
        await open(program)
        put(program, 'visits.csv', VISITS)
        await imported(program, 'visits.csv', '--rejects', 'refused.csv')
        const [header, bob] = taken(program, 'refused.csv').split('\n')
        put(program, 'mended.csv', `${header}\n${bob?.replace('Bob Brown', 'Anna Petrova')}\n`)
        const files = order === 'mended first' ? ['mended.csv', 'visits.csv'] : ['visits.csv', 'mended.csv']

        if (order === 'mended first') {
          await imported(program, 'mended.csv')
          // As if it had been killed after its last line was posted.
          await plainSql(url, 'delete from import_claim', [])
          await imported(program, 'mended.csv')
        }
        await program.json('client', 'add', 'Bob Brown')
        if (order === 'original first') await imported(program, 'visits.csv')
        const second = await imported(program, files[1] ?? '')
        const retried = await imported(program, files[1] ?? '', '--retry')

        for (const {
          applied,
          files: [{refusals}],
        } of [second, retried]) {
          expect(applied).to.equal(0)
          expect(refusals[0]).to.include({code: 'REFERENCE_CONFLICT'})
          expect(refusals[0].message).to.contain(`for client ${order === 'mended first' ? 1 : 2}`)
        }
        expect((await program.json('balance')).totals[0].balance).to.equal('80.00')
        if (order === 'original first') return
        await program.json('import', 'undo', '2', '--reason', 'it was Bob')
        expect(await imported(program, 'visits.csv')).to.include({applied: 1})
      }))
  }

  it('refuses a file that overlaps with an earlier one, until told what to do', () =>
    withProgram(async (program) => {
      await open(program)
      const header = 'client,date,amount\n'
      const lines = (from: number, to: number) =>
        Array.from({length: to - from + 1}, (_, at) => `1,2026-11-${String(from + at).padStart(2, '0')},1\n`).join('')
      put(program, 'monday.csv', header + lines(1, 5))
      put(program, 'tuesday.csv', header + lines(4, 8))
      put(program, 'coat.csv', `﻿${(header + lines(4, 8)).replaceAll(',', ';').replaceAll('\n', '\r\n')}`)
      await imported(program, 'monday.csv')

      const refused = await imported(program, 'tuesday.csv')
      const tried = await imported(program, 'tuesday.csv', '--overlap', 'skip', '--dry-run')
      const skipped = await imported(program, 'tuesday.csv', '--overlap', 'skip')
      const again = await imported(program, 'tuesday.csv')
      const coat = await imported(program, 'coat.csv')
      const posted = await imported(
        program,
        put(program, 'wednesday.csv', `${header + lines(8, 8)}`),
        '--overlap',
        'post',
      )

      expect(refused.error).to.include({code: 'OVERLAP', exit: 6})
      expect(refused.error.details).to.include({lines: 2, read: 5})
      for (const one of [tried, skipped]) expect(one).to.include({applied: 3, replayed: 2})
      expect(skipped.files[0].overlap).to.include({lines: 2, choice: 'skip'})
      expect(again).to.include({applied: 0, replayed: 5})
      expect(coat).to.include({applied: 0, replayed: 5})
      expect(posted).to.include({applied: 1})
      expect((await program.json('balance', '1')).balances[0].balance).to.equal('9.00')
    }))

  it('takes nothing or all when asked', () =>
    withProgram(async (program) => {
      await open(program)
      put(program, 'visits.csv', VISITS)
      put(program, 'good.csv', VISITS.split('\n').slice(0, 4).join('\n'))

      const nothing = await imported(program, 'visits.csv', '--atomic', '--create-clients')
      const all = await imported(program, 'good.csv', '--atomic')

      expect(nothing.files[0]).to.include({applied: 0, committed: false, import: null})
      expect((await program.json('client', 'list')).clients).to.have.length(1)
      expect(all.files[0]).to.include({applied: 3, committed: true})
    }))

  it('writes nothing in a dry run, and tells the same', () =>
    withProgram(async (program, url) => {
      await open(program)
      put(program, 'visits.csv', VISITS)

      const dry = await imported(program, 'visits.csv', '--dry-run', '--create-clients')
      expect(await plainSql(url, 'select 1 from entry union all select 1 from import_run', [])).to.deep.equal([])
      const wet = await imported(program, 'visits.csv', '--create-clients')

      const {import: _, ...told} = dry.files[0]
      const {import: run, ...done} = wet.files[0]
      expect(run).to.equal(1)
      expect({...done, overlap: told.overlap}).to.deep.equal(told)
    }))

  it('reads what banks and booking systems write', () =>
    withProgram(async (program) => {
      await open(program)
      const cyrillic = (text: string) => Buffer.from(Array.from(text, (c) => cp1251(c)))
      const files: readonly (readonly [name: string, content: string | Buffer, ...flags: string[]])[] = [
        ['semicolon.csv', '﻿"Müştəri";"Məbləğ";"Tarix"\r\n"Anna Petrova";"1 000,50";"22.11.2026 10:30"\r\n'],
        ['tab.txt', 'Customer\tPaid in\tPaid out\tDate\tEmployee\nAnna Petrova\t\t5.25\t2026-11-22\tIna\n'],
        ['pipe.csv', 'code|phone|amount\n|+994501234567|10\n'],
        ['cyrillic.csv', cyrillic('Клиент;Сумма;Валюта\r\nAnna Petrova;7,10;AZN\r\n')],
        ['wide.csv', Buffer.from('﻿client\tamount\r\nAnna Petrova\t3,30\r\n', 'utf16le')],
        [
          'bank.csv',
          'Bank of X\n\nAccount;123\nPayer;Sum;When\nAnna Petrova;4,40;22/11/2026\n',
          '--date-format',
          'DD/MM/YYYY',
        ],
        ['bare.csv', '1;2026-11-22;6,60\n', '--no-header', '--map', 'client=1', '--map', 'at=2', '--map', 'amount=3'],
        ['mapped.csv', 'Wer;Wieviel\nAnna Petrova;8,80\n', '--map', 'client=Wer', '--map', 'amount=Wieviel'],
        [
          'lines.jsonl',
          '{"client":1,"amount":"9.90","reference":"x","note":"a\\"b"}\n{"client":{"id":1,"name":"A"},"amount":1.5}\n',
        ],
        ['mac.csv', 'client,amount\r1,2.20\r'],
        ['excel.csv', 'sep=;\nclient;amount;note\n="1";2,2;"line one\nline ""two"""\n'],
      ]

      for (const [name, content, ...flags] of files) {
        const document = await imported(program, put(program, name, content), ...flags)
        expect(document, name).to.deep.include({refused: 0, applied: name === 'lines.jsonl' ? 2 : 1})
      }

      expect((await program.json('balance', '1')).balances[0].balance).to.equal('1051.25')
    }))

  it('tells what it cannot read, and what is ambiguous', () =>
    withProgram(async (program) => {
      await open(program)
      const refusals: readonly (readonly [content: string | Buffer, code: string, hint: RegExp, ...flags: string[]])[] =
        [
          ['PK\u0003\u0004 and so on', 'INVALID_INPUT', /Save it as CSV/],
          ['a,b\n1,2\n', 'INVALID_INPUT', /--map/],
          ['client,amount\n1,"1,234"\n', 'INVALID_INPUT', /--decimal/],
          ['client;amount\n1;1,5\n1;1.5\n', 'INVALID_INPUT', /--decimal/],
          ['client,amount\n1,1\n', 'USAGE', /date format|DD/, '--date-format', 'soon'],
          ['client,amount\n1,1\n', 'USAGE', /FIELD=COLUMN/, '--map', 'nonsense=1'],
          ['client,amount\n1,1\n', 'USAGE', /save-profile/, '--profile', 'none'],
          ['', 'INVALID_INPUT', /what wrote it/],
        ]

      for (const [content, code, hint, ...flags] of refusals) {
        const {error} = await imported(program, put(program, 'x.csv', content), ...flags)
        expect(error, String(content)).to.include({code})
        expect(error.hint).to.match(hint)
      }
      expect((await imported(program, 'missing.csv')).error).to.include({code: 'USAGE', exit: 2})
      expect((await program.run(['import', '--json'])).code).to.equal(2)
    }))

  it('brings clients with their balances, staff, and knows them again', () =>
    withProgram(async (program) => {
      put(program, 'staff.csv', 'name\nIna\nRuslan\nINA\n')
      put(
        program,
        'clients.csv',
        'Name,Phone,Code,Opening balance,Opening date,Birth date\nAnna Petrova,+994501234567,A-1,"12,50",2026-01-01,1990-05-17\nBob,+994500000000,B-2,,,\nЯна Иванова,,,0,,\nBob,0500000000,,,,\nBob,+994500000001,,,,\n',
      )

      expect(await imported(program, 'staff.csv', '--kind', 'staff')).to.include({read: 3, applied: 2, replayed: 1})
      const first = await imported(program, 'clients.csv')
      const again = await imported(program, 'clients.csv')

      expect(first).to.include({read: 5, applied: 3, replayed: 1, refused: 1})
      expect(first.files[0].refusals[0].code).to.equal('DUPLICATE_CLIENT')
      expect(again).to.include({read: 5, applied: 0, replayed: 4, refused: 1})
      expect((await program.json('client', 'show', 'A-1')).client).to.deep.include({id: 1, birthDate: '1990-05-17'})
      expect((await program.json('history', '1')).entries[0]).to.include({kind: 'opening', amount: '12.50'})
      expect((await program.json('client', 'search', 'yana')).clients[0].name).to.equal('Яна Иванова')
    }))

  it('leaves nothing of stdin on the disk when a signal ends it', () =>
    withProgram(async (program) => {
      const folder = join(program.home, 'temporary')
      mkdirSync(folder)
      const child = program.start(['import', '-'], {env: {TMPDIR: folder}})
      const ended = once(child, 'exit')
      child.stdin?.write('client,amount\nAnna Petrova,5\n')
      await until('it keeps what comes', () => readdirSync(folder).length > 0)

      child.kill('SIGTERM')

      expect(await ended).to.deep.equal([143, null])
      expect(readdirSync(folder)).to.deep.equal([])
    }))

  it('says where there is no place to keep stdin in', () =>
    withProgram(async (program) => {
      const nowhere = join(program.home, 'nowhere')

      const {code, stdout} = await program.run(['import', '-', '--json'], {env: {TMPDIR: nowhere}, input: 'client\n'})

      const {error} = JSON.parse(stdout)
      expect([code, error.code]).to.deep.equal([2, 'INVALID_CONFIG'])
      expect(error.message).to.contain(nowhere)
      expect(error.hint).to.contain('TMPDIR')
    }))

  it('reads stdin, and keeps flags as a profile', () =>
    withProgram(async (program) => {
      await open(program)
      put(program, 'bank.csv', 'Wer;Wieviel\nAnna Petrova;8,80\n')
      await imported(program, 'bank.csv', '--map', 'client=Wer', '--map', 'amount=Wieviel', '--save-profile', 'bank')

      const {stdout, code} = await program.run(['import', '-', '--profile', 'bank', '--json'], {
        input: 'Wer;Wieviel\nAnna Petrova;1,20\n',
      })

      expect(code).to.equal(0)
      expect(JSON.parse(stdout)).to.include({applied: 1})
      const {imports} = await program.json('import', 'list')
      z.parse(OUTPUT_SCHEMAS['import list'], {imports})
      expect(imports.map(({file}: {file: string}) => file)).to.deep.equal(['stdin', 'bank.csv'])
      expect((await program.json('import', 'show', '2')).import).to.include({
        file: 'stdin',
        state: 'finished',
        applied: 1,
      })
      expect((await program.run(['import', 'show', '9', '--json'])).code).to.equal(3)
    }))

  it('is undone as far as the money is there, and can then be done again', () =>
    withProgram(async (program) => {
      await open(program)
      put(program, 'good.csv', VISITS.split('\n').slice(0, 4).join('\n'))
      await imported(program, 'good.csv')
      await program.json('pay', '1', '10', '--staff', 'Ina')

      const part = await program.run(['import', 'undo', '1', '--reason', 'wrong month', '--json'])
      await program.json('topup', '1', '10')
      const whole = await program.json('import', 'undo', '1', '--reason', 'wrong month')
      const text = await program.run(['import', 'undo', '1', '--reason', 'wrong month'])

      expect(part.code).to.equal(7)
      expect(JSON.parse(part.stdout)).to.deep.include({reversed: 2, replayed: 0})
      expect(JSON.parse(part.stdout).kept[0]).to.include({entry: '1-1', code: 'INSUFFICIENT_FUNDS'})
      z.parse(OUTPUT_SCHEMAS['import undo'], whole)
      expect(whole).to.include({reversed: 1, replayed: 2})
      expect(whole.import).to.include({state: 'undone', reason: 'wrong month'})
      expect(text.code).to.equal(0)
      expect((await program.json('balance', '1')).balances[0].balance).to.equal('0.00')
      expect(await imported(program, 'good.csv')).to.include({applied: 3, replayed: 0})
    }))

  it('shows a table to people', () =>
    withProgram(async (program) => {
      await open(program)
      put(program, 'visits.csv', VISITS)

      const {stdout, stderr, code} = await program.run(['import', 'visits.csv'])

      expect({stderr, code}).to.deep.equal({stderr: '', code: 7})
      expect(stdout).to.contain('Import 1 of visits.csv\n')
      expect(stdout).to.contain('Money in   100.00 AZN\n')
      expect(stdout).to.match(/5 +client +CLIENT_NOT_FOUND +There is no client "Bob Brown"\n/)
      expect((await program.run(['import', 'list'])).stdout).to.contain('visits.csv')
    }))
})

/** The bytes of Windows-1251 for the letters used here. */
function cp1251(character: string): number {
  const code = character.codePointAt(0) ?? 0
  return code >= 0x410 && code <= 0x44f ? code - 0x410 + 0xc0 : code
}

describe('an import that is broken off', () => {
  const LINES = 20_000
  const CLIENTS = 400

  function bigFile(): string {
    let seed = 7
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
      return (seed >>> 8) % below
    }
    const rows = Array.from({length: LINES}, (_, at) => {
      const client = `Client ${1 + (at < CLIENTS ? at : random(CLIENTS))}x`
      const isIn = at < CLIENTS || random(3) === 0
      return `${client},2026-01-${String(1 + random(28)).padStart(2, '0')},${isIn ? '' : '-'}${1 + random(60)}.50,${isIn ? '' : 'Ina'}\n`
    })
    return `client,date,amount,staff\n${rows.join('')}`
  }

  const ledgerOf = (url: string) =>
    plainSql(
      url,
      `select c.name, e.client_id, e.unit, e.seq, e.kind, e.amount, e.balance_after, e.staff_id, e.reference, e.occurred_at,
        encode(e.hash, 'hex') as hash
       from entry e join client c on c.id = e.client_id order by e.client_id, e.unit, e.seq`,
      [],
    )

  async function entriesOf(url: string): Promise<number> {
    const [counted] = await plainSql(url, 'select count(*)::int as entries from entry', [])
    return Number(counted?.entries)
  }

  it('goes on where it stopped, and ends as if nothing had happened', async () => {
    const text = bigFile()
    const clean = await withProgram(async (program, url) => {
      await program.json('staff', 'add', 'Ina')
      const document = await imported(program, put(program, 'big.csv', text), '--create-clients')
      return {document, ledger: await ledgerOf(url)}
    })
    expect(clean.document.refused).to.be.greaterThan(100)

    await withProgram(async (program, url) => {
      await program.json('staff', 'add', 'Ina')
      put(program, 'big.csv', text)
      let killed = 0
      for (const part of [0.01, 0.2, 0.4, 0.6, 0.8]) {
        const child = program.start(['import', 'big.csv', '--create-clients', '--json'])
        const outcome = outcomeOf(child)
        while (child.exitCode === null && (await entriesOf(url)) < clean.ledger.length * part) await sleep(10)
        if (child.kill('SIGKILL')) killed++
        await outcome
        // The next one would wait until this one has been silent for long enough.
        await plainSql(url, `update import_run set alive_until = now() - interval '1 second'`, [])
      }
      const document = await imported(program, 'big.csv', '--create-clients')

      expect(killed).to.be.greaterThan(2)
      expect(document.refused).to.equal(clean.document.refused)
      expect(document.files[0].balances[0].after).to.equal(clean.document.files[0].balances[0].after)
      expect(await ledgerOf(url)).to.deep.equal(clean.ledger)
    })
  }).timeout(180_000)

  it('is told from one at work, and waited for no longer than it could be one', () =>
    withProgram(async (program) => {
      await program.json('staff', 'add', 'Ina')
      put(program, 'big.csv', bigFile())
      const child = program.start(['import', 'big.csv', '--create-clients', '--json'])
      const outcome = outcomeOf(child)
      const state = async () => (await program.json('import', 'list')).imports[0]?.state
      let atWork: string | undefined
      for (let tried = 0; tried < 100 && atWork === undefined; tried++) atWork = await state()
      child.kill('SIGKILL')
      await outcome
      const again = await imported(program, 'big.csv', '--create-clients')

      expect(atWork).to.equal('running')
      expect(again.applied).to.be.greaterThan(0)
      expect((await program.json('import', 'list')).imports.map((one: {state: string}) => one.state)).to.deep.equal([
        'finished',
        'stopped',
      ])
    })).timeout(60_000)

  it('and begun twice at a time is posted once', () =>
    withProgram(async (program) => {
      await program.json('staff', 'add', 'Ina')
      put(program, 'big.csv', bigFile())

      const documents = await Promise.all([1, 2, 3].map(() => imported(program, 'big.csv', '--create-clients')))

      const applied = documents.map((document) => document.applied).sort((a, b) => a - b)
      expect(applied.slice(0, 2)).to.deep.equal([0, 0])
      expect(applied[2]).to.equal(documents[0].read - documents[0].refused)
    })).timeout(120_000)
})
