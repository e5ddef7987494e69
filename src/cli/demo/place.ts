/** The demo's own place: a temporary folder with a data directory, and an environment that leads nowhere else. */

import {chmodSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {locate} from '../../server/location.ts'
import {stopServer} from '../../server/stop.ts'
import {unavailable} from '../../server/unavailable.ts'

export interface DemoPlace {
  readonly folder: string
  readonly dataDir: string
  /** For the programs that the demo runs. */
  readonly env: NodeJS.ProcessEnv
}

/** Refused (DATABASE_UNAVAILABLE): there is no place for temporary files. */
export function makePlace(env: NodeJS.ProcessEnv = process.env): DemoPlace {
  const folder = makeFolder(tmpdir())
  // Root's server does not run as root, and must be able to pass through.
  if (process.getuid?.() === 0) chmodSync(folder, 0o711)
  const dataDir = join(folder, 'data')
  return {folder, dataDir, env: {...withoutTheUsers(env), HOME: folder, FLEKS_DATA_DIR: dataDir}}
}

function makeFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, 'fleks-demo-'))
  } catch (error) {
    throw unavailable(`No temporary folder can be made in ${parent}`, 'Name another place in: TMPDIR', error)
  }
}

/** Nothing that names the user's own database, data, settings or cache is left. */
function withoutTheUsers(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(FLEKS_|PG|XDG_|DATABASE_URL$)/.test(name)))
}

/** Stops the server and removes every file, also those that had to be put outside the folder. */
export async function removePlace({folder, dataDir}: DemoPlace): Promise<void> {
  const location = locate(dataDir)
  try {
    await stopServer(location, {immediately: true})
  } finally {
    for (const path of [location.baseDir, location.socketDir, folder])
      rmSync(path, {recursive: true, force: true, maxRetries: 5})
  }
}
