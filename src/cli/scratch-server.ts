/** A PostgreSQL of its own for the time of one piece of work, apart from every ledger, and gone afterwards. */

import {chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {bringUpToDate} from '../data/migrate.ts'
import {locate, type ServerLocation} from '../server/location.ts'
import {isAlive, postmasterPid} from '../server/postmaster.ts'
import {ensureServer} from '../server/start.ts'
import {stopServer} from '../server/stop.ts'
import {migrationsFolder} from './connect.ts'

const PREFIX = 'fleks-drill-'

/** Runs `work` with the URL of an empty ledger, in a new folder below the system's temporary one. */
export async function withScratchServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  await sweep()
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  // Root's server runs as another user, who has to pass through.
  if (process.getuid?.() === 0) chmodSync(folder, 0o711)
  const wanted = locate(join(folder, 'data'))
  // A signal ends the process without coming back here.
  const endNow = () => remove(wanted, folder)
  process.once('exit', endNow)
  try {
    const location = await ensureServer(wanted)
    try {
      await bringUpToDate(location.superuserUrl, migrationsFolder())
      return await work(location.superuserUrl)
    } finally {
      await stopServer(location)
    }
  } finally {
    endNow()
    process.off('exit', endNow)
  }
}

function remove(location: ServerLocation, folder: string): void {
  const pid = postmasterPid(location)
  if (pid !== null) process.kill(pid, 'SIGQUIT')
  rmSync(folder, {recursive: true, force: true, maxRetries: 3})
}

/** Removes what a drill that was killed has left. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = /^fleks-drill-(\d+)-/.exec(name) ?? []
    const folder = join(tmpdir(), name)
    if (pid === undefined || isAlive(Number(pid)) || lstatSync(folder).uid !== process.getuid?.()) continue
    const location = locate(join(folder, 'data'))
    await stopServer(location)
    remove(location, folder)
  }
}
