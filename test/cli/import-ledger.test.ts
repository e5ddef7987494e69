import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync, zstdCompressSync} from 'node:zlib'
import {expect} from 'chai'
import * as z from 'zod/mini'
import {OUTPUT_SCHEMAS} from '../../src/views/schemas.ts'
import {withTestDatabase} from '../support/database.ts'
import {type Program, programIn} from '../support/program.ts'

async function fill(program: Program): Promise<void> {
  await program.json('config', 'set', 'counted-units', 'lesson')
  await program.json('client', 'add', 'Мария Иванова', '--phone', '+994 50 123 45 67', '--code', 'M-1')
  await program.json('client', 'add', 'Anna Petrova')
  await program.json('staff', 'add', 'Ina')
  writeFileSync(
    join(program.home, 'lines.csv'),
    'client,amount,unit,staff,note\n1,50,,,"=x, ""q"""\n1,-12.50,,Ina,\n1,8,lesson,,\n2,7.77,EUR,,\n9,1,,,\n',
  )
  const imported = await program.run(['import', 'lines.csv', '--json'])
  expect(imported.code).to.equal(7)
  await program.json('transfer', '1', '2', '10')
  await program.json('reverse', '1-2', '--amount', '2.50', '--reason', 'half')
}

/** With every right on a server that is not ours, as for a move to one's own. */
function onServer<T>(work: (program: Program) => Promise<T>): Promise<T> {
  return withTestDatabase(async ({superuserUrl}) => work(await programIn(superuserUrl)))
}

describe('importing a whole ledger', () => {
  it('rebuilds it with every balance and hash, from the embedded server to another and back', async () => {
    const here = await programIn(null)
    const back = await programIn(null)
    try {
      await fill(here)
      const exported = (await here.run(['export'])).stdout
      const checkpoint = await here.json('verify', '--checkpoint')
      writeFileSync(join(here.home, 'checkpoint.json'), JSON.stringify(checkpoint))

      await onServer(async (there) => {
        const piped = await there.run(['import', '-', '--json'], {input: exported})
        const summary = z.parse(OUTPUT_SCHEMAS.import, JSON.parse(piped.stdout))
        await there.json('topup', '2', '1')
        await there.json('backup', join(there.home, 'book.fleks'))
        const told = await back.run(['import', join(there.home, 'book.fleks')])

        expect(summary).to.deep.include({file: 'stdin', clients: 2, entries: 7, digest: checkpoint.checkpoint.digest})
        expect(told.stdout).to.match(/^Restored 2 clients and 8 entries/)
        for (const program of [there, back]) {
          expect(await program.json('verify', '--against', join(here.home, 'checkpoint.json'))).to.deep.include({
            ok: true,
          })
        }
        const digest = async (program: Program) => (await program.json('verify', '--checkpoint')).checkpoint.digest
        expect(await digest(back)).to.equal(await digest(there))
        expect(await back.json('balance')).to.deep.equal(await there.json('balance'))
        // What was imported from files is known there as well, so that the same file adds nothing.
        const again = await there.run(['import', join(here.home, 'lines.csv'), '--json'])
        expect(JSON.parse(again.stdout)).to.include({applied: 0, replayed: 4, refused: 1})
      })
    } finally {
      for (const program of [here, back]) await program.run(['db', 'stop'])
    }
  }).timeout(120_000)

  it('takes it packed or not, and refuses where there is a ledger, and flags about lines', () =>
    onServer(async (program) => {
      await fill(program)
      const {stdout} = await program.run(['export'])
      const files = {plain: stdout, gz: gzipSync(stdout), zst: zstdCompressSync(stdout)}
      for (const [name, content] of Object.entries(files)) {
        const file = join(program.home, name)
        writeFileSync(file, content)
        await onServer(async (elsewhere) => {
          expect(await elsewhere.json('import', file)).to.include({clients: 2, entries: 7})
        })
        const refused = await program.run(['import', file, '--json'])
        expect(refused.code).to.equal(6)
        expect(JSON.parse(refused.stdout).error.hint).to.contain('fleks restore needs an empty database')
      }
      const plain = join(program.home, 'plain')
      for (const flags of [['--dry-run'], ['--staff', 'Ina'], [join(program.home, 'lines.csv')]]) {
        const {code, stdout: told} = await program.run(['import', plain, ...flags, '--json'])
        expect(code, String(flags)).to.equal(2)
        expect(JSON.parse(told).error).to.include({code: 'USAGE'})
      }
      const torn = join(program.home, 'torn')
      writeFileSync(torn, readFileSync(plain, 'utf8').slice(0, -300))
      await onServer(async (elsewhere) => {
        expect((await elsewhere.run(['import', torn, '--json'])).code).to.equal(8)
        expect((await elsewhere.json('client', 'list')).clients).to.deep.equal([])
      })
    })).timeout(120_000)
})
