/** Whether commands stay as quick with many clients as with few: whole processes, interleaved, as ratios. */

import {join} from 'node:path'
import {crowdSql} from '../test/support/crowd.ts'
import {interleaved} from './interleave.ts'
import {atMost, report} from './report.ts'
import {benchServer, runSql} from './servers.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 21)
const FEW = 100
const MANY = Number(process.env.CLIENTS ?? 100_000)
const LIMIT = 1.15

const server = await benchServer()
try {
  const few = await server.database('few')
  await runSql(few, crowdSql(FEW))
  const many = await server.database('many')
  await runSql(many, crowdSql(MANY))
  const work: readonly (readonly string[])[] = [
    ['client', 'search', 'fba', '--json'],
    ['client', 'search', 'fbana1 l', '--json'],
    ['client', 'search', 'fbnaa', '--json'],
    ['client', 'search', '0000042', '--json'],
    ['pay', '42', '0.01', '--staff', 'Ina', '--json'],
    ['balance', '42', '--json'],
    ['history', '42', '--json'],
  ]
  for (const args of work) {
    const run = (name: string, url: string) => ({
      name,
      command: process.execPath,
      args: ['bin/run.js', ...args],
      env: {FLEKS_DATABASE_URL: url, XDG_CACHE_HOME: join(server.folder, 'cache')},
    })
    const timings = await interleaved([run(`${FEW} clients`, few), run(`${MANY} clients`, many)], ROUNDS)
    report(timings, {title: `fleks ${args.join(' ')}`, limits: {[`${MANY} clients`]: atMost(LIMIT)}})
  }
} finally {
  await server.stop()
}
