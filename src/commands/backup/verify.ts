import {FleksCommand} from '../../cli/base-command.ts'
import {requiredArg} from '../../cli/flags.ts'
import {unpackedFrom} from '../../cli/packed-file.ts'
import {readLedgerFile} from '../../core/ledger-file-reader.ts'
import {fileSummaryJson} from '../../views/files-json.ts'

export default class BackupVerify extends FleksCommand {
  static override args = {file: requiredArg('a backup or an export in JSON lines; - is stdin')}
  static override description =
    'Recompute a backup from its file alone\n\nEvery balance, every hash, every link and the digest of the whole; no database is needed. Exits 8 where anything does not fit.'
  static override examples = [
    '<%= config.bin %> backup verify fleks.backup',
    '<%= config.bin %> backup verify fleks.backup --json',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(BackupVerify)
    const summary = await readLedgerFile(unpackedFrom(args.file), {})
    await this.show({
      json: () => ({file: args.file, ...fileSummaryJson(summary)}),
      text: async () => (await import('../../views/files-text.ts')).verifiedText(args.file, summary),
    })
  }
}
