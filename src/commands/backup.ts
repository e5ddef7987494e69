import {rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import * as Flags from '@oclif/core/flags'
import packageJson from '../../package.json' with {type: 'json'}
import {FleksCommand} from '../cli/base-command.ts'
import {optionalArg} from '../cli/flags.ts'
import {toFile} from '../cli/long-output.ts'
import {Refusal} from '../core/refusal.ts'
import {jsonlForm} from '../views/export-forms.ts'

export default class Backup extends FleksCommand {
  static override args = {file: optionalArg('where to write it')}
  static override description =
    'Write the whole ledger into one file\n\nOne consistent picture, packed (zstd) and sealed, for this user alone; the file is there whole or not at all. fleks restore rebuilds the ledger from it. With --drill it is rebuilt at once in a PostgreSQL of its own, verified and compared: the line for cron.'
  static override examples = [
    '<%= config.bin %> backup fleks.backup',
    '<%= config.bin %> backup fleks.backup --force --drill --json',
    '<%= config.bin %> backup --drill',
  ]
  static override flags = {
    drill: Flags.boolean({default: false, description: 'restore it into a scratch database and compare'}),
    force: Flags.boolean({default: false, description: 'write over a file that is there'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Backup)
    if (args.file === undefined && !flags.drill) {
      throw new Refusal('USAGE', 'Where should the backup be written?', {
        hint: 'Name a file, as in: fleks backup fleks.backup',
      })
    }
    const kept = args.file ?? null
    const file = kept ?? join(tmpdir(), `fleks-drill-${process.pid}-${Date.now()}.backup`)
    // A drill without a file leaves nothing behind, whatever ends it.
    if (kept === null) process.once('exit', () => rmSync(file, {force: true}))
    const written = await this.write(file, flags)
    if (flags.drill) {
      const {drill} = await import('../cli/drill.ts')
      await drill(file, written, {form: jsonlForm, version: packageJson.version})
    }
    const backup = {file: kept, ...written.counts, drilled: flags.drill}
    await this.show({
      json: () => ({backup}),
      text: async () => (await import('../views/files-text.ts')).backupText(backup),
    })
  }

  private async write(file: string, flags: {readonly force: boolean; readonly drill: boolean}) {
    const {packedInto} = await import('../cli/packed-file.ts')
    const {exportLedger} = await import('../data/export.ts')
    const {LedgerSum} = await import('../core/ledger-comparison.ts')
    const {derivedSum} = await import('../data/derived-sum.ts')
    const lines = new LedgerSum()
    let derived = ''
    const counts = await toFile(file, flags, (handle) =>
      packedInto(handle, (pack) =>
        this.withLedger((ledger) =>
          exportLedger(
            ledger,
            {client: null, from: null, to: null},
            {
              version: packageJson.version,
              form: jsonlForm,
              write: (bytes) => {
                if (flags.drill) lines.add(bytes)
                return pack(bytes)
              },
              also: async (tx) => {
                if (flags.drill) derived = await derivedSum(tx)
              },
            },
          ),
        ),
      ),
    )
    return {counts, lines, derived}
  }
}
