/** Several migrators at once on a new database, one of them killed: it must come out whole. */

import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readMigrations} from '../../../src/data/migrate.ts'
import {MIGRATIONS, plainSql} from '../database.ts'
import {PROGRAM} from '../program.ts'
import type {Scene} from './trouble.ts'

const MIGRATORS = 3
const KILL_AFTER_MS = 900
let count = 0

export async function raceMigrators({place, random, env}: Scene): Promise<string | null> {
  await place.start()
  const name = `migrated_${++count}`
  await plainSql(place.urlOf(), `create database ${name} template template0`, [])
  const url = place.urlOf(name)
  const start = () =>
    spawn(process.execPath, [PROGRAM, 'db', 'migrate', '--json'], {
      env: {...env, FLEKS_DATABASE_URL: url},
      stdio: 'ignore',
    })
  const all = Array.from({length: MIGRATORS}, start)
  const killed = all[0]
  const timer = setTimeout(() => killed?.kill('SIGKILL'), random(KILL_AFTER_MS))
  const codes = await Promise.all(all.map(async (child) => (await once(child, 'exit'))[0]))
  clearTimeout(timer)

  const rows = await plainSql(url, 'select version from migration order by version', [])
  await plainSql(place.urlOf(), `drop database ${name} with (force)`, [])
  const wanted = (await readMigrations(MIGRATIONS)).length
  const failed = codes.slice(1).some((code) => code !== 0)
  return failed || rows.length !== wanted
    ? `migrators ended with ${codes}, ${rows.length} of ${wanted} are applied`
    : null
}
