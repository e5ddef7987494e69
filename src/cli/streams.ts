/** Guards of stdout and stderr: a reader that goes away never stops a commit, and a full disk is told. */

import {EXIT_CODES} from '../core/refusal.ts'

/** Takes the place of oclif's own listener, which throws from inside an event. */
export function guardStreams(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error')
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') mute(stream)
      else outputFailed(stream, error)
    })
  }
}

/** `fleks … | head -1`: nobody reads on, and that is fine. */
function mute(stream: NodeJS.WriteStream): void {
  stream.write = (() => true) as typeof stream.write
}

function outputFailed(stream: NodeJS.WriteStream, error: NodeJS.ErrnoException): never {
  if (stream === process.stdout) {
    process.stderr.write(
      `Error: The answer could not be written: ${error.code ?? 'unknown'}; what was committed stays committed\n`,
    )
  }
  process.exit(EXIT_CODES.OUTPUT)
}

/** A signal ends the program at once with its usual code; the database keeps whole transactions only. */
export function guardSignals(): void {
  process.on('SIGINT', () => process.exit(130))
  process.on('SIGTERM', () => process.exit(143))
}
