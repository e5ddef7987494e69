import {FleksCommand} from '../../cli/base-command.ts'
import {correctionFlags, requiredArg} from '../../cli/flags.ts'
import {parseImportId} from '../../cli/requests.ts'
import {waitingTeller} from '../../cli/waiting-teller.ts'
import {cleanText, NOTE_MAX} from '../../core/text.ts'
import {IMPORT_POOL} from '../../data/import-file.ts'
import {undoImport} from '../../data/import-undo.ts'
import {undoneJson} from '../../views/import-json.ts'

/** A batch was applied in part. */
const EXIT_IN_PART = 7

export default class ImportUndo extends FleksCommand {
  static override args = {run: requiredArg('number of the import (see: fleks import list)')}
  static override description =
    'Reverse what an import wrote\n\nEvery entry of it is reversed, newest first; what has been spent meanwhile is listed and stays. Once all of it is reversed, the same file can be imported again, unless it brings references of its own. Clients and staff that were added stay.'
  static override examples = [
    '<%= config.bin %> import undo 3 --reason "wrong month"',
    '<%= config.bin %> import undo 3 --reason "wrong month" --json',
  ]
  static override flags = {reason: correctionFlags.reason}

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ImportUndo)
    const id = parseImportId(args.run)
    const reason = cleanText('reason', flags.reason, NOTE_MAX)
    const undone = await this.withLedger(
      (ledger) => undoImport(ledger, id, reason, waitingTeller(this.format)),
      IMPORT_POOL,
    )
    await this.show(
      {
        json: () => undoneJson(undone, undone.settings.countedUnits),
        text: async (screen) => (await import('../../views/import-text.ts')).undoneText(undone, screen),
      },
      undone.settings,
    )
    if (undone.kept.length > 0) process.exitCode = EXIT_IN_PART
  }
}
