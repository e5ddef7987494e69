/** Runs a command inside the test's own process: hundreds of cases in the time that a few processes take. */

import {Readable} from 'node:stream'
import {asRefusal, reportFailure} from '../../src/cli/failure.ts'
import {formatAsked} from '../../src/cli/format.ts'
import {LOADERS} from '../../src/commands/index.ts'

export interface OutcomeHere {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

interface HereOptions {
  /** All of the environment that the command sees. */
  readonly env: NodeJS.ProcessEnv
  readonly input?: string | Buffer
}

/** One at a time: a process has one environment, one stdin and one stdout. */
export async function runHere(
  id: string,
  rest: readonly string[],
  {env, input = ''}: HereOptions,
): Promise<OutcomeHere> {
  const said = {stdout: '', stderr: ''}
  const restore = [
    ...(['stdout', 'stderr'] as const).map((name) => captured(name, (text) => (said[name] += text))),
    // What a terminal would answer must not matter, and nobody is there to be asked.
    replaced('stdin', Readable.from(input.length === 0 ? [] : [Buffer.from(input)])),
    replaced('env', {TERM: 'dumb', ...env}),
    replaced('exitCode', undefined),
  ]
  try {
    const load = LOADERS[id]
    if (load === undefined) throw new Error(`There is no command ${id}`)
    const {default: command} = await load()
    command.id = id
    // As src/main.ts does it, without the guards of a process that is all ours.
    await command.run([...rest]).catch((error) => reportFailure(asRefusal(error, null), formatAsked(rest)))
    return {code: Number(process.exitCode ?? 0), ...said}
  } finally {
    for (const undo of restore) undo()
  }
}

function captured(name: 'stdout' | 'stderr', keep: (text: string) => void): () => void {
  const stream = process[name]
  const {write} = stream
  stream.write = ((text: string | Uint8Array, ...more: unknown[]) => {
    keep(typeof text === 'string' ? text : Buffer.from(text).toString())
    const done = more.findLast((one) => typeof one === 'function')
    if (typeof done === 'function') done()
    return true
  }) as typeof write
  return () => {
    stream.write = write
  }
}

function replaced(name: 'stdin' | 'env' | 'exitCode', value: unknown): () => void {
  if (name === 'exitCode') {
    const before = process.exitCode
    process.exitCode = undefined
    return () => {
      process.exitCode = before
    }
  }
  const before = Object.getOwnPropertyDescriptor(process, name)
  Object.defineProperty(process, name, {value, configurable: true, writable: true, enumerable: true})
  return () => {
    if (before !== undefined) Object.defineProperty(process, name, before)
  }
}
