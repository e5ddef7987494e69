import {FleksCommand} from '../../cli/base-command.ts'
import {migrationsFolder, startEmbedded} from '../../cli/connect.ts'
import {readEnvironment} from '../../cli/environment.ts'
import {migrate, migrationStates, readMigrations} from '../../data/migrate.ts'

export default class DbMigrate extends FleksCommand {
  static override description =
    "Bring the database to this fleks's schema\n\nBring the configured database to the schema of this fleks. Safe to run again, and from several places at once."
  static override examples = ['<%= config.bin %> db migrate', '<%= config.bin %> db migrate --json']

  async run(): Promise<void> {
    await this.parse(DbMigrate)
    const environment = readEnvironment()
    const url = environment.databaseUrl.value ?? (await startEmbedded(environment)).url
    const migrations = await readMigrations(migrationsFolder())
    const applied = (await migrate(url, migrations)).map(({name}) => name)
    const states = await migrationStates(url, migrations)
    await this.show({
      json: () => ({applied, migrations: states.map(({migration, appliedAt}) => ({name: migration.name, appliedAt}))}),
      text: async () =>
        (await import('../../views/server-text.ts')).sentence(
          applied.length === 0 ? 'The database is up to date' : `Applied ${applied.join(', ')}`,
        ),
    })
  }
}
