/** What this machine or server cannot run is left out of the tests, and says why in words. */

import {spawnSync} from 'node:child_process'

/** Leaves out a test, or in a `before` all those beside it. */
export function skip(test: Mocha.Context, reason: string): void {
  tellSkipped(reason)
  test.skip()
}

/** The same for what only runs where `program` is installed: Node does not bring it, and neither does npm. */
export function skipWithout(test: Mocha.Context, program: string, what: string): void {
  if (spawnSync(program, ['--version']).status !== 0) skip(test, `${what} (${program} is not installed)`)
}

/** Of a part of a test, of which the rest runs. */
export function tellSkipped(reason: string): void {
  process.stderr.write(`      skipped: ${reason}\n`)
}
