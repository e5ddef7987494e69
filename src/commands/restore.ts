import {FleksCommand} from '../cli/base-command.ts'
import {withOwnedLedger} from '../cli/connect.ts'
import {requiredArg} from '../cli/flags.ts'
import {unpackedFrom} from '../cli/packed-file.ts'
import {restoreLedger} from '../data/restore.ts'
import {fileSummaryJson} from '../views/files-json.ts'

export default class Restore extends FleksCommand {
  static override args = {file: requiredArg('a backup or an export in JSON lines; - is stdin')}
  static override description =
    'Rebuild a ledger from a backup\n\nOnly into an empty one, of any kind: from the embedded PostgreSQL to a server and back. Everything is written by the same rules as when it was posted, and is checked against its hashes; all of it or nothing.'
  static override examples = [
    '<%= config.bin %> restore ledger.jsonl --json',
    'FLEKS_DATA_DIR=~/restored <%= config.bin %> restore fleks.backup',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(Restore)
    const summary = await withOwnedLedger((ledger) => restoreLedger(ledger, unpackedFrom(args.file)))
    await this.show({
      json: () => ({file: args.file, ...fileSummaryJson(summary)}),
      text: async () => (await import('../views/files-text.ts')).restoredText(args.file, summary),
    })
  }
}
