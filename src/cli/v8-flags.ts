/** V8's flags for one kind of work. */

import {setFlagsFromString} from 'node:v8'

/** Those to set at the end; none twice. */
const own = new Set<string>()

/**
 * Sets a flag until the program ends; `usual` is what it is otherwise. V8 does not take code that was kept under other
 * flags, and bin/run.js keeps it at the end: every import compiled the program anew, for half of its start.
 */
export function setFlag(flag: string, usual: string): void {
  if (own.size === 0) {
    process.prependOnceListener('exit', () => {
      for (const one of own) setFlagsFromString(one)
    })
  }
  own.add(usual)
  setFlagsFromString(flag)
}
