/** Runs the benchmarks one after another and writes docs/PERFORMANCE.md; ONLY=startup,verify runs some of them, and leaves the page's other sections. */

import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type Finding, pageText} from './page.ts'
import type {Row} from './report.ts'

interface Benchmark {
  readonly name: string
  readonly about: string
  /** Sizes with which all of them finish within about half an hour; the environment's own come first. */
  readonly sizes: NodeJS.ProcessEnv
}

const PAGE = 'docs/PERFORMANCE.md'

const ALL: readonly Benchmark[] = [
  {name: 'startup', about: 'Starting', sizes: {ROUNDS: '21', SLOW_ROUNDS: '15'}},
  {name: 'flatness', about: 'Commands with many clients', sizes: {ROUNDS: '21', CLIENTS: '100000'}},
  {name: 'postings', about: 'Postings of a long-lived process', sizes: {ROUNDS: '3', SECONDS: '4'}},
  {name: 'rules', about: 'What each rule of the database costs', sizes: {ROUNDS: '7'}},
  {name: 'search-speed', about: 'Search', sizes: {CLIENTS: '200000', ROUNDS: '1000'}},
  {name: 'history-speed', about: 'History', sizes: {ENTRIES: '1000000', ROUNDS: '300'}},
  {name: 'totals-speed', about: 'Totals', sizes: {ENTRIES: '1000000', ROUNDS: '21'}},
  {name: 'search-quality', about: 'What search finds', sizes: {CLIENTS: '200000', PER_CLASS: '300'}},
  {name: 'bulk', about: 'Imports', sizes: {LINES: '300000', ROUNDS: '3'}},
  {name: 'export', about: 'Files', sizes: {ROUNDS: '5', ENTRIES: '1000000'}},
  {name: 'verify', about: 'Verify', sizes: {ROUNDS: '5', ENTRIES: '1000000'}},
]

const only = process.env.ONLY?.split(',')
// So that ONLY does not choose inside of one as well.
delete process.env.ONLY

const findings: Finding[] = []
for (const benchmark of ALL) if (only?.includes(benchmark.name) ?? true) findings.push(await found(benchmark))
const earlier = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : ''
const order = ALL.map(({name}) => name)
writeFileSync(PAGE, pageText(earlier, findings, order, new Date()))
process.exitCode = findings.some(({code}) => code !== 0) ? 1 : 0

async function found({name, about, sizes}: Benchmark): Promise<Finding> {
  const folder = mkdtempSync(join(tmpdir(), 'fleks-bench-'))
  const file = join(folder, 'rows')
  const env = {...sizes, ...process.env, BENCH_ROWS: file}
  const begun = performance.now()
  process.stderr.write(`bench/${name}.ts\n`)
  const child = spawn(process.execPath, [`bench/${name}.ts`], {env, stdio: ['ignore', 'pipe', 'inherit']})
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    process.stderr.write(piece)
  })
  const [code] = await once(child, 'close')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
  rmSync(folder, {recursive: true})
  const rows = lines.map((line): Row => JSON.parse(line))
  const used = Object.entries(sizes).map(([size, value]) => `${size}=${process.env[size] ?? value}`)
  return {
    name,
    about,
    sizes: used.join(' '),
    code,
    rows,
    text,
    minutes: (performance.now() - begun) / 60_000,
  }
}
