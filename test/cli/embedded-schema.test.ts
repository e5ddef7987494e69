import {rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import pg from 'pg'
import {connectionConfig} from '../../src/data/driver.ts'
import {locate} from '../../src/server/location.ts'
import {programIn} from '../support/program.ts'

describe('the schema of the embedded server', function () {
  this.timeout(120_000)

  it('is looked after by the first start that brings other migrations, and by no other', async () => {
    const program = await programIn(null)
    const dataDir = join(program.home, 'data')
    const {superuserUrl} = locate(dataDir)
    const restart = async () => (await program.run(['db', 'stop'])).code
    await program.json('client', 'add', 'Anna')

    // What somebody took by hand shows whether the rights were set anew.
    const client = new pg.Client(connectionConfig(superuserUrl))
    await client.connect()
    await client.query('revoke insert on client from fleks_desk')
    await client.end()
    await restart()
    const same = await program.run(['client', 'add', 'Bela'])
    await restart()
    writeFileSync(join(dataDir, 'applied-migrations'), 'of another fleks\n')
    const other = await program.run(['client', 'add', 'Bela'])

    expect(same.code, same.stderr).not.to.equal(0)
    expect(other.code, other.stderr).to.equal(0)
    await program.run(['db', 'stop'])
    rmSync(program.home, {recursive: true})
  })

  it('comes anew with a new cluster, whatever was written down of the one before', async () => {
    const program = await programIn(null)
    await program.json('client', 'add', 'Anna')
    await program.run(['db', 'stop'])
    rmSync(join(program.home, 'data', 'cluster'), {recursive: true})

    const {clients} = await program.json('client', 'list')

    expect(clients).to.deep.equal([])
    await program.run(['db', 'stop'])
    rmSync(program.home, {recursive: true})
  })
})
