/** A network of 30 ms there and back: how often a process waits for it. */

import {mkdirSync} from 'node:fs'
import {connect, createServer, type Socket} from 'node:net'
import {join} from 'node:path'
import {serverUrl, socketPath} from '../../src/server/location.ts'
import {inTurns, type Subject} from '../interleave.ts'
import {atMost, report} from '../report.ts'
import {ends} from './desks.ts'
import {byHand, PAY, program, ROUNDS, type World} from './world.ts'

const ONE_WAY_MS = 15
const ROUND_TRIPS_MAX = 4

/** How often the process spoke and then waited for an answer, before and after its connection was up. */
interface Flights {
  connecting: number
  working: number
}

export async function slowNetwork(world: World): Promise<void> {
  const socketDir = join(world.folder, 'slow')
  mkdirSync(socketDir)
  const flights: Flights = {connecting: 0, working: 0}
  const proxy = createServer((desk) => carry(desk, connect(socketPath(world.location)), flights))
  await new Promise<void>((done) => proxy.listen(socketPath({socketDir}), done))
  try {
    const FLEKS_DATABASE_URL = serverUrl({socketDir}, 'fleks_desk')
    const hand = {...byHand(world), env: {FLEKS_DATABASE_URL}}
    const ours = program({...world, env: {...world.env, FLEKS_DATABASE_URL}}, ...PAY, '--json')
    const counted = (part: keyof Flights, subject: Subject) => ({
      name: subject.name,
      measure: async () => {
        Object.assign(flights, {connecting: 0, working: 0})
        await ends(subject)
        return flights[part]
      },
    })
    const rounds = Math.min(ROUNDS, 5)
    report(await inTurns([counted('connecting', hand), counted('connecting', ours)], rounds), {
      title: 'Round trips of 30 ms until the connection is up',
      unit: 'round trips',
      limits: {[ours.name]: atMost(1)},
    })
    const allowed = {name: 'allowed', measure: () => ROUND_TRIPS_MAX}
    report(await inTurns([allowed, counted('working', ours), counted('working', hand)], rounds), {
      title: 'Round trips of 30 ms once the connection is up',
      unit: 'round trips',
      limits: {[ours.name]: atMost(1)},
    })
    const took = (subject: Subject) => ({
      name: subject.name,
      measure: async () => {
        const started = performance.now()
        await ends(subject)
        return performance.now() - started
      },
    })
    report(await inTurns([took(hand), took(ours)], ROUNDS), {title: 'One process with 30 ms of added round trip'})
  } finally {
    proxy.close()
  }
}

/** Carries bytes both ways, each piece 15 ms late and in order, and counts where the process began to wait. */
function carry(desk: Socket, server: Socket, flights: Flights): void {
  let isUp = false
  let asked = false
  desk.on('data', (piece) => {
    // Goodbye ('X') is not waited for.
    if (!asked && piece[0] !== 'X'.charCodeAt(0)) flights[isUp ? 'working' : 'connecting']++
    asked = true
    setTimeout(() => server.write(piece), ONE_WAY_MS)
  })
  server.on('data', (piece) => {
    setTimeout(() => {
      asked = false
      // The server is ready for the first time; 'Z', five bytes of length and state: it ends what it sends.
      if (piece.at(-6) === 'Z'.charCodeAt(0)) isUp = true
      desk.write(piece)
    }, ONE_WAY_MS)
  })
  for (const [one, other] of [
    [desk, server],
    [server, desk],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('end', () => setTimeout(() => other.end(), ONE_WAY_MS))
  }
}
