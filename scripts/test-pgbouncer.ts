/**
 * The suites of test/data and test/cli through PgBouncer in transaction mode with one server connection per database:
 * whatever a statement left behind in its session, the next one of another client would meet it. The few
 * tests that need two connections at once run a second time, with more.
 */

import {globSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {ROLE_NAMES} from '../src/core/role.ts'
import {locate} from '../src/server/location.ts'
import {ensureServer} from '../src/server/start.ts'
import {stopServer} from '../src/server/stop.ts'
import {need, ownDirectory, runSuites, SUITES, socketUrl, whileRunning, withFolder} from './suites.ts'

const NARROW = 1
const WIDE = 10
const SKIPS = /skipBehindPooler/

need('pgbouncer', 'Install it with: apt-get install pgbouncer')

await withFolder(async (folder) => {
  const location = await ensureServer(locate(join(folder, 'data')))
  const users = join(folder, 'users')
  writeFileSync(
    users,
    Object.values(ROLE_NAMES)
      .map((name) => `"${name}" ""\n`)
      .join(''),
  )
  try {
    await through(NARROW, SUITES)
    const skipped = SUITES.flatMap((pattern) => globSync(pattern)).filter((file) =>
      SKIPS.test(readFileSync(file, 'utf8')),
    )
    await through(WIDE, skipped)
  } finally {
    await stopServer(location)
  }

  async function through(poolSize: number, suites: readonly string[]): Promise<void> {
    const socketDir = ownDirectory(join(folder, `pool-${poolSize}`))
    const configuration = join(folder, `pgbouncer-${poolSize}.ini`)
    writeFileSync(
      configuration,
      `
[databases]
* = host=${location.socketDir} port=5432

[pgbouncer]
auth_file = ${users}
auth_type = trust
default_pool_size = ${poolSize}
listen_port = 5432
max_client_conn = 500
pool_mode = transaction
unix_socket_dir = ${socketDir}
`,
    )
    const env = {
      FLEKS_TEST_SERVER: location.superuserUrl,
      FLEKS_TEST_POOLER: socketUrl(ROLE_NAMES.desk, socketDir),
      FLEKS_TEST_POOL_SIZE: String(poolSize),
    }
    await whileRunning('pgbouncer', [configuration], socketDir, () => runSuites(env, suites))
  }
})
