/** How every command runs: parse, act, show; one document in JSON mode, one exit code whatever happens. */

import type {Interfaces} from '@oclif/core'
import {Command} from '@oclif/core/command'
import {safeJson} from '../core/safe-text.ts'
import type {Format, Screen} from '../core/screen.ts'
import {learnWidths} from '../core/text-width.ts'
import type {Ledger} from '../data/ledger.ts'
import {type ConnectOptions, withLedger} from './connect.ts'
import {asRefusal, type CommandSurface, reportFailure} from './failure.ts'
import {jsonFlag} from './flags.ts'
import {formatAsked} from './format.ts'
import {lightConfig} from './light-config.ts'
import {PLAIN_SETTINGS, type ScreenSettings, screenOf} from './screen.ts'

/** The forms of one answer; each is made only when it is asked for. */
export interface Forms {
  /** One JSON document. */
  readonly json: () => object
  readonly text: (screen: Screen) => Promise<string>
  /** For lists: the rows of the document, one by one. */
  readonly rows?: () => readonly object[]
  readonly csv?: () => Promise<string>
}

export abstract class FleksCommand extends Command {
  static override baseFlags: Interfaces.FlagInput = {json: jsonFlag}

  /** oclif's own `run` would look for a configuration again. */
  static override async run<T extends Command>(
    this: new (
      argv: string[],
      config: Interfaces.Config,
    ) => T,
    argv: string[] = process.argv.slice(2),
  ): Promise<ReturnType<T['run']>> {
    const command = new this(argv, lightConfig) as unknown as FleksCommand
    return command.answer() as Promise<ReturnType<T['run']>>
  }

  private async answer(): Promise<unknown> {
    try {
      return await this.run()
    } catch (error) {
      reportFailure(asRefusal(error, this.surface()), this.format)
      return undefined
    }
  }

  protected get format(): Format {
    return formatAsked(this.argv)
  }

  /** What JSON mode prints is all that stdout gets. */
  protected async show(forms: Forms, settings: ScreenSettings = PLAIN_SETTINGS): Promise<void> {
    process.stdout.write(await this.rendered(forms, settings))
  }

  private async rendered(forms: Forms, settings: ScreenSettings): Promise<string> {
    const format = this.format
    if (format === 'json') return `${safeJson(forms.json())}\n`
    if (format === 'jsonl' && forms.rows)
      return forms
        .rows()
        .map((row) => `${safeJson(row)}\n`)
        .join('')
    if (format === 'csv' && forms.csv) return forms.csv()
    // A locale brings characters of its own.
    await learnWidths(settings.locale === null ? JSON.stringify(forms.json()) : `${settings.locale}\u202f`)
    return forms.text(screenOf(settings))
  }

  /** Tells people how a long list goes on; scripts find it in the document. */
  protected hintNext(next: string | null): void {
    if (next !== null && this.format === 'table') process.stderr.write(`There is more: --cursor ${next}\n`)
  }

  protected withLedger<T>(work: (ledger: Ledger) => Promise<T>, options?: ConnectOptions): Promise<T> {
    return withLedger(work, undefined, options)
  }

  private surface(): CommandSurface {
    const {id, flags = {}, baseFlags = {}} = this.ctor
    return {name: (id ?? '').replaceAll(':', ' '), flags: [...Object.keys(flags), ...Object.keys(baseFlags), 'help']}
  }
}
