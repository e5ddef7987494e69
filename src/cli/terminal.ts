/** Whether there is a person to ask. */

import type {Format} from '../core/screen.ts'

/** A prompt on an idle pipe would wait for ever, and a script that wants JSON wants no questions. */
export function canAsk(format: Format): boolean {
  const {stdin, stderr, env} = process
  return format === 'table' && stdin.isTTY === true && stderr.isTTY === true && env.TERM !== 'dumb'
}
