import {cp, mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'chai'
import {migrate, migrationStates, readMigrations} from '../../src/data/migrate.ts'
import {SCHEMA_VERSION} from '../../src/data/schema-version.ts'
import {readSettings} from '../../src/data/settings.ts'
import {MIGRATIONS, withEmptyDatabase, withTestDatabase} from '../support/database.ts'
import {refusalOf} from '../support/refusal.ts'
import {temporaryFolder} from '../support/server.ts'

describe('migrations', () => {
  it('are those that the program is made for', async () => {
    const migrations = await readMigrations(MIGRATIONS)

    expect(migrations.map(({version}) => version)).to.deep.equal(migrations.map((_, at) => at + 1))
    expect(migrations.at(-1)?.version).to.equal(SCHEMA_VERSION)
  })

  it('are applied once, whoever else applies them at the same time', () =>
    withEmptyDatabase(async ({url}) => {
      const migrations = await readMigrations(MIGRATIONS)

      const applied = await Promise.all(Array.from({length: 4}, () => migrate(url, migrations)))

      expect(applied.flat().map(({name}) => name)).to.deep.equal(migrations.map(({name}) => name))
      expect(await migrate(url, migrations)).to.deep.equal([])
    }))

  it('leave nothing of one that fails', () =>
    withEmptyDatabase(async ({url, sql}) => {
      const broken = {version: 1, name: '0001_broken', text: 'create table half (id int); select 1/0', checksum: 'x'}

      await migrate(url, [broken]).then(
        () => expect.fail('it must fail'),
        (error) => expect(error.code).to.equal('22012'),
      )

      expect(await sql("select to_regclass('half') as half")).to.deep.equal([{half: null}])
    }))

  it('that were edited after they were applied are refused', () =>
    withTestDatabase(async ({superuserUrl: url}) => {
      const folder = join(await temporaryFolder(), 'migrations')
      await cp(MIGRATIONS, folder, {recursive: true})
      await writeFile(join(folder, '0001_ledger.sql'), '-- edited')

      const error = await refusalOf(readMigrations(folder).then((edited) => migrate(url, edited)))

      expect(error.code).to.equal('SCHEMA_OUTDATED')
      expect(error.message).to.contain('0001_ledger')
    }))

  it('with Windows line ends are the same', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'crlf'))
    await writeFile(join(folder, 'crlf', '0001_a.sql'), 'select 1;\r\n')
    await writeFile(join(folder, 'crlf', 'README.md'), 'not one')
    await mkdir(join(folder, 'lf'))
    await writeFile(join(folder, 'lf', '0001_a.sql'), 'select 1;\n')

    const [crlf, lf] = await Promise.all([readMigrations(join(folder, 'crlf')), readMigrations(join(folder, 'lf'))])
    expect(crlf).to.deep.equal(lf)
  })

  it('tell what is applied and what is missing', () =>
    withEmptyDatabase(async ({url}) => {
      const migrations = await readMigrations(MIGRATIONS)
      expect((await migrationStates(url, migrations))[0]?.appliedAt).to.equal(null)
      await migrate(url, migrations)
      expect((await migrationStates(url, migrations))[0]?.appliedAt).to.match(/Z$/)
    }))
})

describe('a database of another schema', () => {
  it('that is empty is refused with the command that fills it', () =>
    withEmptyDatabase(async ({pool}) => {
      const error = await refusalOf(readSettings(pool))

      expect(error.code).to.equal('SCHEMA_OUTDATED')
      expect(error.hint).to.contain('fleks db migrate')
    }))

  it('that is older is refused with the command that mends it', () =>
    withTestDatabase(async ({pool, sql}) => {
      await sql('delete from migration where version = $1', [SCHEMA_VERSION])
      await sql("insert into migration (version, name, checksum) values (0, 'older', 'x')")

      expect((await refusalOf(readSettings(pool))).hint).to.contain('fleks db migrate')
    }))

  it('that is newer is refused, and never migrated', () =>
    withTestDatabase(async ({pool, superuserUrl: url, sql}) => {
      await sql("insert into migration (version, name, checksum) values ($1, 'newer', 'x')", [SCHEMA_VERSION + 1])

      expect((await refusalOf(readSettings(pool))).message).to.contain('newer')
      expect((await refusalOf(readMigrations(MIGRATIONS).then((known) => migrate(url, known)))).code).to.equal(
        'SCHEMA_OUTDATED',
      )
    }))
})
