import {FleksCommand} from '../../cli/base-command.ts'
import {CLIENT, requiredArg, staleOkFlag} from '../../cli/flags.ts'
import {named} from '../../cli/requests.ts'
import {showClient} from '../../data/clients.ts'
import {clientCardJson} from '../../views/client-json.ts'

export default class ClientShow extends FleksCommand {
  static override args = {client: requiredArg(CLIENT)}
  static override description = 'Show one client: profile and every balance'
  static override examples = ['<%= config.bin %> client show 42', '<%= config.bin %> client show "anna pet" --json']
  static override flags = {'stale-ok': staleOkFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ClientShow)
    const text = named(args.client, 'client')
    const {client, settings} = await this.withLedger((ledger) => showClient(ledger, text), {staleOk: flags['stale-ok']})
    await this.show(
      {
        json: () => clientCardJson(client),
        text: async (screen) => (await import('../../views/client-text.ts')).clientCardText(client, screen),
      },
      settings,
    )
  }
}
