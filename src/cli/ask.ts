/** Asking people: on stderr, so that stdout keeps the answer alone; Ctrl-C, Ctrl-D and a closed window always leave. */

import {Transform, type TransformCallback} from 'node:stream'
import {Refusal} from '../core/refusal.ts'

interface AskContext {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  readonly signal: AbortSignal
}

/** One prompt; `stop` ends it with a failure of our own, such as a database that went away. */
type Ask<T> = (context: AskContext, stop: (failure: unknown) => void) => Promise<T>

/** Runs one prompt. Refused (INTERRUPTED, exit 130): the person left. */
export async function ask<T>(prompt: Ask<T>): Promise<T> {
  const keys = new Keys()
  const stopped = new AbortController()
  let failure: unknown
  const stop = (error: unknown) => {
    failure = error
    stopped.abort()
  }
  process.stdin.pipe(keys)
  try {
    return await prompt({input: keys, output: process.stderr, signal: stopped.signal}, stop)
  } catch (error) {
    if (stopped.signal.aborted) throw failure
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new Refusal('INTERRUPTED', 'Interrupted; nothing was written')
    }
    throw error
  } finally {
    process.stdin.unpipe(keys)
    process.stdin.pause()
  }
}

const CTRL_C = 0x03
const CTRL_D = 0x04
const CTRL_Z = 0x1a

/**
 * What is typed, without what would strand a prompt. Ctrl-D and a closed terminal end Node's readline without an
 * answer, and the prompt would wait for ever: they leave, as Ctrl-C does. After Ctrl-Z and `fg`, readline reads no
 * more: it does nothing.
 */
class Keys extends Transform {
  readonly isTTY = true

  setRawMode(on: boolean): this {
    process.stdin.setRawMode(on)
    return this
  }

  override _transform(typed: Buffer, _: BufferEncoding, done: TransformCallback): void {
    done(
      null,
      typed.filter((byte) => byte !== CTRL_Z).map((byte) => (byte === CTRL_D ? CTRL_C : byte)),
    )
  }

  override _flush(done: TransformCallback): void {
    done(null, Buffer.of(CTRL_C))
  }
}
