/** A clock that jumps under a program, by libfaketime (Debian's package faketime). */

import {spawnSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {pick, type Random} from '../random.ts'

const JUMPS = ['+400d', '-400d', '+3h', '-3h', '+70s', '-70s'] as const
const JUMP_AFTER_MS = 500

/** Gives a process an environment in which its clock is right at first and then jumps; null without libfaketime. */
export function jumpingClock(file: string): ((random: Random) => NodeJS.ProcessEnv) | null {
  const {status, stdout} = spawnSync('faketime', ['-m', '-f', '+0d', 'env'], {encoding: 'utf8'})
  const library = status === 0 ? /^LD_PRELOAD=(.+)$/m.exec(stdout)?.[1] : undefined
  if (library === undefined) return null
  return (random) => {
    writeFileSync(file, '+0d')
    setTimeout(() => writeFileSync(file, pick(random, JUMPS)), random(JUMP_AFTER_MS))
    return {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // What measures spans is not the clock on the wall; a jump of that one is what happens to people.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
  }
}
