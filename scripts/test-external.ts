/**
 * The suites of test/data and test/cli on a PostgreSQL that is not the embedded one: Debian's, in a temporary folder.
 * `POSTGRESQL_BIN` names the folder of another one's programs.
 */

import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {asServerUser, need, ownDirectory, runSuites, socketUrl, whileRunning, withFolder} from './suites.ts'

const DEBIAN = '/usr/lib/postgresql'
const SUPERUSER = 'postgres'

function programs(): string {
  const given = process.env.POSTGRESQL_BIN
  if (given !== undefined && given !== '') return given
  const [oldest] = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(a) - Number(b)) : []
  return join(DEBIAN, oldest ?? '15', 'bin')
}

const bin = programs()
need(join(bin, 'initdb'), 'Install it with: apt-get install postgresql')

await withFolder(async (folder) => {
  const socketDir = ownDirectory(join(folder, 'run'))
  const dataDir = ownDirectory(join(folder, 'data'))
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', dataDir, '-U', SUPERUSER, '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    {...asServerUser(), encoding: 'utf8'},
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stdout}${made.stderr}`)
  const settings = ['listen_addresses=', 'fsync=off', 'max_connections=200', 'timezone=Asia/Tokyo']
  await whileRunning(
    join(bin, 'postgres'),
    ['-D', dataDir, '-k', socketDir, ...settings.flatMap((setting) => ['-c', setting])],
    socketDir,
    () => runSuites({FLEKS_TEST_SERVER: socketUrl(SUPERUSER, socketDir)}),
  )
})
