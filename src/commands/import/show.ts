import {FleksCommand} from '../../cli/base-command.ts'
import {requiredArg} from '../../cli/flags.ts'
import {parseImportId} from '../../cli/requests.ts'
import {oneImport} from '../../data/imports.ts'
import {runJson} from '../../views/import-json.ts'

export default class ImportShow extends FleksCommand {
  static override args = {run: requiredArg('number of the import (see: fleks import list)')}
  static override description = 'Show one import'
  static override examples = ['<%= config.bin %> import show 3', '<%= config.bin %> import show 3 --json']

  async run(): Promise<void> {
    const {args} = await this.parse(ImportShow)
    const id = parseImportId(args.run)
    const {run, settings} = await this.withLedger((ledger) => oneImport(ledger, id))
    await this.show(
      {
        json: () => ({import: runJson(run, settings.countedUnits)}),
        text: async (screen) =>
          (await import('../../views/import-text.ts')).runText(run, settings.countedUnits, screen),
      },
      settings,
    )
  }
}
