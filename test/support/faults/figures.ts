/** What a run did, in a few lines for people. */

import type {Facts} from './facts.ts'
import type {Imported} from './import-run.ts'
import type {Recorder} from './records.ts'

export class Tally {
  readonly counts = new Map<string, number>()

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }
}

interface Ran {
  readonly seed: number
  readonly seconds: number
  readonly elapsed: number
  readonly recorder: Recorder
  readonly files: readonly Imported[]
  readonly facts: Facts
  readonly tally: Tally
  readonly pictures: number
  readonly cuts: number
}

export function figures({seed, seconds, elapsed, recorder, files, facts, tally, pictures, cuts}: Ran): string {
  const {all} = recorder
  const attempts = all.flatMap((record) => record.attempts)
  // A long run has more attempts than a call takes arguments.
  const longest = attempts.reduce((most, {begunMs, endedMs}) => Math.max(most, endedMs - begunMs), 0)
  const troubles = [...tally.counts.values()].reduce((sum, count) => sum + count, 0)
  const lines = [
    `seed ${seed}, ${seconds} s of faults (${elapsed.toFixed(0)} s in all)`,
    `${all.length} commands (${counted(all.map(({command}) => command.verb))}), ${attempts.length} attempts`,
    `answers: ${counted(attempts.map(({answer}) => answer.kind))}; the longest took ${(longest / 1_000).toFixed(1)} s`,
    ...(files.length === 0 ? [] : [importsText(files)]),
    `${facts.entries.length} entries; ${pictures} pictures of the bank; ${cuts} connections cut`,
    `${troubles} faults: ${[...tally.counts].map(([name, count]) => `${name} ${count}`).join(', ')}`,
  ]
  return lines.map((line) => `      ${line}\n`).join('')
}

function importsText(files: readonly Imported[]): string {
  const runs = files.flatMap((file) => file.runs)
  const lines = files.reduce((sum, file) => sum + file.lines.length, 0)
  return `${files.length} files imported with ${lines} lines in ${runs.length} runs: ${counted(runs.map(({kind}) => kind))}`
}

function counted(names: readonly string[]): string {
  return [...Map.groupBy(names, (name) => name)].map(([name, same]) => `${name} ${same.length}`).join(', ')
}
