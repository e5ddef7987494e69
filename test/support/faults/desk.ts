/** Where commands are run: a desk runs the built program once for each, as a user does, and does harm to it. */

import {pick, type Random} from '../random.ts'
import {type Answer, answerOf, type Sabotage} from './answer.ts'
import {endOf, possibleSabotages, startProgram} from './child.ts'
import {type Command, type Verb, wordsOf} from './command.ts'

export interface Desk {
  readonly name: string
  /** What it cannot be asked for. */
  readonly lacks?: readonly Verb[]
  /** Always answers: a process that does not is ended when its time is up, and that is an answer as well. */
  readonly attempt: (command: Command) => Promise<Answer>
  readonly close: () => Promise<void>
}

export interface ProgramOptions {
  readonly name: string
  readonly env: NodeJS.ProcessEnv
  readonly random: Random
  /** What may be done to its processes. */
  readonly sabotages: readonly Sabotage[]
  /** The environment that makes the clock jump; null where there is none. */
  readonly clock: ((random: Random) => NodeJS.ProcessEnv) | null
  readonly onSabotage: (sabotage: Sabotage) => void
}

/** Below the time that most commands take, so that a signal meets them anywhere. */
const SIGNAL_AFTER_MS = 700
export const SIGNALS = ['SIGKILL', 'SIGKILL', 'SIGINT', 'SIGTERM'] as const

export function programDesk(options: ProgramOptions): Desk {
  const run = programRunner(options)
  return {
    name: options.name,
    close: async () => {},
    attempt: async (command) => answerOf(command.verb, await run(wordsOf(command))),
  }
}

/** Runs the program with the words of a command until it ends, whatever is done to it. */
export function programRunner(options: ProgramOptions) {
  const {env, random, clock, onSabotage} = options
  const possible = possibleSabotages(options.sabotages, clock)
  return async (words: readonly string[]) => {
    const sabotage = possible.length === 0 ? 'none' : pick(random, possible)
    if (sabotage !== 'none') onSabotage(sabotage)
    const child = startProgram(words, {
      env: {...env, ...(sabotage === 'clock' ? clock?.(random) : {})},
      stdin: 'ignore',
      full: sabotage === 'output full',
    })
    if (sabotage === 'signal') setTimeout(() => child.kill(pick(random, SIGNALS)), random(SIGNAL_AFTER_MS))
    if (sabotage === 'reader gone') child.stdout?.destroy()
    return {...(await endOf(child)), sabotage}
  }
}
