import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gzipSync, zstdDecompressSync} from 'node:zlib'
import {expect} from 'chai'
import * as z from 'zod/mini'
import {OUTPUT_SCHEMAS} from '../../src/views/schemas.ts'
import {withTestDatabase} from '../support/database.ts'
import {type Program, programIn, withProgram} from '../support/program.ts'

async function open(program: Program): Promise<void> {
  await program.json('config', 'set', 'business-name', 'Salon Lotus')
  await program.json(
    'client',
    'add',
    'Мария Иванова',
    '--phone',
    '+994 50 123 45 67',
    '--code',
    'M-1',
    '--default-price',
    '5',
  )
  await program.json('client', 'add', 'Anna Petrova')
  await program.json('staff', 'add', 'Ina')
  await program.json('topup', '1', '50', '--method', 'cash')
  await program.json('pay', '1', '--staff', 'Ina', '--note', 'massage')
  await program.json('transfer', '1', '2', '10')
  await program.json('reverse', '1-2', '--reason', 'typed twice')
}

/** With the rights of the owner, whom a restore needs. */
function withOwnProgram<T>(work: (program: Program) => Promise<T>): Promise<T> {
  return withTestDatabase(async ({superuserUrl}) => work(await programIn(superuserUrl)))
}

describe('a backup', () => {
  it('is packed, for this user alone, whole, and rebuilds the ledger elsewhere', () =>
    withProgram(async (program) => {
      await open(program)
      const file = join(program.home, 'work', 'fleks.backup')

      const {backup} = z.parse(OUTPUT_SCHEMAS.backup, await program.json('backup', file))
      const verified = await program.json('backup', 'verify', file)

      expect(backup).to.deep.equal({file, clients: 2, entries: 5, drilled: false})
      expect(statSync(file).mode & 0o777).to.equal(0o600)
      expect(readdirSync(join(program.home, 'work'))).to.deep.equal(['fleks.backup'])
      expect(verified).to.deep.include({clients: 2, accounts: 2, entries: 5, staff: 1})
      expect(verified.digest).to.equal((await program.json('verify')).checkpoint.digest)
      await withOwnProgram(async (elsewhere) => {
        const restored = z.parse(OUTPUT_SCHEMAS.restore, await elsewhere.json('restore', file))
        expect(restored.digest).to.equal(verified.digest)
        expect((await elsewhere.json('verify')).checkpoint.digest).to.equal(verified.digest)
        expect(await elsewhere.json('history')).to.deep.equal(await program.json('history'))
        expect(await elsewhere.json('client', 'search', 'ivan')).to.deep.equal(
          await program.json('client', 'search', 'ivan'),
        )
        expect(await elsewhere.json('client', 'show', 'm-1')).to.deep.equal(await program.json('client', 'show', '1'))
        expect((await elsewhere.json('client', 'add', 'Cem')).client.id).to.equal(3)
        expect((await elsewhere.run(['restore', file])).code).to.equal(6)
      })
      await withProgram(async (desk) => {
        expect((await desk.run(['restore', file])).stderr).to.contain('lacks a right')
        expect((await desk.json('client', 'list')).clients).to.deep.equal([])
      })
    })).timeout(60_000)

  it('can be an export in JSON lines, from a file or a pipe, and packed by others', () =>
    withProgram(async (program) => {
      await open(program)
      const {stdout} = await program.run(['export'])
      const file = join(program.home, 'ledger.jsonl.gz')
      writeFileSync(file, gzipSync(stdout))

      const verified = await program.json('backup', 'verify', file)
      await withOwnProgram(async (elsewhere) => {
        const piped = await elsewhere.run(['restore', '-', '--json'], {input: stdout})
        expect(JSON.parse(piped.stdout).digest).to.equal(verified.digest)
        const again = (await elsewhere.run(['export'])).stdout
        const lines = (text: string) => text.split('\n').slice(1, -2)
        expect(lines(again)).to.deep.equal(lines(stdout))
      })
    })).timeout(60_000)

  it('is drilled: restored into a database of its own and compared, leaving nothing behind', () =>
    withProgram(async (program) => {
      await open(program)
      const before = readdirSync(tmpdir()).filter((name) => name.startsWith('fleks-drill-'))

      const {backup} = await program.json('backup', '--drill')

      expect(backup).to.deep.equal({file: null, clients: 2, entries: 5, drilled: true})
      expect(readdirSync(tmpdir()).filter((name) => name.startsWith('fleks-drill-'))).to.deep.equal(before)
    })).timeout(90_000)

  it('that is torn, edited or none is refused, saying what is wrong', () =>
    withProgram(async (program) => {
      await open(program)
      const file = join(program.home, 'fleks.backup')
      await program.json('backup', file)
      const bytes = readFileSync(file)
      const text = zstdDecompressSync(bytes).toString()
      const spoiled: readonly (readonly [what: string, exit: number, says: RegExp, bytes: Uint8Array | string])[] = [
        ['torn', 8, /torn or damaged/, bytes.subarray(0, bytes.length - 40)],
        ['a flipped bit', 8, /torn or damaged|Line|damaged/, flipped(bytes)],
        ['edited', 8, /1-2/, text.replace('massage', 'message')],
        ['cut', 8, /cut off/, text.slice(0, -200)],
        ['another file', 2, /not a ledger/, 'id,name\n1,Anna\n'],
        ['empty', 2, /not a ledger/, ''],
      ]

      for (const [what, exit, says, content] of spoiled) {
        const bad = join(program.home, 'bad')
        writeFileSync(bad, content)
        for (const command of [
          ['backup', 'verify', bad],
          ['restore', bad],
        ]) {
          await withOwnProgram(async (elsewhere) => {
            const {code, stdout} = await elsewhere.run([...command, '--json'])
            expect(code, `${what}: ${stdout}`).to.equal(exit)
            expect(JSON.parse(stdout).error.message, what).to.match(says)
            expect((await elsewhere.json('client', 'list')).clients).to.deep.equal([])
          })
        }
      }
      expect((await program.run(['backup', 'verify', join(program.home, 'none')])).code).to.equal(2)
      expect((await program.run(['backup'])).code).to.equal(2)
      expect((await program.run(['backup', file])).code).to.equal(2)
    })).timeout(120_000)
})

function flipped(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes)
  const middle = Math.floor(other.length / 2)
  other[middle] = (other[middle] ?? 0) ^ 0x10
  return other
}
