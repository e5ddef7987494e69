/** What happens to server and wire while the load runs: one trouble at a time, each in a random moment, each healed. */

import {setTimeout as sleep} from 'node:timers/promises'
import {CUTS, type CuttingProxy} from '../cutting-proxy.ts'
import {plainSql} from '../database.ts'
import {pick, type Random} from '../random.ts'
import {raceMigrators} from './migrators.ts'
import type {Place} from './place.ts'

export interface Scene {
  readonly place: Place
  readonly proxy: CuttingProxy
  readonly random: Random
  /** The environment of programs that find the server by its data directory. */
  readonly env: NodeJS.ProcessEnv
  readonly clients: number
}

export interface Trouble {
  readonly name: string
  /** Ends when it is over; a text is a finding. */
  readonly cause: (scene: Scene) => Promise<string | null>
}

const WINDOW_MS = 1_500

function trouble(name: string, cause: (scene: Scene) => Promise<unknown>): Trouble {
  return {
    name,
    cause: async (scene) => {
      await cause(scene)
      return null
    },
  }
}

const wire: readonly Trouble[] = [
  ...CUTS.map((cut) =>
    trouble(`wire cut ${cut}`, ({proxy, random}) => weather(proxy, random, {cut: () => (random(10) < 7 ? cut : null)})),
  ),
  trouble('wire cut anywhere', ({proxy, random}) => weather(proxy, random, {bytesMax: () => 1 + random(6_000)})),
  trouble('wire slow', ({proxy, random}) => weather(proxy, random, {delayMs: () => random(250)})),
  trouble('wire slow and cut', ({proxy, random}) =>
    weather(proxy, random, {delayMs: () => random(150), cut: () => pick(random, CUTS)}),
  ),
  trouble('wire silent', ({proxy, random}) => weather(proxy, random, {swallows: () => random(5) === 0})),
  trouble('wire refused', ({proxy, random}) => weather(proxy, random, {accepts: () => random(4) === 0})),
]

const sessions: readonly Trouble[] = [
  trouble('a backend killed', async ({place, random}) => {
    const pid = await someBackend(place, random)
    if (pid !== null) tryKill(pid)
    // All of the server's sessions end with it.
    await sleep(random(WINDOW_MS))
  }),
  trouble('a session terminated', (scene) => toSomeBackend(scene, 'pg_terminate_backend')),
  trouble('a query cancelled', (scene) => toSomeBackend(scene, 'pg_cancel_backend')),
  trouble('accounts held by a sleeper', async ({place, random, clients}) => {
    const held = 1 + random(clients)
    await askServer(
      place,
      `begin; select 1 from account where client_id = ${held} for update; select pg_sleep(${(1 + random(20)) / 10}); commit`,
    )
  }),
]

const server: readonly Trouble[] = [
  trouble('the server killed', ({place, random}) => killed(place, random, 'postmaster')),
  trouble('the server killed with all its processes', ({place, random}) => killed(place, random, 'all')),
  trouble('the server stopped and started', async ({place, random}) => {
    await place.stop()
    await sleep(random(WINDOW_MS))
  }),
  trouble('the server frozen', async ({place, random}) => {
    place.signal('SIGSTOP', 'all')
    try {
      await sleep(random(WINDOW_MS))
    } finally {
      place.signal('SIGCONT', 'all')
    }
  }),
]

const diskFull = trouble('the disk full', async ({place, random}) => {
  const free = place.fillDisk?.()
  try {
    await sleep(300 + random(WINDOW_MS))
  } finally {
    free?.()
  }
})

/** Forwards, then, over the entries made meanwhile, backwards, and at last to the real time. */
const clockJumps = trouble('the clock of the server jumps', async ({place, random}) => {
  const clock = await place.clocked?.()
  for (let jumps = 0; jumps < 3; jumps++) {
    await sleep(200 + random(WINDOW_MS))
    clock?.jump(random)
  }
  await sleep(200 + random(WINDOW_MS))
  clock?.set('+0d')
})

const migrators: Trouble = {name: 'migrators at once', cause: raceMigrators}

/** Everything that this machine can do. */
export function troublesAt({fillDisk, clocked}: Place): readonly Trouble[] {
  return [
    ...wire,
    ...sessions,
    ...server,
    migrators,
    ...(fillDisk === null ? [] : [diskFull]),
    ...(clocked === null ? [] : [clockJumps]),
  ]
}

async function weather(proxy: CuttingProxy, random: Random, changes: Parameters<CuttingProxy['setWeather']>[0]) {
  proxy.setWeather(changes)
  await sleep(500 + random(WINDOW_MS))
  proxy.setWeather({})
}

/** A desk of the embedded server starts it again, unless we are quicker. */
async function killed(place: Place, random: Random, what: 'postmaster' | 'all'): Promise<void> {
  place.signal('SIGKILL', what)
  await sleep(random(WINDOW_MS))
}

async function someBackend(place: Place, random: Random): Promise<number | null> {
  const rows = await askServer(place, "select pid from pg_stat_activity where application_name = 'fleks'")
  return rows.length === 0 ? null : Number(pick(random, rows).pid)
}

async function toSomeBackend({place, random}: Scene, what: 'pg_terminate_backend' | 'pg_cancel_backend') {
  const pid = await someBackend(place, random)
  if (pid !== null) await askServer(place, `select ${what}(${pid})`)
}

/** Nothing where the server is away: some other trouble has it. */
async function askServer({urlOf}: Place, text: string): Promise<readonly Record<string, unknown>[]> {
  try {
    return await plainSql(urlOf(), text, [])
  } catch {
    return []
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}
