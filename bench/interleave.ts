/** Times processes against a baseline: one run of each in turn, so that the machine's moods meet all alike. */

import {spawnSync} from 'node:child_process'

export interface Subject {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

export interface Timing {
  readonly name: string
  readonly medianMs: number
  /** Half of all runs lie between these. */
  readonly quartilesMs: readonly [number, number]
  /** The median of each run's time over the baseline's in the same round. */
  readonly ratio: number
}

/** The first subject is the baseline. Two rounds go before, to warm the caches. */
export function interleaved(subjects: readonly Subject[], rounds: number): readonly Timing[] {
  const times = subjects.map((): number[] => [])
  for (let round = -2; round < rounds; round++) {
    subjects.forEach((subject, at) => {
      const ms = timed(subject)
      if (round >= 0) times[at]?.push(ms)
    })
  }
  const baseline = times[0] ?? []
  return subjects.map(({name}, at) => {
    const own = times[at] ?? []
    return {
      name,
      medianMs: quantile(own, 0.5),
      quartilesMs: [quantile(own, 0.25), quantile(own, 0.75)],
      ratio: quantile(
        own.map((ms, round) => ms / (baseline[round] ?? Number.NaN)),
        0.5,
      ),
    }
  })
}

function timed({name, command, args, env}: Subject): number {
  const started = performance.now()
  const {status, stderr} = spawnSync(command, args, {
    env: {...process.env, ...env},
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ms = performance.now() - started
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`)
  return ms
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}

/** A table of the timings, and whether each keeps its limit. */
export function timingTable(timings: readonly Timing[], limits: Readonly<Record<string, number>>): string {
  const lines = timings.map(({name, medianMs, quartilesMs: [low, high], ratio}) => {
    const limit = limits[name]
    const verdict =
      limit === undefined ? 'baseline' : `at most ${limit.toFixed(2)}: ${ratio <= limit ? 'kept' : 'MISSED'}`
    return `${name.padEnd(24)} ${medianMs.toFixed(1).padStart(7)} ms  (${low.toFixed(1)}–${high.toFixed(1)})  × ${ratio.toFixed(2)}  ${verdict}`
  })
  return `${lines.join('\n')}\n`
}
