import {FleksCommand} from '../../cli/base-command.ts'
import {archivedFlag, cursorFlag, formatFlag, limitFlag, staleOkFlag} from '../../cli/flags.ts'
import {parseLimit} from '../../cli/requests.ts'
import {listClients} from '../../data/clients.ts'
import {clientRowJson, clientsJson} from '../../views/client-json.ts'

export default class ClientList extends FleksCommand {
  static override description = 'List the clients by name, with their balances'
  static override examples = [
    '<%= config.bin %> client list',
    '<%= config.bin %> client list --archived --limit 500 --format csv',
    '<%= config.bin %> client list --json',
  ]
  static override flags = {
    archived: archivedFlag,
    cursor: cursorFlag,
    format: formatFlag,
    limit: limitFlag(100),
    'stale-ok': staleOkFlag,
  }

  async run(): Promise<void> {
    const {flags} = await this.parse(ClientList)
    const limit = parseLimit(flags.limit)
    const page = await this.withLedger(
      (ledger) => listClients(ledger, {archived: flags.archived, limit, cursor: flags.cursor ?? null}),
      {staleOk: flags['stale-ok']},
    )
    const rows = () => page.clients.map(clientRowJson)
    await this.show(
      {
        json: () => clientsJson(page),
        rows,
        csv: async () => (await import('../../views/lists-csv.ts')).clientsCsv(rows()),
        text: async (screen) =>
          (await import('../../views/client-text.ts')).clientsText(
            page.clients,
            screen,
            'No clients yet. Add one with: fleks client add NAME',
          ),
      },
      page.settings,
    )
    this.hintNext(page.next)
  }
}
