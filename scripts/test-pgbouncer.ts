/**
 * The suites of test/data and test/cli through PgBouncer in transaction mode with one server connection per database:
 * whatever a statement left behind in its session, the next one of another client would meet it.
 */

import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {ROLE_NAMES} from '../src/core/role.ts'
import {locate} from '../src/server/location.ts'
import {ensureServer} from '../src/server/start.ts'
import {stopServer} from '../src/server/stop.ts'
import {need, ownDirectory, runSuites, socketUrl, whileRunning, withFolder} from './suites.ts'

const POOL_SIZE = 1

need('pgbouncer', 'Install it with: apt-get install pgbouncer')

await withFolder(async (folder) => {
  const location = await ensureServer(locate(join(folder, 'data')))
  const socketDir = ownDirectory(join(folder, 'pool'))
  const users = join(folder, 'users')
  writeFileSync(
    users,
    Object.values(ROLE_NAMES)
      .map((name) => `"${name}" ""\n`)
      .join(''),
  )
  const configuration = join(folder, 'pgbouncer.ini')
  writeFileSync(
    configuration,
    `
[databases]
* = host=${location.socketDir} port=5432

[pgbouncer]
auth_file = ${users}
auth_type = trust
default_pool_size = ${POOL_SIZE}
listen_port = 5432
max_client_conn = 500
pool_mode = transaction
unix_socket_dir = ${socketDir}
`,
  )
  try {
    await whileRunning('pgbouncer', [configuration], socketDir, () =>
      runSuites({
        FLEKS_TEST_SERVER: location.superuserUrl,
        FLEKS_TEST_POOLER: socketUrl(ROLE_NAMES.desk, socketDir),
        FLEKS_TEST_POOL_SIZE: String(POOL_SIZE),
      }),
    )
  } finally {
    await stopServer(location)
  }
})
