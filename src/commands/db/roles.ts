import {FleksCommand} from '../../cli/base-command.ts'
import {EXIT_CODES} from '../../core/refusal.ts'
import {readRoles} from '../../data/roles.ts'

export default class DbRoles extends FleksCommand {
  static override description =
    'Show the roles of the database and check their rights\n\nEach right is asked of the server. Exits 9 where a role is missing, lacks what it needs, or may more than it should; "db migrate", run by the owner of the database, sets them anew.'
  static override examples = ['<%= config.bin %> db roles', '<%= config.bin %> db roles --json']

  async run(): Promise<void> {
    await this.parse(DbRoles)
    const state = await this.withLedger(({pool}) => readRoles(pool))
    if (!state.ok) process.exitCode = EXIT_CODES.DATABASE_UNAVAILABLE
    await this.show({
      json: () => state,
      text: async (screen) => (await import('../../views/roles-text.ts')).rolesText(state, screen),
    })
  }
}
