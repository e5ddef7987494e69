/** The folder of the installed package. */

import {existsSync} from 'node:fs'
import {dirname, join} from 'node:path'

/** Holds `migrations/`; the bundle lies one folder below it, the source two. */
export function packageRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'migrations')) && folder !== dirname(folder)) folder = dirname(folder)
  return folder
}
