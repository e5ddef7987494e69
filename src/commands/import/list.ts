import {FleksCommand} from '../../cli/base-command.ts'
import {limitFlag} from '../../cli/flags.ts'
import {parseLimit} from '../../cli/requests.ts'
import {importsBefore} from '../../data/imports.ts'
import {runJson} from '../../views/import-json.ts'

export default class ImportList extends FleksCommand {
  static override description = 'List the imports, newest first'
  static override examples = ['<%= config.bin %> import list', '<%= config.bin %> import list --limit 5 --json']
  static override flags = {limit: limitFlag(50)}

  async run(): Promise<void> {
    const {flags} = await this.parse(ImportList)
    const {runs, settings} = await this.withLedger((ledger) => importsBefore(ledger, parseLimit(flags.limit)))
    await this.show(
      {
        json: () => ({imports: runs.map((run) => runJson(run, settings.countedUnits))}),
        text: async (screen) => (await import('../../views/import-text.ts')).runsText(runs, screen),
      },
      settings,
    )
  }
}
