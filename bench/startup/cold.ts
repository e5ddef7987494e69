/** The first commands: where there is no database yet, and where its server does not run. */

import {spawn} from 'node:child_process'
import {chmodSync, chownSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {prepareBinaries} from '../../src/server/binaries.ts'
import {serverEnvironment} from '../../src/server/cluster.ts'
import {serverIdentity} from '../../src/server/identity.ts'
import {socketAnswers} from '../../src/server/socket.ts'
import {stopServer} from '../../src/server/stop.ts'
import {inTurns, timed} from '../interleave.ts'
import {atMost, report} from '../report.ts'
import {runSql} from '../servers.ts'
import {fleks, PAY, program, SLOW_ROUNDS, tellSkipped, type World} from './world.ts'

/** As anyone would write it; $1 the new folder, $2 the programs, $3 the migrations. */
const SCRIPT = `set -e
export PATH="$2:$PATH" PGHOST="$1" PGUSER=fleks
initdb -D "$1/cluster" -U fleks --auth=trust >/dev/null
pg_ctl -D "$1/cluster" -o "-k $1 -c listen_addresses=''" -l "$1/log" -w start >/dev/null
psql -qX -d postgres -c 'create database fleks'
cat "$3"/0*.sql | psql -qX -v ON_ERROR_STOP=1 -d fleks
`

export async function firstCommand(world: World): Promise<void> {
  const title = 'The first command ever'
  const identity = serverIdentity(world.location.clusterDir)
  const programs = join(prepareBinaries(world.location, identity).folder, 'bin')
  const script = join(world.folder, 'first.sh')
  writeFileSync(script, SCRIPT)
  chmodSync(script, 0o644)
  try {
    timed({name: 'psql', command: 'psql', args: ['--version']})
  } catch {
    return tellSkipped(title, 'the scripts need psql, and it is not here (apt-get install postgresql-client)')
  }
  const byScripts = join(world.folder, 'first')
  const ours = {
    ...world,
    env: {...world.env, FLEKS_DATA_DIR: join(world.folder, 'new'), XDG_CACHE_HOME: join(world.folder, 'new-cache')},
  }
  const add = program(ours, 'client', 'add', 'Anna', '--json')
  const measured = await inTurns(
    [
      {
        name: 'initdb, pg_ctl start, psql -f',
        before: () => {
          mkdirSync(byScripts, {mode: 0o700})
          if (identity !== null) chownSync(byScripts, identity.uid, identity.gid)
        },
        measure: () => {
          const args = [script, byScripts, programs, resolve('migrations')]
          const ms = timed({name: 'the scripts', command: 'sh', args, env: {HOME: byScripts, LC_ALL: 'C'}, identity})
          timed({
            name: 'pg_ctl stop',
            command: join(programs, 'pg_ctl'),
            args: ['-D', join(byScripts, 'cluster'), '-m', 'immediate', 'stop'],
            identity,
          })
          rmSync(byScripts, {recursive: true})
          return ms
        },
      },
      {
        name: add.name,
        measure: () => {
          const ms = timed(add)
          fleks(ours.env, 'db', 'stop')
          for (const name of readdirSync(world.folder)) {
            if (name.startsWith('new')) rmSync(join(world.folder, name), {recursive: true})
          }
          return ms
        },
      },
    ],
    SLOW_ROUNDS,
    1,
  )
  report(measured, {title, limits: {[add.name]: atMost(1.3)}})
}

export async function afterReboot(world: World): Promise<void> {
  const {location} = world
  const identity = serverIdentity(location.clusterDir)
  const programs = join(prepareBinaries(location, identity).folder, 'bin')
  const pay = program(world, ...PAY, '--json')
  const before = () => stopServer(location)
  const measured = await inTurns(
    [
      {
        name: 'postgres, until it answers a query',
        before,
        measure: async () => {
          const started = performance.now()
          startBare(programs, world)
          while (!(await socketAnswers(location))) await sleep(1)
          await runSql(location.superuserUrl, 'select 1')
          return performance.now() - started
        },
      },
      {name: pay.name, before, measure: () => timed(pay)},
      {
        name: 'pg_ctl -w start',
        before,
        measure: () =>
          timed({
            name: 'pg_ctl',
            command: join(programs, 'pg_ctl'),
            args: [
              ...['-D', location.clusterDir, '-o', `-k ${location.socketDir}`],
              ...['-l', join(location.clusterDir, 'bench.log'), '-w', 'start'],
            ],
            env: serverEnvironment(location),
            identity,
          }),
      },
    ],
    SLOW_ROUNDS,
    1,
  )
  report(measured, {title: 'The first command after a reboot', limits: {[pay.name]: atMost(2)}})
}

function startBare(programs: string, {location}: World): void {
  spawn(join(programs, 'postgres'), ['-D', location.clusterDir, '-k', location.socketDir], {
    cwd: '/',
    detached: true,
    env: serverEnvironment(location),
    stdio: 'ignore',
    ...(serverIdentity(location.clusterDir) ?? {}),
  }).unref()
}
