/** Writes the command list of README.md from oclif's manifest. */

import {readFileSync, writeFileSync} from 'node:fs'
import {pathToFileURL} from 'node:url'
import {builtHelp} from './help.ts'

const BEGIN = '<!-- commands -->'
const END = '<!-- commandsstop -->'

interface Manifest {
  readonly commands: Readonly<Record<string, {readonly description?: string; readonly id: string}>>
}

/** The list: an overview, then each command's help, the same that `--help` prints. */
function rendered(): string {
  const {commands}: Manifest = JSON.parse(readFileSync('oclif.manifest.json', 'utf8'))
  const pages = builtHelp()
  const names = Object.keys(commands)
    .map((id) => id.replaceAll(':', ' '))
    .sort()
  const overview = names.map((name) => {
    const summary = commands[name.replaceAll(' ', ':')]?.description?.split('\n')[0] ?? ''
    return `* [\`fleks ${name}\`](#fleks-${name.replaceAll(' ', '-')}): ${summary.replace(/\.$/, '')}`
  })
  const details = names.map((name) => `### fleks ${name}\n\n\`\`\`text\n${pages[name]?.text.trimEnd()}\n\`\`\``)
  return `${BEGIN}\n${overview.join('\n')}\n\n${details.join('\n\n')}\n${END}`
}

function replaced(readme: string): string {
  const begin = readme.indexOf(BEGIN)
  const end = readme.indexOf(END)
  if (begin === -1 || end === -1) throw new Error(`README.md has no ${BEGIN} … ${END}`)
  return readme.slice(0, begin) + rendered() + readme.slice(end + END.length)
}

export function readmeIsStale(): boolean {
  const readme = readFileSync('README.md', 'utf8')
  return replaced(readme) !== readme
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync('README.md', replaced(readFileSync('README.md', 'utf8')))
}
