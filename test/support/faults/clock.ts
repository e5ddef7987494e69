/** A clock that jumps under a program, by libfaketime (Debian's package faketime). */

import {spawnSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {pick, type Random} from '../random.ts'

const JUMPS = ['+400d', '-400d', '+3h', '-3h', '+70s', '-70s'] as const
const JUMP_AFTER_MS = 500

/** Gives a process an environment in which its clock is right at first and then jumps; null without libfaketime. */
export function jumpingClock(file: string): ((random: Random) => NodeJS.ProcessEnv) | null {
  const clock = clockIn(file)
  if (clock === null) return null
  return (random) => {
    clock.set('+0d')
    setTimeout(() => clock.set(pick(random, JUMPS)), random(JUMP_AFTER_MS))
    return clock.env
  }
}

export interface Clock {
  /** For a process that shall go by it, and for all that it forks. */
  readonly env: NodeJS.ProcessEnv
  /** How far it is from the real time: `+0d`, `-3h`. */
  readonly set: (away: string) => void
  readonly jump: (random: Random) => void
}

/** A clock that is right until it is set; null without libfaketime. */
export function clockIn(file: string): Clock | null {
  const library = libraryName()
  if (library === undefined) return null
  const set = (away: string) => writeFileSync(file, away, {mode: 0o644})
  return {
    set,
    jump: (random) => set(pick(random, JUMPS)),
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // What measures spans is not the clock on the wall; a jump of that one is what happens to people.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  }
}

function libraryName(): string | undefined {
  const {status, stdout} = spawnSync('faketime', ['-m', '-f', '+0d', 'env'], {encoding: 'utf8'})
  return status === 0 ? /^LD_PRELOAD=(.+)$/m.exec(stdout)?.[1] : undefined
}
