import {chmodSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {filedPassword} from '../../src/data/password-file.ts'
import {temporaryFolder} from '../support/server.ts'

describe('the password file', () => {
  it('is read as psql reads it', async () => {
    const folder = await temporaryFolder()
    const path = join(folder, 'passwords')
    const before = process.env.PGPASSFILE
    process.env.PGPASSFILE = path
    const asked = (user: string, host = 'h') => filedPassword({host, port: '1', database: 'd', user})
    try {
      expect(asked('anna')).to.equal(undefined)
      writeFileSync(
        path,
        ['# anna', 'h:1:d:anna:one\\:two\\\\\\:', '*:*:*:ben:three:four', 'h:2:d:clara:x', 'short:1', ''].join('\n'),
      )
      chmodSync(path, 0o600)

      expect(asked('anna')).to.equal('one:two\\:')
      expect(asked('anna', 'other')).to.equal(undefined)
      expect(asked('ben', 'other')).to.equal('three')
      expect(asked('clara')).to.equal(undefined)
      chmodSync(path, 0o640)
      expect(asked('ben')).to.equal(undefined)
    } finally {
      if (before === undefined) delete process.env.PGPASSFILE
      else process.env.PGPASSFILE = before
      rmSync(folder, {recursive: true})
    }
  })
})
