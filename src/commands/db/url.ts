import * as Flags from '@oclif/core/flags'
import {FleksCommand} from '../../cli/base-command.ts'
import {embeddedUrl} from '../../cli/embedded.ts'
import {readEnvironment} from '../../cli/environment.ts'
import {ROLES} from '../../core/role.ts'

export default class DbUrl extends FleksCommand {
  static override description =
    'Print the URL of the embedded PostgreSQL, for psql\n\nPrint the libpq URL of the embedded PostgreSQL, for psql and other programs: psql "$(fleks db url)". It has the rights of the desk, as commands have, unless another role is named.'
  static override examples = [
    '<%= config.bin %> db url',
    '<%= config.bin %> db url --role reader',
    '<%= config.bin %> db url --json',
  ]
  static override flags = {
    role: Flags.option({options: ROLES, default: 'desk', description: 'whose rights the connection has'})(),
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(DbUrl)
    const url = embeddedUrl(readEnvironment(), flags.role)
    await this.show({
      json: () => ({url}),
      text: async () => (await import('../../views/server-text.ts')).sentence(url),
    })
  }
}
