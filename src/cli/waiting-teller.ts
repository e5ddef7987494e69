/** Tells people, not scripts, that a command waits for an import. */

import type {Format} from '../core/screen.ts'

export function waitingTeller(format: Format): () => void {
  return () => {
    if (format === 'table') process.stderr.write('Waiting for another import to finish\n')
  }
}
