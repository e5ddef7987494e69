import {FleksCommand} from '../../cli/base-command.ts'
import {stopEmbedded} from '../../cli/embedded.ts'
import {readEnvironment} from '../../cli/environment.ts'

export default class DbStop extends FleksCommand {
  static override description =
    'Stop the embedded PostgreSQL\n\nof the data directory. Stopping it twice is no mistake.'
  static override examples = ['<%= config.bin %> db stop', '<%= config.bin %> db stop --json']

  async run(): Promise<void> {
    await this.parse(DbStop)
    const outcome = await stopEmbedded(readEnvironment())
    await this.show({
      json: () => ({stopped: outcome === 'stopped', running: false}),
      text: async () =>
        (await import('../../views/server-text.ts')).sentence(
          outcome === 'stopped' ? 'The embedded PostgreSQL has stopped' : 'The embedded PostgreSQL was not running',
        ),
    })
  }
}
