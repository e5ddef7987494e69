/** What ends a demo early: Ctrl-C, a termination, a closed terminal, or a reader that has seen enough. */

import {guardSignals, guardStreams} from '../streams.ts'

export interface Interruption {
  readonly signal: AbortSignal
  /** What the program is to exit with; null while nothing ended it early. */
  readonly exitCode: () => number | null
}

/** Instead of exiting at once, as other commands do: the demo must first stop its server and remove its files. */
export function listenForInterruption(): Interruption {
  const controller = new AbortController()
  let exitCode: number | null = null
  const end = (code: number) => {
    exitCode ??= code
    controller.abort()
  }
  guardSignals(end)
  guardStreams({readerGone: () => end(0), failed: end})
  return {signal: controller.signal, exitCode: () => exitCode}
}
