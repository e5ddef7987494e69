import {FleksCommand} from '../../cli/base-command.ts'
import {migrationsFolder, startEmbedded} from '../../cli/connect.ts'
import {readEnvironment} from '../../cli/environment.ts'
import {safeText} from '../../core/safe-text.ts'
import {bringUpToDate, migrationStates, readMigrations} from '../../data/migrate.ts'

export default class DbMigrate extends FleksCommand {
  static override description =
    "Bring the database to this fleks's schema\n\nBring the configured database to the schema of this fleks. Safe to run again, and from several places at once."
  static override examples = ['<%= config.bin %> db migrate', '<%= config.bin %> db migrate --json']

  async run(): Promise<void> {
    await this.parse(DbMigrate)
    const environment = readEnvironment()
    const url = environment.databaseUrl.value ?? (await startEmbedded(environment)).superuserUrl
    const migrations = await readMigrations(migrationsFolder())
    const migrated = await bringUpToDate(url, migrationsFolder())
    const applied = migrated.applied.map(({name}) => name)
    const {notDone} = migrated
    const states = await migrationStates(url, migrations)
    await this.show({
      json: () => ({
        applied,
        migrations: states.map(({migration, appliedAt}) => ({name: migration.name, appliedAt})),
        notDone,
      }),
      text: async () =>
        (await import('../../views/server-text.ts')).sentence(
          applied.length === 0 ? 'The database is up to date' : `Applied ${applied.join(', ')}`,
        ),
    })
    this.tellNotDone(notDone)
  }
  /** The schema is in place; what a managed server kept to itself is for its administrator to do. */
  private tellNotDone(notDone: readonly string[]): void {
    if (notDone.length === 0 || this.format === 'json') return
    for (const text of notDone) process.stderr.write(`Not done: ${safeText(text)}\n`)
    process.stderr.write('See what is missing with: fleks db roles\n')
  }
}
