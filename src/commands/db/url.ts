import {FleksCommand} from '../../cli/base-command.ts'
import {embeddedUrl} from '../../cli/embedded.ts'
import {readEnvironment} from '../../cli/environment.ts'

export default class DbUrl extends FleksCommand {
  static override description =
    'Print the URL of the embedded PostgreSQL, for psql\n\nPrint the libpq URL of the embedded PostgreSQL, for psql and other programs: psql "$(fleks db url)"'
  static override examples = ['<%= config.bin %> db url', '<%= config.bin %> db url --json']

  async run(): Promise<void> {
    await this.parse(DbUrl)
    const url = embeddedUrl(readEnvironment())
    await this.show({
      json: () => ({url}),
      text: async () => (await import('../../views/server-text.ts')).sentence(url),
    })
  }
}
