/** Guards of stdout and stderr: a reader that goes away never stops a commit, and a full disk is told. */

import {EXIT_CODES} from '../core/refusal.ts'

/** What a guard does; a command that has to clean up first brings its own. */
interface StreamEnds {
  /** Nobody reads stdout on. */
  readonly readerGone: () => void
  /** stdout or stderr could not be written: leave with this exit code. */
  readonly failed: (exit: number) => void
}

/** Takes the place of oclif's own listener, which throws from inside an event. */
export function guardStreams({readerGone, failed}: StreamEnds = {readerGone: () => {}, failed: process.exit}): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error')
    stream.on('error', (error: NodeJS.ErrnoException) => {
      mute(stream)
      if (error.code !== 'EPIPE') {
        if (stream === process.stdout) tellOutputFailed(error)
        failed(EXIT_CODES.OUTPUT)
      } else if (stream === process.stdout) readerGone()
    })
  }
}

/** `fleks … | head -1`: nobody reads on, and that is fine. */
function mute(stream: NodeJS.WriteStream): void {
  stream.write = (() => true) as typeof stream.write
}

function tellOutputFailed(error: NodeJS.ErrnoException): void {
  process.stderr.write(
    `Error: The answer could not be written: ${error.code ?? 'unknown'}; what was committed stays committed\n`,
  )
}

/**
 * Ends the process once nothing waits to be written, without taking its heap down first and without waiting for the
 * server's goodbye. Not at once: what a write has failed with is told in the next turn.
 */
export function leaveOnceWritten(): void {
  setImmediate(() => {
    if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit()
  })
}

/** Exit codes as a shell knows them: 128 and the signal's number. */
const SIGNAL_EXITS = {SIGHUP: 129, SIGINT: 130, SIGTERM: 143} as const

/** A signal ends the program at once with its usual code; the database keeps whole transactions only. */
export function guardSignals(leave: (exit: number) => void = process.exit): void {
  for (const [name, exit] of Object.entries(SIGNAL_EXITS)) {
    process.removeAllListeners(name)
    process.on(name, () => leave(exit))
  }
}
