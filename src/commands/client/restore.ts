import {FleksCommand} from '../../cli/base-command.ts'
import {CLIENT, requiredArg} from '../../cli/flags.ts'
import {named} from '../../cli/requests.ts'
import {restoreClient} from '../../data/clients.ts'
import {clientCardJson} from '../../views/client-json.ts'

export default class ClientRestore extends FleksCommand {
  static override args = {client: requiredArg(CLIENT)}
  static override description = 'Bring an archived client back'
  static override examples = [
    '<%= config.bin %> client restore 42',
    '<%= config.bin %> client restore "anna pet" --json',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(ClientRestore)
    const text = named(args.client, 'client')
    const {client, settings} = await this.withLedger((ledger) => restoreClient(ledger, text))
    await this.show(
      {
        json: () => clientCardJson(client),
        text: async (screen) => (await import('../../views/client-text.ts')).clientCardText(client, screen),
      },
      settings,
    )
  }
}
