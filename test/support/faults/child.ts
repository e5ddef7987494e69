/** Runs the built program once and waits for its end, with harm done to its output. */

import {type ChildProcess, spawn} from 'node:child_process'
import {closeSync, existsSync, openSync} from 'node:fs'
import {PROGRAM} from '../program.ts'
import type {Random} from '../random.ts'
import type {Ended, Sabotage} from './answer.ts'

/** Longer than all that the program itself may wait for (src/data/retry.ts), and generous on a busy machine. */
export const HANG_MS = 180_000

const FULL = '/dev/full'

/** What of these this machine can do. */
export function possibleSabotages(
  all: readonly Sabotage[],
  clock: ((random: Random) => NodeJS.ProcessEnv) | null,
): readonly Sabotage[] {
  return all.filter(
    (sabotage) => (sabotage !== 'output full' || existsSync(FULL)) && (sabotage !== 'clock' || clock !== null),
  )
}

export function startProgram(
  words: readonly string[],
  {env, stdin, full}: {readonly env: NodeJS.ProcessEnv; readonly stdin: 'ignore' | 'pipe'; readonly full: boolean},
): ChildProcess {
  const output = full ? openSync(FULL, 'w') : null
  try {
    return spawn(process.execPath, [PROGRAM, ...words], {env, stdio: [stdin, output ?? 'pipe', 'pipe']})
  } finally {
    if (output !== null) closeSync(output)
  }
}

export function endOf(child: ChildProcess): Promise<Omit<Ended, 'sabotage'>> {
  return new Promise((resolve, reject) => {
    const output = {stdout: '', stderr: ''}
    let hung = false
    const limit = setTimeout(() => {
      hung = true
      child.kill('SIGKILL')
    }, HANG_MS)
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8')
      child[name]?.on('data', (text: string) => {
        output[name] += text
      })
    }
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      resolve({code, signal, hung, ...output})
    })
  })
}
