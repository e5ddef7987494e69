import {spawn, spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, openSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import pg from 'pg'
import {connectionConfig} from '../../src/data/driver.ts'
import {plainSql} from '../support/database.ts'
import {outcomeOf, PROGRAM, type Program, programIn, withProgram} from '../support/program.ts'
import {asSuperuser} from '../support/server.ts'
import {skip} from '../support/skipped.ts'
import {until} from '../support/until.ts'

const OLD_NODE = '/usr/bin/node'

/** A shell line in which `fleks` is the program. */
function shell(program: Program, line: string) {
  const child = spawn(
    'bash',
    ['-c', `fleks() { ${JSON.stringify(process.execPath)} ${JSON.stringify(PROGRAM)} "$@"; }\n${line}`],
    {
      cwd: program.home,
      env: program.env,
    },
  )
  return outcomeOf(child)
}

async function open(program: Program): Promise<void> {
  await program.json('client', 'add', 'Anna')
  await program.json('staff', 'add', 'Ina')
  await program.json('topup', '1', '50')
}

describe('in a shell', () => {
  it('a loop keeps its lines: stdin is never eaten', () =>
    withProgram(async (program) => {
      await open(program)

      const {stdout} = await shell(
        program,
        `printf '1\\n2\\n3\\n' | while read n; do fleks pay 1 "$n" --staff Ina --json; done | grep -c 1-`,
      )
      expect(stdout.trim()).to.equal('3')
      const eaten = await shell(program, 'echo 9999 | fleks pay 1 --staff Ina')
      expect(eaten.code).to.equal(2)
      expect((await program.json('balance', '1')).balances[0].balance).to.equal('44.00')
    }))

  it('a reader that has seen enough is no failure', () =>
    withProgram(async (program) => {
      await open(program)

      const {stdout, stderr, code} = await shell(
        program,
        'set -o pipefail; fleks history --format csv | head -1; echo $PIPESTATUS',
      )
      expect({stderr, code}).to.deep.equal({stderr: '', code: 0})
      expect(stdout).to.match(/^id,occurredAt.*\r?\n0\n$/)
    }))

  it('a closed pipe never stops a commit', () =>
    withProgram(async (program, url) => {
      await open(program)

      await shell(program, 'fleks topup 1 5 --json | true; fleks topup 1 5 --json >&-; fleks topup 1 5 2>&- >&-')
      expect(await plainSql(url, 'select balance from account', [])).to.deep.equal([{balance: '6500'}])
    }))

  it('a reader that sleeps gets every byte', () =>
    withProgram(async (program, url) => {
      await plainSql(
        url,
        `insert into client (name, search_key, note) select 'Client ' || n, 'client ' || n, repeat('x', 200) from generate_series(1, 1000) n`,
        [],
      )

      const {stdout} = await shell(program, 'fleks client list --limit 1000 --json | (sleep 12; cat) | wc -c')
      const whole = await program.run(['client', 'list', '--limit', '1000', '--json'])
      expect(Number(stdout)).to.equal(Buffer.byteLength(whole.stdout))
      expect(Number(stdout)).to.be.greaterThan(400_000)
    })).timeout(60_000)

  it('a full disk is told and exits 74; what was committed stays', () =>
    withProgram(async (program, url) => {
      await open(program)

      const {stderr, code} = await shell(program, 'fleks topup 1 5 --json > /dev/full')
      expect(code).to.equal(74)
      expect(stderr).to.match(/^Error: The answer could not be written: ENOSPC.*\n$/)
      expect(await plainSql(url, 'select balance from account', [])).to.deep.equal([{balance: '5500'}])
    }))

  it('colour is for terminals, and for those who force it', () =>
    withProgram(async (program) => {
      await open(program)
      const escapes = async (env: NodeJS.ProcessEnv) => {
        const {stdout, stderr} = await program.run(['balance', '1'], {env})
        expect(stderr).to.equal('')
        return stdout.includes('\u001b[')
      }

      expect(await escapes({})).to.equal(false)
      expect(await escapes({FORCE_COLOR: '1'})).to.equal(true)
      expect(await escapes({FORCE_COLOR: '1', NO_COLOR: '1'})).to.equal(false)
      expect(await escapes({FORCE_COLOR: '0'})).to.equal(false)
      expect((await program.run(['balance', '1', '--json'], {env: {FORCE_COLOR: '3'}})).stdout).to.not.contain('\u001b')
    }))

  it('DEBUG shows no secret and adds nothing to stdout', () =>
    withProgram(async (program, url) => {
      const env = {DEBUG: '*', ROARR_LOG: 'true', FLEKS_DATABASE_URL: url.replace('@', ':hunter2@')}
      const {stdout, stderr} = await program.run(['balance', '--json'], {env: {...env, ROARR_LOG: ''}})

      expect(stdout).to.equal('{"totals":[]}\n')
      expect(stderr).to.not.contain('hunter2')
    }))

  it('every locale reads the same amount', () =>
    withProgram(async (program) => {
      await open(program)

      for (const lang of ['C', 'de_DE.UTF-8', 'az_AZ.UTF-8', 'ar_EG.UTF-8']) {
        const env = {LANG: lang, LC_ALL: lang}
        const {stdout} = await program.run(['topup', '1', '12,50', '--dry-run', '--json'], {env})
        expect(JSON.parse(stdout).entry.amount, lang).to.equal('12.50')
      }
    }))

  it('Ctrl-C and a termination have their exit codes, and write nothing', () =>
    withProgram(async (program, url) => {
      await open(program)
      for (const [signal, code] of [
        ['SIGINT', 130],
        ['SIGTERM', 143],
      ] as const) {
        const holder = new pg.Client(asSuperuser(url))
        await holder.connect()
        await holder.query('begin; select 1 from account for update')
        const child = program.start(['topup', '1', '5'])
        const outcome = outcomeOf(child)
        await untilWaiting(url)
        child.kill(signal)
        expect(await outcome, signal).to.include({code, stdout: ''})
        await holder.query('commit')
        await holder.end()
        await untilAlone(url)
      }
      expect(await plainSql(url, 'select balance from account', [])).to.deep.equal([{balance: '5000'}])
    }))
})

/** Until one of the database's connections waits for a lock. */
async function untilWaiting(url: string): Promise<void> {
  await untilTrue(
    url,
    "select count(*) = 1 as yes from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  )
}

/** Until the connections of killed commands are gone: the server notices when it next writes to them. */
async function untilAlone(url: string): Promise<void> {
  await untilTrue(
    url,
    "select count(*) = 0 as yes from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name = 'fleks'",
  )
}

async function untilTrue(url: string, question: string): Promise<void> {
  await until(question, async () => (await plainSql(url, question, []))[0]?.yes === true)
}

describe('without a database', () => {
  const quiet: readonly (readonly [what: string, code: number, ...args: string[]])[] = [
    ['the help', 0, '--help'],
    ['the help of a topic', 0, 'client', '--help'],
    ['the help of a command', 0, 'client', 'add', '-h'],
    ['the help command', 0, 'help', 'pay'],
    ['a topic alone', 0, 'db'],
    ['nothing at all', 0],
    ['the version', 0, '--version'],
    ['the version in short', 0, '-V'],
    ['a wrong flag', 2, 'pay', '--nope'],
    ['a wrong amount', 2, 'topup', '1', 'x', '--json'],
    ['a top-up without an amount', 2, 'topup', '1'],
    ['a wrong command', 2, 'nope'],
    ['a URL', 0, 'db', 'url'],
    ['its status', 0, 'db', 'status'],
    ['stopping it', 0, 'db', 'stop'],
  ]
  it('what needs none touches none', async () => {
    const program = await programIn(null)

    for (const [what, code, ...args] of quiet) {
      const outcome = await program.run(args)
      expect(outcome.code, `${what}: ${outcome.stderr}`).to.equal(code)
      expect(existsSync(join(program.home, 'data')), what).to.equal(false)
    }
    rmSync(program.home, {recursive: true})
  })

  it('the version and every help page are there on every level', async () => {
    const program = await programIn(null)
    const version = await program.run(['--version'])
    expect(version.stdout).to.match(/^fleks\/\d+\.\d+\.\d+\n$/)
    for (const args of [
      ['--version', 'x'],
      ['help', 'nope'],
      ['nope', '--help'],
    ]) {
      expect((await program.run(args)).code, args.join(' ')).to.be.oneOf([0, 2])
    }
    const program2 = await program.run(['help'])
    expect(program2.stdout).to.contain('EXIT CODES')
    expect((await program.run(['help', 'client', 'add'])).stdout).to.equal(
      (await program.run(['client', 'add', '--help'])).stdout,
    )
    rmSync(program.home, {recursive: true})
  })

  it('a home that cannot be written is told, and nothing hangs', async () => {
    const program = await programIn(null)
    const {code, stderr} = await program.run(['balance'], {
      env: {FLEKS_DATA_DIR: '', HOME: '/proc/self', XDG_CACHE_HOME: ''},
    })

    expect(code).to.equal(9)
    expect(stderr).to.match(/^Error: The data directory .* cannot be used: .*\nHint: .*FLEKS_DATA_DIR\n$/)
    rmSync(program.home, {recursive: true})
  })

  it('an older Node gets one sentence', function () {
    const {status, stdout} = spawnSync(OLD_NODE, ['--version'], {encoding: 'utf8'})
    if (status !== 0 || Number(stdout.slice(1).split('.')[0]) >= 24) {
      // The check itself is plain arithmetic in bin/run.js.
      skip(this, `what an older Node is told (there is none at ${OLD_NODE})`)
    }
    const old = spawnSync(OLD_NODE, [PROGRAM, 'pay', '1'], {encoding: 'utf8'})

    expect(old.status).to.equal(1)
    expect(old.stderr).to.match(/^fleks needs Node 24\.15 or newer, and this is \d+\.\d+\.\d+\. .*\n$/)
  })
})

describe('on the embedded server', () => {
  it('commands that come at once share one, and it stays', async () => {
    const program = await programIn(null)
    try {
      const outcomes = await Promise.all(
        Array.from({length: 10}, (_, n) => program.run(['client', 'add', `Client ${n}`, '--json'])),
      )

      expect(outcomes.map(({code, stderr}) => ({code, stderr}))).to.deep.equal(
        outcomes.map(() => ({code: 0, stderr: ''})),
      )
      expect((await program.json('client', 'list')).clients).to.have.length(10)
      expect((await program.json('db', 'status')).database).to.include({
        kind: 'embedded',
        running: true,
        serverVersion: '18.4',
      })
      expect(await program.json('db', 'stop')).to.deep.equal({stopped: true, running: false})
      expect(await program.json('db', 'stop')).to.deep.equal({stopped: false, running: false})
      expect((await program.json('db', 'status')).database.running).to.equal(false)
      expect((await program.json('db', 'start')).database.running).to.equal(true)
      expect(await program.json('balance')).to.deep.equal({totals: []})
      const {url} = await program.json('db', 'url')
      expect(await plainSql(url, 'select count(*)::integer as n from client', [])).to.deep.equal([{n: 10}])
    } finally {
      await program.run(['db', 'stop'])
      rmSync(program.home, {recursive: true, force: true})
    }
  }).timeout(90_000)

  it('kill -9 of the server is mended by the next command', async () => {
    const program = await programIn(null)
    try {
      await program.json('client', 'add', 'Anna')
      await program.json('topup', '1', '5')
      const {database} = await program.json('db', 'status')
      process.kill(database.pid, 'SIGKILL')

      expect((await program.json('balance', '1')).balances).to.deep.equal([{unit: 'AZN', balance: '5.00'}])
    } finally {
      await program.run(['db', 'stop'])
      rmSync(program.home, {recursive: true, force: true})
    }
  }).timeout(90_000)
})

describe('a server that dies under a command', () => {
  it('is started again by that command, which posts once', async () => {
    const program = await programIn(null)
    try {
      await program.json('client', 'add', 'Anna')
      await program.json('topup', '1', '5')
      const {database} = await program.json('db', 'status')
      const {url} = await program.json('db', 'url')
      const holder = new pg.Client(connectionConfig(url))
      holder.on('error', () => {})
      await holder.connect()
      await holder.query('begin; select 1 from account for update')
      const waiting = program.run(['topup', '1', '5', '--json'])
      await untilWaiting(url)
      process.kill(database.pid, 'SIGKILL')

      const {code, stdout, stderr} = await waiting
      expect({code, stderr}).to.deep.equal({code: 0, stderr: ''})
      expect(JSON.parse(stdout)).to.include({replayed: false})
      expect((await program.json('balance', '1')).balances).to.deep.equal([{unit: 'AZN', balance: '10.00'}])
      await holder.end().catch(() => {})
    } finally {
      await program.run(['db', 'stop'])
      rmSync(program.home, {recursive: true, force: true})
    }
  }).timeout(90_000)
})

describe('several desks at once', () => {
  it('never lose, double or invent money', () =>
    withProgram(async (program, url) => {
      await open(program)
      const desks = Array.from({length: 4}, async (_, desk) => {
        const balances: string[] = []
        for (let n = 0; n < 8; n++) {
          balances.push((await program.json('topup', '1', '1')).entry.balanceAfter)
          if (n % 4 === 0) await program.json('client', 'edit', '1', '--note', `desk ${desk} edit ${n}`)
        }
        return balances
      })
      const seen = (await Promise.all(desks)).flat()

      expect(new Set(seen)).to.have.property('size', 32)
      expect(await plainSql(url, 'select balance, last_seq from account', [])).to.deep.equal([
        {balance: '8200', last_seq: '33'},
      ])
    })).timeout(120_000)

  it('never overdraw', () =>
    withProgram(async (program) => {
      await open(program)
      await program.json('pay', '1', '45', '--staff', 'Ina')

      const outcomes = await Promise.all(
        Array.from({length: 8}, () => program.run(['pay', '1', '1', '--staff', 'Ina'])),
      )

      expect(outcomes.filter(({code}) => code === 0)).to.have.length(5)
      expect(outcomes.filter(({code}) => code === 5)).to.have.length(3)
      expect((await program.json('balance', '1')).balances[0].balance).to.equal('0.00')
    })).timeout(60_000)
})

describe('the packed program', () => {
  it('runs from any directory after npm install -g', async () => {
    const program = await programIn(null)
    try {
      const root = join(import.meta.dirname, '../..')
      const env = {...process.env, npm_config_cache: join(program.home, 'npm')}
      const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', program.home], {
        cwd: root,
        encoding: 'utf8',
        env,
      })
      const [{filename, files}] = JSON.parse(packed.stdout)
      expect(files.map(({path}: {path: string}) => path)).to.include.members([
        'bin/run.js',
        'dist/main.cjs',
        'dist/help.json',
        'migrations/0001_ledger.sql',
        'oclif.manifest.json',
        'examples/clients.csv',
      ])
      // What npm would install beside it is already here; only the package itself must be complete.
      const app = join(program.home, 'app')
      mkdirSync(app)
      spawnSync('tar', ['-xzf', join(program.home, filename), '-C', app])
      spawnSync('ln', ['-s', join(root, 'node_modules'), join(app, 'package', 'node_modules')])
      const run = (...args: string[]) =>
        outcomeOf(
          spawn(process.execPath, [join(app, 'package', 'bin', 'run.js'), ...args], {cwd: '/', env: program.env}),
        )

      expect((await run('client', 'add', 'Əli')).code).to.equal(0)
      expect((await run('topup', 'eli', '5', '--json')).stdout).to.contain('"balanceAfter":"5.00"')
      expect((await run('--help')).stdout).to.contain('topup')
      expect((await run('db', 'stop')).code).to.equal(0)
    } finally {
      rmSync(program.home, {recursive: true, force: true})
    }
  }).timeout(90_000)
})

describe('a stalled or missing stdin', () => {
  it('is never waited for', () =>
    withProgram(async (program) => {
      await open(program)
      const idle = openSync('/dev/null', 'r')
      writeFileSync(join(program.home, 'x'), '')

      const child = spawn(process.execPath, [PROGRAM, 'topup', '--json'], {
        env: program.env,
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      const code = await new Promise((resolve) => child.on('exit', resolve))
      expect(code).to.equal(2)
      const none = spawnSync(process.execPath, [PROGRAM, 'topup', '1', '5', '--json'], {
        env: program.env,
        stdio: [idle, 'pipe', 'pipe'],
      })
      expect(none.status).to.equal(0)
    }))
})
