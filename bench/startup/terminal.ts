/** A pseudo-terminal that processes can be given: util-linux's `script` makes it and reads what is written to it. */

import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {closeSync, existsSync, openSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'

const LIMIT_MS = 5_000

/** Runs `work` with the terminal's file descriptor; false, and nothing was run, where there is no `script`. */
export async function withTerminal(folder: string, work: (terminal: number) => Promise<void>): Promise<boolean> {
  const file = join(folder, 'terminal')
  // The size first: a process that starts reads it at once.
  const keeper = spawn(
    'script',
    ['-qfc', `stty cols 100 rows 30; tty > ${file}.new; mv ${file}.new ${file}; sleep 600`, '/dev/null'],
    {
      stdio: ['ignore', 'ignore', 'ignore'],
    },
  )
  const ended = once(keeper, 'close').catch(() => {})
  try {
    for (const begun = performance.now(); !existsSync(file); await sleep(10)) {
      if (performance.now() - begun > LIMIT_MS || keeper.pid === undefined) return false
    }
    const terminal = openSync(readFileSync(file, 'utf8').trim(), 'r+')
    try {
      await work(terminal)
    } finally {
      closeSync(terminal)
    }
    return true
  } finally {
    keeper.kill()
    await ended
  }
}
