import * as Flags from '@oclif/core/flags'
import {FleksCommand} from '../../cli/base-command.ts'
import {confirmOrRefuse} from '../../cli/confirm.ts'
import {CLIENT, requiredArg} from '../../cli/flags.ts'
import {named} from '../../cli/requests.ts'
import {archiveClient, showClient} from '../../data/clients.ts'
import {clientCardJson} from '../../views/client-json.ts'

export default class ClientArchive extends FleksCommand {
  static override args = {client: requiredArg(CLIENT)}
  static override description =
    'Archive a client\n\nno more postings, and left out of lists. Nothing is deleted.\n\nRefused while there is money on the account, unless it is to be kept.'
  static override examples = [
    '<%= config.bin %> client archive 42 --yes --keep-balance',
    '<%= config.bin %> client archive T-1 --yes --json',
  ]
  static override flags = {
    'keep-balance': Flags.boolean({default: false, description: 'even though there is money on the account'}),
    yes: Flags.boolean({default: false, char: 'y', description: 'do not ask (needed without a terminal)'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ClientArchive)
    const text = named(args.client, 'client')
    const {client, settings} = await this.withLedger(async (ledger) => {
      await confirmOrRefuse(
        flags.yes,
        this.format,
        async () => `Archive ${(await showClient(ledger, text)).client.name}?`,
      )
      return archiveClient(ledger, text, {keepBalance: flags['keep-balance']})
    })
    await this.show(
      {
        json: () => clientCardJson(client),
        text: async (screen) => (await import('../../views/client-text.ts')).clientCardText(client, screen),
      },
      settings,
    )
  }
}
