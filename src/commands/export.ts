import * as Flags from '@oclif/core/flags'
import packageJson from '../../package.json' with {type: 'json'}
import {FleksCommand} from '../cli/base-command.ts'
import {CLIENT, optionalArg} from '../cli/flags.ts'
import {toFile, toStdout} from '../cli/long-output.ts'
import {named} from '../cli/requests.ts'
import type {Settings} from '../core/client.ts'
import type {ExportForm} from '../core/export-form.ts'
import {Refusal} from '../core/refusal.ts'
import {type ExportOptions, exportLedger} from '../data/export.ts'
import type {Scope} from '../data/export-scope.ts'

const FORMS = ['jsonl', 'csv', 'hledger', 'ledger', 'beancount'] as const

export default class Export extends FleksCommand {
  static override args = {client: optionalArg(`${CLIENT} (default: everyone)`)}
  static override description =
    'Write the ledger out for other programs\n\nOne consistent picture of it, whatever is posted meanwhile. jsonl is complete: a ledger can be rebuilt from it. The journals have a liability for each client, cash by method and income by staff (docs/EXPORT.md).'
  static override examples = [
    '<%= config.bin %> export > ledger.jsonl',
    '<%= config.bin %> export --format csv --from 2026-11-01 --to 2026-11-30 > november.csv',
    '<%= config.bin %> export --format hledger --output fleks.journal --force',
    '<%= config.bin %> export "anna pet" --format beancount',
  ]
  static override flags = {
    force: Flags.boolean({default: false, description: 'write over the file of --output'}),
    format: Flags.option({options: FORMS, default: 'jsonl', description: 'what is written'})(),
    from: Flags.string({description: 'from this day or moment', helpValue: 'TIME'}),
    output: Flags.string({description: 'write to a file, whole or not at all', helpValue: 'FILE'}),
    to: Flags.string({description: 'through this day, or up to this moment', helpValue: 'TIME'}),
  }

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Export)
    if (flags.json && flags.output === undefined) {
      throw new Refusal('USAGE', 'An export is not one JSON document', {
        hint: 'Use --format jsonl, or write to a file with: --output FILE',
      })
    }
    const request = {
      client: args.client === undefined ? null : named(args.client, 'client'),
      from: flags.from ?? null,
      to: flags.to ?? null,
    }
    const form = await formOf(flags.format)
    const written = (write: ExportOptions['write']) =>
      this.withLedger((ledger) => exportLedger(ledger, request, {version: packageJson.version, form, write}))
    const {output} = flags
    if (output === undefined) {
      await toStdout(written)
      return
    }
    const counts = await toFile(output, flags, (file) => written((bytes) => file.writeFile(bytes)))
    await this.show({
      json: () => ({export: {file: output, format: flags.format, ...counts}}),
      text: async () => (await import('../views/files-text.ts')).exportText(output, counts),
    })
  }
}

/** Each form is loaded only when it is asked for. */
async function formOf(format: (typeof FORMS)[number]): Promise<(settings: Settings, scope: Scope) => ExportForm> {
  const {csvForm, journalForm, jsonlForm} = await import('../views/export-forms.ts')
  if (format === 'jsonl') return jsonlForm
  if (format === 'csv') return csvForm
  const dialect = await dialectOf(format)
  return (settings, {from, to}) => journalForm(dialect, settings, {whole: from === null && to === null})
}

async function dialectOf(format: 'hledger' | 'ledger' | 'beancount') {
  if (format === 'beancount') {
    const {default: transliterate} = await import('any-ascii')
    return (await import('../views/journal-beancount.ts')).beancount(transliterate)
  }
  const {HLEDGER, LEDGER} = await import('../views/journal-plain.ts')
  return format === 'hledger' ? HLEDGER : LEDGER
}
