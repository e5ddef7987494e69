import {spawn} from 'node:child_process'
import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {crowdSql} from '../support/crowd.ts'
import {plainSql} from '../support/database.ts'
import {outcomeOf, PROGRAM, type Program, withProgram} from '../support/program.ts'

async function open(program: Program): Promise<void> {
  await program.json('client', 'add', 'Anna Petrova')
  await program.json('client', 'add', 'Мария; "М"')
  await program.json('staff', 'add', 'Ina')
  await program.json('topup', '1', '50', '--method', 'cash', '--at', '2026-01-31')
  await program.json('pay', '1', '12.50', '--staff', 'Ina', '--at', '2026-02-01')
  await program.json('topup', '2', '7')
}

describe('fleks export', () => {
  it('writes the entries exactly as history shows them', () =>
    withProgram(async (program) => {
      await open(program)

      const {stdout, stderr, code} = await program.run(['export'])
      const {entries} = await program.json('history')

      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect({stderr, code}).to.deep.equal({stderr: '', code: 0})
      expect(lines[0]).to.include({fleks: 'ledger', format: 1})
      expect(lines.filter((line) => 'hash' in line)).to.have.deep.members(entries)
      expect(lines.filter((line) => 'client' in line && !('hash' in line))).to.have.length(2)
      expect(lines.at(-1).end).to.include({clients: 2, entries: 3, staff: 1})
    }))

  it('takes one client, and a period in days of the business', () =>
    withProgram(async (program) => {
      await open(program)
      const rowsOf = async (...args: string[]) =>
        (await program.run(['export', '--format', 'csv', ...args])).stdout.split('\r\n').slice(1, -1)

      expect((await rowsOf()).map((row) => row.split(',')[0])).to.deep.equal(['1-1', '1-2', '2-1'])
      expect((await rowsOf('anna')).map((row) => row.split(',')[0])).to.deep.equal(['1-1', '1-2'])
      expect(
        (await rowsOf('--from', '2026-02-01', '--to', '2026-02-28')).map((row) => row.split(',')[0]),
      ).to.deep.equal(['1-2'])
    }))

  it('writes a file whole, for this user alone, and never over another unless told so', () =>
    withProgram(async (program) => {
      await open(program)
      const file = join(program.home, 'work', 'ledger.csv')

      const written = await program.json('export', '--format', 'csv', '--output', file)
      const again = await program.run(['export', '--output', file, '--json'])
      const forced = await program.run(['export', '--format', 'csv', '--output', file, '--force'])

      expect(written).to.deep.equal({export: {file, format: 'csv', clients: 0, entries: 3}})
      expect(statSync(file).mode & 0o777).to.equal(0o600)
      expect(JSON.parse(again.stdout).error).to.include({code: 'INVALID_INPUT', exit: 2})
      expect(forced).to.include({code: 0, stdout: `Wrote 3 entries to ${file}\n`})
      expect(readdirSync(join(program.home, 'work'))).to.deep.equal(['ledger.csv'])
    }))

  it('leaves nothing behind where it cannot write', () =>
    withProgram(async (program) => {
      await open(program)
      writeFileSync(join(program.home, 'file'), 'x')

      const nowhere = await program.run(['export', '--output', join(program.home, 'none', 'x'), '--json'])
      const device = await program.run(['export', '--output', program.home, '--force', '--json'])
      const full = await outcomeOf(
        spawn('sh', ['-c', `"$0" "$1" export > /dev/full`, process.execPath, PROGRAM], {env: program.env}),
      )
      const refused = await program.run(['export', 'Bob', '--output', join(program.home, 'work', 'x'), '--json'])

      expect(JSON.parse(nowhere.stdout).error).to.include({code: 'OUTPUT', exit: 74})
      expect(JSON.parse(device.stdout).error).to.include({code: 'INVALID_INPUT', exit: 2})
      expect(full.code).to.equal(74)
      expect(JSON.parse(refused.stdout).error).to.include({code: 'CLIENT_NOT_FOUND'})
      expect(readdirSync(join(program.home, 'work'))).to.deep.equal([])
    }))

  it('refuses a single JSON document, an empty period and an unknown client', () =>
    withProgram(async (program) => {
      expect((await program.run(['export', '--json'])).code).to.equal(2)
      expect(
        (await program.run(['export', '--format', 'csv', '--from', '2026-02-01', '--to', '2026-01-01'])).code,
      ).to.equal(2)
      expect((await program.run(['export', 'Bob'])).code).to.equal(3)
      expect((await program.run(['export', '--format', 'xml'])).code).to.equal(2)
    }))

  it('of many entries takes little memory, however slowly it is read, and ends when its reader goes', () =>
    withProgram(async (program, url) => {
      await plainSql(url, crowdSql(200_000), [])
      const start = () =>
        spawn(process.execPath, ['--max-old-space-size=48', '--max-semi-space-size=8', PROGRAM, 'export'], {
          env: program.env,
        })

      const child = start()
      let said = ''
      child.stderr.on('data', (data: Buffer) => {
        said += data
      })
      let bytes = 0
      let peakKb = 0
      child.stdout.on('data', (data: Buffer) => {
        bytes += data.length
        if (bytes % 7 === 0) {
          // A pause now and then: what is made meanwhile must wait.
          child.stdout.pause()
          setTimeout(() => child.stdout.resume(), 2)
        }
        try {
          const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
          peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))
        } catch {
          // Not on this system, or the process has just ended: the small heap above is the test then.
        }
      })
      const code = await new Promise((resolve) => child.on('close', resolve))
      const cut = start()
      cut.stdout.once('data', () => cut.stdout.destroy())
      const left = await outcomeOf(cut)

      expect({code, said}).to.deep.equal({code: 0, said: ''})
      expect(bytes).to.be.greaterThan(100_000_000)
      expect(peakKb).to.be.lessThan(300_000)
      expect(left).to.include({code: 0, stderr: ''})
    })).timeout(180_000)
})
