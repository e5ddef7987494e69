import {FleksCommand} from '../../cli/base-command.ts'
import {databaseState} from '../../cli/database-state.ts'
import {readEnvironment} from '../../cli/environment.ts'

export default class DbStatus extends FleksCommand {
  static override description = 'Show which database is used, whether it runs, and its migrations. Starts nothing.'
  static override examples = ['<%= config.bin %> db status', '<%= config.bin %> db status --json']

  async run(): Promise<void> {
    await this.parse(DbStatus)
    const state = await databaseState(readEnvironment())
    await this.show({
      json: () => ({database: state}),
      text: async (screen) => (await import('../../views/server-text.ts')).databaseText(state, screen),
    })
  }
}
