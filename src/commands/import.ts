import {FleksCommand} from '../cli/base-command.ts'
import {withOwnedLedger} from '../cli/connect.ts'
import {requiredArg} from '../cli/flags.ts'
import {type OpenedFile, openFile} from '../cli/import-file.ts'
import {importOne, type JobAnswer} from '../cli/import-job.ts'
import {refuseBesideLedger} from '../cli/import-ledger.ts'
import {encodingOf, givenFlags, importFlags} from '../cli/import-options.ts'
import {writeProfile} from '../cli/import-profile.ts'
import {refuseAsOwnRejects} from '../cli/import-rejects.ts'
import {unpackedFrom} from '../cli/packed-file.ts'
import {Refusal} from '../core/refusal.ts'
import {IMPORT_POOL} from '../data/import-file.ts'
import {restoreLedger} from '../data/restore.ts'
import {fileSummaryJson} from '../views/files-json.ts'
import {importJson} from '../views/import-json.ts'

/** A batch was applied in part. */
const EXIT_IN_PART = 7

export default class Import extends FleksCommand {
  static override args = {file: requiredArg('the files, CSV or JSON lines; - is stdin; ./list for a file called list')}
  static override description =
    'Import clients, top-ups, payments and refunds from files\n\nColumns are known by their names in English, Russian or Azeri, or by --map. Every line is accounted for: applied, replayed (it was imported before) or refused with the reason. Running it twice, or again after it was broken off, changes nothing that is there: a reference column tells lines apart, or else their place in the file. Exits 7 when lines were refused. An export or backup of a whole ledger is rebuilt in an empty database, as by restore.'
  static override examples = [
    '<%= config.bin %> import visits.csv --rejects refused.csv',
    '<%= config.bin %> import bank.csv --map client=Payer --map amount=Сумма --date-format DD/MM/YYYY --save-profile bank',
    '<%= config.bin %> import bank.csv --profile bank --overlap skip --json',
    '<%= config.bin %> import clients.csv --dry-run',
    'cut -d, -f1-3 visits.csv | <%= config.bin %> import - --staff Ina --create-clients',
  ]
  static override flags = importFlags
  static override strict = false

  async run(): Promise<void> {
    const {argv, flags} = await this.parse(Import)
    const paths = argv.map(String)
    if (paths.length > 1 && flags.rejects !== undefined) {
      throw new Refusal('USAGE', 'Refused lines of several files cannot go to one', {hint: 'Import one file at a time'})
    }
    if (flags.rejects !== undefined) refuseAsOwnRejects(paths, flags.rejects)
    const given = givenFlags(flags, flags.profile)
    const answers: JobAnswer[] = []
    for (const path of paths) {
      const file = await openFile(path, encodingOf(given))
      try {
        if (file.isLedger) return await this.rebuild(file, paths.length, flags)
        const {atomic, retry} = flags
        const options = {given, atomic, retry, dryRun: flags['dry-run'], rejects: flags.rejects ?? null}
        const job = {...options, format: this.format}
        answers.push(await this.withLedger((ledger) => importOne(ledger, file, job), IMPORT_POOL))
      } finally {
        await file.close()
      }
    }
    if (flags['save-profile'] !== undefined) writeProfile(flags['save-profile'], given)
    const files = answers.map(({imported}) => imported)
    await this.show(
      {
        json: () => importJson(files),
        text: async (screen) => (await import('../views/import-text.ts')).importText(files, screen),
      },
      answers[0]?.settings,
    )
    if (files.some(({refused}) => refused > 0)) process.exitCode = EXIT_IN_PART
  }

  private async rebuild(file: OpenedFile, files: number, flags: Readonly<Record<string, unknown>>): Promise<void> {
    refuseBesideLedger(file.name, files, flags)
    const summary = await withOwnedLedger((ledger) => restoreLedger(ledger, unpackedFrom(file.path)))
    await this.show({
      json: () => ({file: file.name, ...fileSummaryJson(summary)}),
      text: async () => (await import('../views/files-text.ts')).restoredText(file.name, summary),
    })
  }
}
