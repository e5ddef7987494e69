import {once} from 'node:events'
import {chmodSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {expect} from 'chai'
import {ROLE_NAMES} from '../../src/core/role.ts'
import {makeCluster, type OwnServer, startOwnServer} from '../support/own-server.ts'
import {outcomeOf, type Program, programIn} from '../support/program.ts'
import {temporaryFolder} from '../support/server.ts'
import {skip} from '../support/skipped.ts'

const PASSWORD = 'hunter2'
const {desk} = ROLE_NAMES

describe('the password of a server', function () {
  this.timeout(60_000)
  let folder: string
  let server: OwnServer
  let program: Program

  before(async () => {
    folder = await temporaryFolder()
    const location = await makeCluster(join(folder, 'data'))
    writeFileSync(
      join(location.clusterDir, 'pg_hba.conf'),
      'local all fleks trust\nhost all all 127.0.0.1/32 scram-sha-256\n',
    )
    server = await startOwnServer(location, {})
    await server.sql(`alter role ${desk} password '${PASSWORD}'`)
    program = await programIn(server.url(desk, {password: PASSWORD}))
  })

  after(async () => {
    await server?.kill('SIGINT')
    rmSync(folder, {recursive: true, force: true})
    if (program !== undefined) rmSync(program.home, {recursive: true, force: true})
  })

  it('lets commands in, from the URL, from PGPASSWORD and from a password file', async () => {
    const passwordFile = join(folder, 'passwords')
    writeFileSync(passwordFile, `127.0.0.1:${server.port}:*:${desk}:${PASSWORD}\n`)
    chmodSync(passwordFile, 0o600)
    const without = {FLEKS_DATABASE_URL: server.url(desk)}
    for (const env of [{}, {...without, PGPASSWORD: PASSWORD}, {...without, PGPASSFILE: passwordFile}]) {
      expect(await program.run(['balance', '--json'], {env})).to.deep.include({
        code: 0,
        stdout: '{"totals":[]}\n',
        stderr: '',
      })
    }
  })

  it('is in no output, whatever fails and whatever is asked to be told', async () => {
    const urls = [
      server.url(desk, {password: `${PASSWORD}-wrong`}),
      server.url(desk, {password: PASSWORD, query: 'sslmode=require'}),
      server.url(desk, {password: PASSWORD, query: 'sslmode=verify-full'}),
      server.url(desk, {password: PASSWORD, query: 'sslmode=none'}),
      server.url('nobody', {password: PASSWORD}),
      server.url(desk, {password: PASSWORD, host: 'no-such-host.invalid'}),
      server.url(desk, {password: PASSWORD, host: '127.0.0.1:1:1'}),
      server.url(desk, {password: PASSWORD}).replace('/fleks', '/none'),
      server.url(desk, {password: `${PASSWORD}%zz`}),
      `${server.url(desk, {password: PASSWORD, host: '127.0.0.2'})},${server.url(desk, {password: PASSWORD, query: 'sslmode=require'})}`,
      `http://x:${PASSWORD}@127.0.0.1/x`,
    ]
    for (const url of urls) {
      for (const args of [
        ['balance'],
        ['balance', '--json'],
        ['doctor'],
        ['db', 'status'],
        ['db', 'migrate'],
        ['config', 'list'],
      ]) {
        const env = {FLEKS_DATABASE_URL: url, DEBUG: '*', NODE_DEBUG: ''}
        const {code, stdout, stderr} = await program.run(args, {env})
        const what = `${args.join(' ')} on ${url}`
        expect(stdout + stderr, what).to.not.contain(PASSWORD)
        expect(stdout + stderr, what).to.not.match(/\n\s+at .+:\d+/)
        expect(code, `${what}: ${stdout}${stderr}`).to.be.oneOf([0, 2, 9])
      }
    }
  })

  it('stands in no command line that other users of the machine can see', async function () {
    // Other systems show command lines in their own ways.
    if (process.platform !== 'linux') skip(this, 'what other users see of a command line (no /proc)')
    const silent = createServer(() => {})
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : 0
    const url = `postgresql://${desk}:${PASSWORD}-silent@127.0.0.1:${port}/fleks`
    const connected = once(silent, 'connection')
    const child = program.start(['balance'], {env: {FLEKS_DATABASE_URL: url}})
    try {
      await connected
      const lines = readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(commandLine)
      expect(
        lines.filter((line) => line.includes('run.js')),
        'the program itself',
      ).to.not.have.length(0)
      expect(lines.filter((line) => line.includes(`${PASSWORD}-silent`))).to.deep.equal([])
    } finally {
      child.kill('SIGTERM')
      await outcomeOf(child)
      silent.close()
    }
  })
})

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    // It has ended meanwhile.
    return ''
  }
}
