/**
 * Runs the benchmarks, one after another, and keeps what each prints in docs/PERFORMANCE.md: `npm run bench` for all,
 * `npm run bench -- verify startup` for some, with the page's other sections left as they are.
 */

import {execFileSync, spawnSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {availableParallelism, cpus, totalmem} from 'node:os'

const PAGE = 'docs/PERFORMANCE.md'

const {scripts, version}: {readonly scripts: Readonly<Record<string, string>>; readonly version: string} = JSON.parse(
  readFileSync('package.json', 'utf8'),
)
const known = Object.keys(scripts).flatMap((name) => (name.startsWith('bench:') ? [name.slice('bench:'.length)] : []))
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}; there are: ${known.join(', ')}\n`)
  process.exit(2)
}

let red = false
for (const name of asked.length > 0 ? asked : known) {
  process.stdout.write(`\n== ${name}\n`)
  const {status, stdout} = spawnSync('npm', ['run', '--silent', `bench:${name}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  })
  process.stdout.write(stdout)
  if (status === 0) writeFileSync(PAGE, withSection(readFileSync(PAGE, 'utf8'), name, stdout.trimEnd()))
  else red = true
}
process.exitCode = red ? 1 : 0

/** The page with a section of this name in place of an earlier one, or at the end. */
function withSection(page: string, name: string, printed: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`]
  const section = `${begin}\n## bench:${name}\n\n${purpose(name)}\n\n\`\`\`text\n${printed}\n\`\`\`\n\n${circumstances(name)}\n${end}`
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from === -1 || to === -1) return `${page.trimEnd()}\n\n${section}\n`
  return page.slice(0, from) + section + page.slice(to + end.length)
}

/** The program's own first comment. */
function purpose(name: string): string {
  const file = /bench\/[a-z-]+\.ts/.exec(scripts[`bench:${name}`] ?? '')?.[0]
  if (file === undefined) throw new Error(`bench:${name} runs no program in bench/`)
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
  return comment
    .split('\n')
    .map((line) => line.replace(/^ \*/, '').trim())
    .join(' ')
    .trim()
}

function circumstances(name: string): string {
  const sizes = Object.entries(process.env).flatMap(([key, value]) =>
    /^(ROUNDS|SECONDS|ENTRIES|CLIENTS|LINES|BIG|QUERIES)$/.test(key) ? [`${key}=${value}`] : [],
  )
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GB`
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${memory}`
  const command = [...sizes, `npm run bench:${name}`].join(' ')
  const parts = [`\`${command}\``, `fleks ${version}`, `Node ${process.version}`, postgres(), machine, today()]
  return parts.join(' · ')
}

function postgres(): string {
  const {optionalDependencies} = JSON.parse(readFileSync('package.json', 'utf8'))
  const [embedded] = Object.values<string>(optionalDependencies)
  return `PostgreSQL ${embedded?.split('-')[0]}`
}

function today(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {encoding: 'utf8'}).trim()
  return `${new Date().toISOString().slice(0, 10)}, ${commit}`
}
