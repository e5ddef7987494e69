/** Where commands are run: a desk runs the built program once for each, as a user does, and does harm to it. */

import {type ChildProcess, spawn} from 'node:child_process'
import {closeSync, existsSync, openSync} from 'node:fs'
import {PROGRAM} from '../program.ts'
import {pick, type Random} from '../random.ts'
import {type Answer, answerOf, type Sabotage} from './answer.ts'
import {type Command, wordsOf} from './command.ts'

export interface Desk {
  readonly name: string
  /** Always answers: a process that does not is ended when its time is up, and that is an answer as well. */
  readonly attempt: (command: Command) => Promise<Answer>
  readonly close: () => Promise<void>
}

/** Longer than all that the program itself may wait for (src/data/retry.ts), and generous on a busy machine. */
export const HANG_MS = 180_000

/** Below the time that most commands take, so that a signal meets them anywhere. */
const SIGNAL_AFTER_MS = 700
const SIGNALS = ['SIGKILL', 'SIGKILL', 'SIGINT', 'SIGTERM'] as const
const FULL = '/dev/full'

export interface ProgramDeskOptions {
  readonly name: string
  readonly env: NodeJS.ProcessEnv
  readonly random: Random
  /** What may be done to its processes. */
  readonly sabotages: readonly Sabotage[]
  /** The environment that makes the clock jump; null where there is none. */
  readonly clock: ((random: Random) => NodeJS.ProcessEnv) | null
  readonly onSabotage: (sabotage: Sabotage) => void
}

export function programDesk(options: ProgramDeskOptions): Desk {
  const {name, env, random, clock, onSabotage} = options
  const possible = options.sabotages.filter(
    (sabotage) => (sabotage !== 'output full' || existsSync(FULL)) && (sabotage !== 'clock' || clock !== null),
  )
  return {
    name,
    close: async () => {},
    attempt: async (command) => {
      const sabotage = possible.length === 0 ? 'none' : pick(random, possible)
      if (sabotage !== 'none') onSabotage(sabotage)
      const child = start(command, sabotage, {...env, ...(sabotage === 'clock' ? clock?.(random) : {})})
      if (sabotage === 'signal') setTimeout(() => child.kill(pick(random, SIGNALS)), random(SIGNAL_AFTER_MS))
      if (sabotage === 'reader gone') child.stdout?.destroy()
      return answerOf(command.verb, {...(await endOf(child)), sabotage})
    },
  }
}

function start(command: Command, sabotage: Sabotage, env: NodeJS.ProcessEnv): ChildProcess {
  const full = sabotage === 'output full' ? openSync(FULL, 'w') : null
  try {
    return spawn(process.execPath, [PROGRAM, ...wordsOf(command)], {env, stdio: ['ignore', full ?? 'pipe', 'pipe']})
  } finally {
    if (full !== null) closeSync(full)
  }
}

function endOf(child: ChildProcess) {
  return new Promise<{code: number | null; signal: string | null; stdout: string; stderr: string; hung: boolean}>(
    (resolve, reject) => {
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
    },
  )
}
