/** Several migrators at once on a new database, one of them killed: it must come out whole. */

import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {codeOf, isConnectionLoss} from '../../../src/data/failure.ts'
import {readMigrations} from '../../../src/data/migrate.ts'
import {MIGRATIONS, plainSql} from '../database.ts'
import {PROGRAM} from '../program.ts'
import type {Place} from './place.ts'
import type {Scene} from './trouble.ts'

const MIGRATORS = 3
const KILL_AFTER_MS = 900
const TRIES = 10
let count = 0

export async function raceMigrators({place, random, env}: Scene): Promise<string | null> {
  const name = `migrated_${++count}`
  const url = place.urlOf(name)
  await ask(place, `create database ${name} template template0`)
  const migrator = () =>
    spawn(process.execPath, [PROGRAM, 'db', 'migrate', '--json'], {
      env: {...env, FLEKS_DATABASE_URL: url},
      stdio: 'ignore',
    })

  const all = Array.from({length: MIGRATORS}, migrator)
  const timer = setTimeout(() => all[0]?.kill('SIGKILL'), random(KILL_AFTER_MS))
  const codes = await Promise.all(all.map(async (child) => (await once(child, 'exit'))[0]))
  clearTimeout(timer)

  const wanted = (await readMigrations(MIGRATIONS)).length
  const applied = await ask(place, 'select version from migration order by version', url)
  await ask(place, `drop database ${name} with (force)`)
  const failed = codes.slice(1).some((code) => code !== 0)
  return failed || applied.length !== wanted
    ? `migrators ended with ${codes}; ${applied.length} of ${wanted} are applied`
    : null
}

/** What an earlier trouble left of the server may end the session; the question stays. */
async function ask(place: Place, text: string, url = place.urlOf()): Promise<readonly Record<string, unknown>[]> {
  for (let tried = 1; ; tried++) {
    await place.start()
    try {
      return await plainSql(url, text, [])
    } catch (error) {
      // 42P04: it was made, and the answer was lost.
      if (codeOf(error) === '42P04') return []
      if (!isConnectionLoss(error) || tried === TRIES) throw error
    }
  }
}
