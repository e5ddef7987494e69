import {FleksCommand} from '../../cli/base-command.ts'
import {archivedFlag, formatFlag, limitFlag, requiredArg, staleOkFlag} from '../../cli/flags.ts'
import {named, parseLimit} from '../../cli/requests.ts'
import {searchClients} from '../../data/search.ts'
import {clientRowJson, clientsJson} from '../../views/client-json.ts'

export default class ClientSearch extends FleksCommand {
  static override args = {text: requiredArg('any part of a name, phone number or code')}
  static override description =
    'Find clients, best match first\n\nwith their balances.\n\nWords may be in any order, in any script, with a typo.'
  static override examples = [
    '<%= config.bin %> client search petrova',
    '<%= config.bin %> client search "pet anna"',
    '<%= config.bin %> client search 7654 --json',
    '<%= config.bin %> client search aliyev --limit 5',
  ]
  static override flags = {archived: archivedFlag, format: formatFlag, limit: limitFlag(20), 'stale-ok': staleOkFlag}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ClientSearch)
    const text = named(args.text, 'client')
    const limit = parseLimit(flags.limit)
    const {clients, settings} = await this.withLedger(
      (ledger) => searchClients(ledger, text, {limit, archived: flags.archived}),
      {staleOk: flags['stale-ok']},
    )
    const rows = () => clients.map(clientRowJson)
    await this.show(
      {
        json: () => clientsJson({clients, next: null}),
        rows,
        csv: async () => (await import('../../views/lists-csv.ts')).clientsCsv(rows()),
        text: async (screen) =>
          (await import('../../views/client-text.ts')).clientsText(clients, screen, 'No client matches.'),
      },
      settings,
    )
  }
}
