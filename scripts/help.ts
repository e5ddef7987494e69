/** Renders every help page once, by oclif's own Help, so that the program only has to print it. */

import {readFileSync, writeFileSync} from 'node:fs'
import {stripVTControlCharacters} from 'node:util'
import {Config, type Interfaces} from '@oclif/core'
import {CommandHelp, Help} from '@oclif/core/help'
import {EXIT_CODES} from '../src/core/refusal.ts'

const WIDTH = 80

export interface HelpPage {
  readonly text: string
  readonly topic: boolean
}

class Pages extends Help {
  private lines: string[] = []
  protected override CommandHelpClass = CommandHelp

  constructor(config: Interfaces.Config) {
    super(config, {maxWidth: WIDTH, stripAnsi: true})
  }

  protected override log(...args: string[]): void {
    this.lines.push(...args)
  }

  async page(words: readonly string[]): Promise<string> {
    this.lines = []
    await this.showHelp([...words])
    return this.printed()
  }

  /** By its id: `backup verify` would be taken for the command backup with an argument. */
  async commandPage(id: string): Promise<string> {
    this.lines = []
    await this.showCommandHelp(this.config.findCommand(id, {must: true}))
    const below = this.config.commands.filter((command) => this.named(command.id).startsWith(`${this.named(id)} `))
    if (below.length > 0)
      this.log('', this.formatCommands(below.map((command) => ({...command, id: this.named(command.id)}))))
    return this.printed()
  }

  private named(id: string): string {
    return id.replaceAll(':', ' ')
  }

  private printed(): string {
    return `${stripVTControlCharacters(this.lines.join('\n')).trimEnd()}\n`
  }
}

/** Every page by the words that name it; '' is the program's own. */
export async function renderHelp(root: string): Promise<Readonly<Record<string, HelpPage>>> {
  const config = await Config.load({root, devPlugins: false, userPlugins: false})
  const help = new Pages(config)
  const pages: Record<string, HelpPage> = {}
  // Its VERSION names the machine that built it.
  const program = (await help.page([])).replace(/^VERSION\n.*\n\n/m, '')
  pages[''] = {text: `${program}\n${exitCodesText()}`, topic: true}
  for (const {name} of config.topics) pages[name] = {text: await help.page([name]), topic: true}
  for (const id of config.commandIDs.sort()) {
    const name = id.replaceAll(':', ' ')
    pages[name] = {text: await help.commandPage(id.replaceAll(' ', ':')), topic: false}
  }
  return pages
}

const MEANINGS: Readonly<Record<number, string>> = {
  0: 'done, or replayed',
  1: 'a bug in fleks',
  2: 'the command or its input is wrong; nothing was written',
  3: 'no such client, staff member or entry',
  4: 'several match; they are listed',
  5: 'refused by a rule, such as a balance that does not suffice',
  6: 'clashes with what is already there',
  7: 'a batch was applied in part; the refused rows are listed',
  8: 'verify found damage',
  9: 'no database, or not the right one; or it is not known whether it was written',
  74: 'the answer could not be written; what was committed stays committed',
  130: 'interrupted (Ctrl-C)',
  143: 'terminated',
}

function exitCodesText(): string {
  const known = new Set<number>([0, 7, 143, ...Object.values(EXIT_CODES)])
  const lines = Object.entries(MEANINGS).filter(([code]) => known.has(Number(code)))
  return `EXIT CODES\n${lines.map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}\n`).join('')}`
}

export async function writeHelp(): Promise<void> {
  writeFileSync('dist/help.json', JSON.stringify(await renderHelp(process.cwd())))
}

/** The pages of the last build. */
export function builtHelp(): Readonly<Record<string, HelpPage>> {
  return JSON.parse(readFileSync('dist/help.json', 'utf8'))
}
