import {readdir} from 'node:fs/promises'
import {expect} from 'chai'
import * as z from 'zod/mini'
import {FAILURE_SCHEMA, OUTPUT_SCHEMAS} from '../../src/views/schemas.ts'
import {type Program, withProgram} from '../support/program.ts'
import {asSuperuser} from '../support/server.ts'

/** Anna Petrova is client 1 with 50.00 AZN, Ina staff 1. */
async function open(program: Program): Promise<void> {
  await program.json('client', 'add', 'Anna Petrova', '--phone', '+994 50 123 45 67', '--default-price', '12,50')
  await program.json('staff', 'add', 'Ina')
  await program.json('topup', '1', '50', '--method', 'cash')
}

describe('the desk', () => {
  it('tops up, charges, and looks back', () =>
    withProgram(async (program) => {
      await open(program)

      const paid = await program.json('pay', 'ann pet', '--staff', 'ina', '--note', 'massage')
      const {entries} = await program.json('history', '1')

      expect(paid.entry).to.deep.include({
        id: '1-2',
        client: {id: 1, name: 'Anna Petrova'},
        kind: 'payment',
        direction: 'OUT',
        amount: '12.50',
        unit: 'AZN',
        balanceBefore: '50.00',
        balanceAfter: '37.50',
        staff: {id: 1, name: 'Ina'},
        method: null,
        note: 'massage',
        reverses: null,
        operator: 'tester',
      })
      expect(paid).to.include({replayed: false, dryRun: false})
      expect(entries.map(({id}: {id: string}) => id)).to.deep.equal(['1-2', '1-1'])
      expect(entries[0]).to.deep.equal(paid.entry)
      expect(await program.json('balance', 'anna')).to.deep.equal({
        client: {id: 1, name: 'Anna Petrova'},
        balances: [{unit: 'AZN', balance: '37.50'}],
      })
    }))

  it('sees the balance before and after, and who', () =>
    withProgram(async (program) => {
      await open(program)

      const {stdout, stderr, code} = await program.run([
        'pay',
        '1',
        '12.50',
        '--staff',
        'Ina',
        '--at',
        '2026-11-22 10:00',
      ])

      expect(code).to.equal(0)
      expect(stderr).to.equal('')
      expect(stdout).to.equal(
        [
          'Payment 1-2',
          '  Client   Anna Petrova (1)',
          '  Amount   -12.50 AZN',
          '  Balance  50.00 → 37.50 AZN',
          '  Staff    Ina',
          '  When     2026-11-22 10:00',
          '',
        ].join('\n'),
      )
    }))

  it('is told what is missing when a charge is above the balance', () =>
    withProgram(async (program) => {
      await open(program)

      const text = await program.run(['pay', '1', '75.01', '--staff', 'Ina'])
      const json = await program.run(['pay', '1', '75.01', '--staff', 'Ina', '--json'])

      expect(text).to.include({code: 5, stdout: ''})
      expect(text.stderr).to.equal(
        'Error: Anna Petrova has 50.00 AZN, 25.01 AZN less than the 75.01 asked for\nHint: Top up first with: fleks topup 1 25.01\n',
      )
      expect(json).to.include({code: 5, stderr: ''})
      expect(JSON.parse(json.stdout).error).to.deep.include({code: 'INSUFFICIENT_FUNDS', exit: 5})
      expect(JSON.parse(json.stdout).error.details).to.include({balance: '50.00', missing: '25.01', unit: 'AZN'})
    }))

  const refusals: readonly (readonly [what: string, code: string, exit: number, ...args: string[]])[] = [
    ['an unknown client', 'CLIENT_NOT_FOUND', 3, 'pay', 'Bob', '1', '--staff', 'Ina'],
    ['a mistyped client', 'CLIENT_NOT_FOUND', 3, 'pay', 'petorva', '1', '--staff', 'Ina'],
    ['an unknown staff member', 'STAFF_NOT_FOUND', 3, 'pay', '1', '1', '--staff', 'Inna'],
    ['a payment without staff', 'USAGE', 2, 'pay', '1', '1'],
    ['no client', 'USAGE', 2, 'topup'],
    ['a top-up without an amount, default price or not', 'USAGE', 2, 'topup', '1'],
    ['no amount', 'USAGE', 2, 'topup', '1', '--unit', 'EUR'],
    ['an empty amount', 'INVALID_AMOUNT', 2, 'topup', '1', ''],
    ['a negative amount', 'INVALID_AMOUNT', 2, 'topup', '1', '-5'],
    ['an unknown unit', 'INVALID_INPUT', 2, 'topup', '1', '5', '--unit', 'lessn'],
    ['an unknown method', 'USAGE', 2, 'topup', '1', '5', '--method', 'gold'],
    ['an unreadable time', 'INVALID_INPUT', 2, 'topup', '1', '5', '--at', 'soon'],
    ['an empty reference', 'INVALID_INPUT', 2, 'topup', '1', '5', '--reference', ''],
    ['an unknown flag', 'USAGE', 2, 'topup', '1', '5', '--methd', 'cash'],
    ['too many arguments', 'USAGE', 2, 'topup', '1', '5', '6'],
    ['an unknown command', 'UNKNOWN_COMMAND', 2, 'tpup', '1', '5'],
    ['an unknown subcommand', 'UNKNOWN_COMMAND', 2, 'client', 'ad', 'X'],
    ['a second client of the name', 'DUPLICATE_CLIENT', 6, 'client', 'add', 'ANNA petrova'],
    ['a second staff member of the name', 'DUPLICATE_STAFF', 6, 'staff', 'add', 'INA'],
    ['archiving without a confirmation', 'CONFIRMATION_REQUIRED', 2, 'client', 'archive', '1'],
    ['archiving with money on the account', 'BALANCE_NOT_ZERO', 5, 'client', 'archive', '1', '--yes'],
    ['changing nothing', 'USAGE', 2, 'client', 'edit', '1'],
    ['an unknown setting', 'USAGE', 2, 'config', 'get', 'unitt'],
    ['another unit once there are entries', 'SETTING_IN_USE', 6, 'config', 'set', 'unit', 'EUR'],
    ['a database URL as an argument', 'USAGE', 2, 'config', 'set', 'database-url', 'postgresql://u:secret@h/d'],
    ['a limit that is none', 'USAGE', 2, 'history', '--limit', '0'],
    ['a foreign cursor', 'USAGE', 2, 'history', '--cursor', 'xyz'],
  ]
  it('is refused in one sentence with a hint and the right exit code, and nothing is written', () =>
    withProgram(async (program) => {
      await open(program)
      const before = await program.json('history')

      for (const [what, code, exit, ...args] of refusals) {
        const json = await program.run([...args, '--json'])
        const document = z.parse(FAILURE_SCHEMA, JSON.parse(json.stdout))
        expect(document.error, what).to.include({code, exit})
        expect(document.error.hint, what).to.be.a('string')
        expect(json, what).to.include({code: exit, stderr: ''})
        const text = await program.run(args)
        expect(text, what).to.include({code: exit, stdout: ''})
        expect(text.stderr, what).to.match(/^Error: .+\n( {2}.+\n)*Hint: .+\n$/)
        expect(text.stderr.length, what).to.be.lessThan(2_000)
        expect(text.stderr, what).to.not.contain('secret')
      }
      expect(await program.json('history')).to.deep.equal(before)
    })).timeout(120_000)

  it('suggests what was meant, and never runs it', () =>
    withProgram(async (program) => {
      expect((await program.run(['tpup', '1', '5'])).stderr).to.contain('fleks topup?')
      expect((await program.run(['client', 'serch', 'x'])).stderr).to.contain('fleks client search?')
      expect((await program.run(['topup', '1', '5', '--refrence', 'x'])).stderr).to.contain('--reference?')
      expect((await program.run(['config', 'get', 'timezone'])).stderr).to.contain('time-zone?')
    }))

  it('says which argument is missing', () =>
    withProgram(async (program) => {
      expect((await program.run(['client', 'add'])).stderr).to.equal(
        'Error: NAME is missing\nHint: See: fleks client add --help\n',
      )
      expect(JSON.parse((await program.run(['config', 'set', '--json'])).stdout).error.message).to.equal(
        'KEY and VALUE are missing',
      )
    }))

  it('never guesses, but offers the nearest clients', () =>
    withProgram(async (program) => {
      await open(program)

      const {error} = JSON.parse((await program.run(['topup', 'petorva', '5', '--json'])).stdout)
      expect(error.details.candidates).to.deep.equal([
        {
          id: 1,
          name: 'Anna Petrova',
          phone: '+994 50 123 45 67',
          code: null,
          balance: '50.00',
          unit: 'AZN',
          archived: false,
        },
      ])
      await program.json('client', 'add', 'Anna Ivanova')
      const text = await program.run(['topup', 'anna', '5'])
      expect(text.code).to.equal(4)
      expect(text.stderr).to.equal(
        'Error: 2 clients match "anna"\n     2  Anna Ivanova  0.00 AZN\n     1  Anna Petrova  +994 50 123 45 67  50.00 AZN\nHint: Name the client by its id\n',
      )
    }))

  it('replays a reference', () =>
    withProgram(async (program) => {
      await open(program)

      const first = await program.json('topup', '1', '5', '--reference', 'receipt-1')
      const second = await program.json('topup', '1', '5', '--reference', 'receipt-1')
      const other = await program.run(['topup', '1', '6', '--reference', 'receipt-1'])

      expect(second).to.deep.equal({...first, replayed: true})
      expect(other.code).to.equal(6)
      expect((await program.run(['topup', '1', '5', '--reference', 'receipt-1'])).stdout).to.contain(
        'already posted; nothing was written',
      )
    }))

  it('answers what the schemas say, for every command of the desk', () =>
    withProgram(async (program) => {
      await open(program)
      const calls: Partial<Record<keyof typeof OUTPUT_SCHEMAS, readonly (readonly string[])[]>> = {
        'client add': [['Ədil', '--code', 'B-2', '--birth-date', '1990-05-17', '--email', 'a@b.c']],
        'client edit': [['B-2', '--note', 'x']],
        'client show': [['B-2']],
        'client list': [[], ['--limit', '1']],
        'client search': [['anna'], ['nobody']],
        'client archive': [['B-2', '--yes']],
        'client restore': [['B-2']],
        'staff add': [['Tomas']],
        'staff edit': [['Tomas', '--name', 'Tom']],
        'staff archive': [['Tom']],
        'staff restore': [['Tom']],
        'staff list': [[]],
        topup: [
          ['1', '5', '--method', 'card', '--staff', 'Ina'],
          ['1', '5', '--dry-run'],
        ],
        pay: [['1', '--staff', 'Ina']],
        refund: [['1', '1', '--method', 'cash']],
        adjust: [['1', '-1', '--reason', 'counted']],
        reverse: [['1-1', '--amount', '1', '--reason', 'typed wrong']],
        opening: [['1', '5', '--unit', 'EUR', '--at', '2026-01-01']],
        transfer: [['1', 'B-2', '1']],
        history: [[], ['1', '--limit', '1'], ['B-2']],
        balance: [['1'], []],
        'config get': [['unit'], ['operator']],
        'config set': [
          ['business-name', 'Lotus'],
          ['operator', 'Leyla'],
        ],
        'config list': [[]],
        doctor: [[]],
        'db status': [[]],
        'db migrate': [[]],
        'db roles': [[]],
        verify: [[], ['1'], ['--checkpoint']],
        'db url': [[]],
        'db stop': [[]],
      }
      for (const [command, argLists] of Object.entries(calls)) {
        for (const args of argLists ?? []) {
          const document = await program.json(...command.split(' '), ...args)
          const {success, error} = z.safeParse(OUTPUT_SCHEMAS[command as keyof typeof OUTPUT_SCHEMAS], document)
          expect(success, `${command} ${args.join(' ')}: ${error?.message}`).to.equal(true)
        }
      }
      // Those that write or read files, and demo and db start, answer in their own tests and in examples.test.ts.
      const others = /^(backup|batch|db start|demo|export|import|restore)\b/
      expect(
        Object.keys(OUTPUT_SCHEMAS).filter((command) => !(command in calls) && !others.test(command)),
      ).to.deep.equal([])
    })).timeout(120_000)

  it('gives lists as JSON lines and CSV, safe for a spreadsheet', () =>
    withProgram(async (program) => {
      await program.json('client', 'add', '=1+1', '--note', '@sum', '--phone', '+994501234567')
      await program.json('client', 'add', 'Zoe "Z", jr')

      const csv = (await program.run(['client', 'list', '--format', 'csv'])).stdout.split('\r\n')
      const lines = (await program.run(['client', 'list', '--format', 'jsonl'])).stdout.trimEnd().split('\n')

      expect(csv[0]).to.match(/^id,name,phone,/)
      expect(csv[1]).to.match(/^1,'=1\+1,\+994501234567,,,0\.00,AZN,/)
      expect(csv[1]).to.contain(",'@sum,")
      expect(csv[2]).to.match(/^2,"Zoe ""Z"", jr",/)
      expect(lines.map((line) => JSON.parse(line).id)).to.deep.equal([1, 2])
      expect((await program.run(['history', '--format', 'csv'])).stdout).to.match(/^id,occurredAt,.*\r\n$/)
      expect((await program.run(['history', '--format', 'jsonl'])).stdout).to.equal('')
    }))

  it('goes on where a list ended', () =>
    withProgram(async (program) => {
      for (const name of ['Anna', 'Ben', 'Cem']) await program.json('client', 'add', name)

      const first = await program.json('client', 'list', '--limit', '2')
      const second = await program.json('client', 'list', '--limit', '2', '--cursor', first.next)

      expect([...first.clients, ...second.clients].map(({name}) => name)).to.deep.equal(['Anna', 'Ben', 'Cem'])
      expect(second.next).to.equal(null)
      expect((await program.run(['client', 'list', '--limit', '2'])).stderr).to.equal(
        `There is more: --cursor ${first.next}\n`,
      )
    }))
})

describe('settings', () => {
  it('say where each value comes from, and show no password', () =>
    withProgram(async (program, url) => {
      await program.json('config', 'set', 'time-zone', 'Asia/Baku')
      const env = {FLEKS_DATABASE_URL: url.replace('@', ':hunter2@'), FLEKS_OPERATOR: ''}
      const set = await program.run(['config', 'set', 'operator', 'Leyla'], {env})
      expect(set.stdout).to.equal('operator is Leyla\n')

      const {stdout} = await program.run(['config', 'list', '--json'], {env})
      const settings = Object.fromEntries(
        JSON.parse(stdout).settings.map((setting: {key: string}) => [setting.key, setting]),
      )
      expect(settings['time-zone']).to.deep.include({value: 'Asia/Baku', source: 'database'})
      expect(settings.unit).to.deep.include({value: 'AZN', source: 'default'})
      expect(settings.operator).to.deep.include({value: 'Leyla'})
      expect(settings.operator.source).to.match(/config\.json$/)
      expect(settings['database-url']).to.deep.include({source: 'FLEKS_DATABASE_URL'})
      for (const args of [
        ['config', 'list'],
        ['doctor'],
        ['doctor', '--json'],
        ['db', 'status'],
        ['db', 'roles'],
        ['config', 'get', 'database-url'],
      ]) {
        const outcome = await program.run(args, {env})
        expect(outcome.stdout + outcome.stderr, args.join(' ')).to.not.contain('hunter2')
        expect(outcome.code, args.join(' ')).to.equal(0)
      }
    }))

  it('take the database URL from stdin and keep it for this user alone', () =>
    withProgram(async (program, url) => {
      const env = {FLEKS_DATABASE_URL: ''}
      const set = await program.run(['config', 'set', 'database-url', '-'], {env, input: `${url}\n`})
      expect(set).to.include({code: 0})
      expect((await program.run(['client', 'list', '--json'], {env})).stdout).to.equal('{"clients":[],"next":null}\n')
      expect((await program.run(['config', 'set', 'database-url', '-'], {env, input: 'not a url'})).code).to.equal(2)
      const {statSync} = await import('node:fs')
      expect(statSync(`${program.home}/.config/fleks/config.json`).mode & 0o777).to.equal(0o600)
    }))

  it('in a config file that is wrong are refused by name, never by value', () =>
    withProgram(async (program) => {
      const {writeFileSync} = await import('node:fs')
      const path = `${program.home}/config.json`
      for (const [text, told] of [
        ['{', 'is not JSON'],
        ['[]', 'is not a JSON object'],
        ['{"datbaseUrl": "hunter2"}', 'has an unknown key "datbaseUrl"'],
        ['{"databaseUrl": 5}', 'has something else than text as databaseUrl'],
      ] as const) {
        writeFileSync(path, text)
        const {code, stderr} = await program.run(['client', 'list'], {env: {FLEKS_CONFIG: path}})
        expect(code, text).to.equal(2)
        expect(stderr, text).to.contain(told)
        expect(stderr, text).to.not.contain('hunter2')
      }
    }))
})

describe('the doctor', () => {
  it('exits 9 and says so when the database does not answer', () =>
    withProgram(async (program) => {
      const env = {FLEKS_DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/none'}
      const {code, stdout, stderr} = await program.run(['doctor', '--json'], {env})

      expect(code).to.equal(9)
      expect(JSON.parse(stdout).ok).to.equal(false)
      expect(stdout + stderr).to.not.contain('hunter2')
      const failed = await program.run(['balance', '--json'], {env})
      expect(JSON.parse(failed.stdout).error).to.include({code: 'DATABASE_UNAVAILABLE', exit: 9})
      expect(failed.stdout).to.not.contain('hunter2')
    }))

  it('is told which command prepares an empty database', () =>
    withProgram(async (program, url) => {
      const {plainSql} = await import('../support/database.ts')
      await plainSql(url, 'drop schema public cascade; create schema public', [])
      const refused = await program.run(['client', 'list'])
      expect(refused.code).to.equal(9)
      expect(refused.stderr).to.contain('fleks db migrate')
      expect((await program.run(['db', 'migrate'])).stderr).to.contain('Run it as the owner of the database')
      const owner = {FLEKS_DATABASE_URL: asSuperuser(url)}
      const migrated = await program.run(['db', 'migrate', '--json'], {env: owner})
      const files = (await readdir('migrations')).filter((file) => /^\d{4}_/.test(file)).sort()
      const applied = files.map((file) => file.replace('.sql', ''))
      expect(JSON.parse(migrated.stdout)).to.deep.include({applied, notDone: []})
      expect((await program.json('client', 'list')).clients).to.deep.equal([])
    }))
})
