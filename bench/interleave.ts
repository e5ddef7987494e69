/** Measures one thing after the other, round by round, so that the machine's moods meet all alike. */

import {spawnSync} from 'node:child_process'

export interface Subject {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** A file descriptor for stdin and stdout, such as a terminal's; left out: neither. */
  readonly terminal?: number
  /** Whom it runs as. */
  readonly identity?: {readonly uid: number; readonly gid: number} | null
}

/** Anything that can be measured: a number, in whatever unit. */
export interface Measurable {
  readonly name: string
  /** What has to be so before, and is not measured. */
  readonly before?: () => unknown
  readonly measure: () => number | Promise<number>
}

export interface Measured {
  readonly name: string
  readonly median: number
  /** Half of all values lie between these. */
  readonly quartiles: readonly [number, number]
  /** The median of each value over the baseline's in the same round. */
  readonly ratio: number
}

/** The first is the baseline. Two rounds go before, to warm the caches, unless `warmUps` says otherwise. */
export async function inTurns(
  subjects: readonly Measurable[],
  rounds: number,
  warmUps = 2,
): Promise<readonly Measured[]> {
  const all = subjects.map((): number[] => [])
  for (let round = -warmUps; round < rounds; round++) {
    for (const [at, {before, measure}] of subjects.entries()) {
      await before?.()
      const value = await measure()
      if (round >= 0) all[at]?.push(value)
    }
  }
  const baseline = all[0] ?? []
  return subjects.map(({name}, at) => {
    const own = all[at] ?? []
    return {
      name,
      median: quantile(own, 0.5),
      quartiles: [quantile(own, 0.25), quantile(own, 0.75)],
      ratio: quantile(
        own.map((value, round) => value / (baseline[round] ?? Number.NaN)),
        0.5,
      ),
    }
  })
}

/** How long processes take, in milliseconds. */
export async function interleaved(subjects: readonly Subject[], rounds: number): Promise<readonly Measured[]> {
  return inTurns(
    subjects.map((subject) => ({name: subject.name, measure: () => timed(subject)})),
    rounds,
  )
}

/** Runs a process to its end, and says how many milliseconds that took; fails as it does. */
export function timed({name, command, args, env, terminal, identity}: Subject): number {
  const inAndOut = terminal ?? 'ignore'
  const started = performance.now()
  const {status, stderr, error} = spawnSync(command, args, {
    env: {...process.env, ...env},
    stdio: [inAndOut, inAndOut, 'pipe'],
    ...(identity ?? {}),
  })
  const ms = performance.now() - started
  if (status !== 0) throw new Error(`${name} failed: ${error ?? stderr}`)
  return ms
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}
