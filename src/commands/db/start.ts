import {FleksCommand} from '../../cli/base-command.ts'
import {startEmbedded} from '../../cli/connect.ts'
import {databaseState} from '../../cli/database-state.ts'
import {readEnvironment} from '../../cli/environment.ts'

export default class DbStart extends FleksCommand {
  static override description =
    'Start the embedded PostgreSQL\n\nof the data directory. Commands that need it do so by themselves.'
  static override examples = ['<%= config.bin %> db start', '<%= config.bin %> db start --json']

  async run(): Promise<void> {
    await this.parse(DbStart)
    const environment = {...readEnvironment(), databaseUrl: {value: null, source: 'default'}}
    await startEmbedded(environment)
    const state = await databaseState(environment)
    await this.show({
      json: () => ({database: state}),
      text: async (screen) => (await import('../../views/server-text.ts')).databaseText(state, screen),
    })
  }
}
