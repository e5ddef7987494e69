import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {startEarly, takeEarlyStart} from '../../src/cli/early-start.ts'
import {locate, type ServerLocation} from '../../src/server/location.ts'
import {postmasterPid, saysItIsReady} from '../../src/server/postmaster.ts'
import {socketAnswers} from '../../src/server/socket.ts'
import {stopServer} from '../../src/server/stop.ts'
import {type Program, programIn} from '../support/program.ts'

/** Whether a command's name alone starts the server; with this beside the place of the data in the environment. */
async function startsFor(program: Program, id: string, more: NodeJS.ProcessEnv = {}): Promise<boolean> {
  const before = process.env
  process.env = {...program.env, ...more}
  try {
    await startEarly(id)
  } finally {
    process.env = before
  }
  return (await takeEarlyStart()) !== null
}

describe('the embedded server, stopped', function () {
  this.timeout(120_000)
  let program: Program
  let location: ServerLocation

  before(async () => {
    program = await programIn(null)
    location = locate(join(program.home, 'data'))
  })
  after(async () => {
    await stopServer(location)
    rmSync(program.home, {recursive: true})
  })

  it('is started by the name of a command that needs it, and by no other', async () => {
    expect(await startsFor(program, 'pay'), 'where there are no data').to.equal(false)
    await program.json('client', 'add', 'Anna')
    expect(await startsFor(program, 'pay'), 'that runs').to.equal(false)
    await stopServer(location)

    for (const id of ['db:status', 'config:get', 'doctor', 'restore', ''])
      expect(await startsFor(program, id), id).to.equal(false)
    expect(await startsFor(program, 'pay', {DATABASE_URL: 'postgresql://elsewhere/fleks'})).to.equal(false)
    expect(await startsFor(program, 'pay', {FLEKS_CONFIG: '/dev/null'}), 'with a broken config').to.equal(false)
    expect(await socketAnswers(location)).to.equal(false)

    expect(await startsFor(program, 'pay')).to.equal(true)
    expect(await socketAnswers(location)).to.equal(true)
  })

  it('answers when the command that started it has ended, even one that was wrong', async () => {
    await stopServer(location)

    const {code, stderr} = await program.run(['topup', '1', 'much'])

    expect(code, stderr).to.equal(2)
    expect(await socketAnswers(location)).to.equal(true)
  })

  it('is ready when it has said so itself', () => {
    const pid = postmasterPid(location) ?? 0

    expect(saysItIsReady(location, pid)).to.equal(true)
    expect(saysItIsReady(location, pid + 1)).to.equal(false)
    expect(saysItIsReady({...location, clusterDir: program.home}, pid)).to.equal(false)
  })
})
