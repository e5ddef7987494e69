/** How often search puts the right client first, over names and queries made by rules; and whether paying ever picks a wrong one. */

import {randomBytes} from 'node:crypto'
import {personQuery} from '../src/core/person-query.ts'
import {Refusal} from '../src/core/refusal.ts'
import {findClient} from '../src/data/find-client.ts'
import type {Ledger} from '../src/data/ledger.ts'
import {openPool} from '../src/data/pool.ts'
import {searchClients} from '../src/data/search.ts'
import {readSettings} from '../src/data/settings.ts'
import {loadPeople} from './search-data/load.ts'
import {makePerson, nameOf} from './search-data/people.ts'
import {CLASSES, makeQuery, type Query} from './search-data/queries.ts'
import {rng} from './search-data/rng.ts'
import {Truth} from './search-data/truth.ts'
import {benchServer} from './servers.ts'

const SEED = Number(process.env.SEED ?? 20261123)
const CLIENTS = Number(process.env.CLIENTS ?? 200_000)
/** Unambiguous queries of each class. */
const PER_CLASS = Number(process.env.PER_CLASS ?? 300)
/** The names of classes to show misses of, or nothing. */
const SHOW = process.env.SHOW
const FIRST_MIN = 0.97
const FIVE_MIN = 0.995

interface Score {
  asked: number
  first: number
  five: number
  /** Queries of the class that fit another client as well, passed over. */
  ambiguous: number
  /** A money command would have taken the right one, refused, or taken a wrong one. */
  taken: number
  wrong: number
}

const random = rng(SEED)
const people = Array.from({length: CLIENTS}, () => makePerson(random))
const truth = new Truth(people)
process.stdout.write(`seed ${SEED}, ${CLIENTS} clients\n`)

const server = await benchServer()
const pool = await openPool(await server.database('quality'))
try {
  await loadPeople(pool, people)
  const ledger: Ledger = {pool, operator: 'bench', now: () => new Date(), randomBytes: (length) => randomBytes(length)}
  const {unit} = await readSettings(pool)
  const total = emptyScore()
  for (const name of Object.keys(CLASSES)) {
    const score = emptyScore()
    for (const {query, at} of queriesOf(name, score)) {
      const id = BigInt(at + 1)
      const {clients} = await searchClients(ledger, query.text, {limit: 20, archived: false})
      score.asked++
      if (clients[0]?.id === id) score.first++
      else if (SHOW === name || SHOW === 'all') {
        const found = clients
          .slice(0, 5)
          .map((client) => client.name)
          .join(', ')
        process.stdout.write(
          `  ${query.text} → ${nameOf(people[at] ?? {words: [], phone: null, code: null})} ${people[at]?.phone}; found: ${found}\n`,
        )
      }
      if (clients.slice(0, 5).some((client) => client.id === id)) score.five++
      const taken = await takenBy(query)
      if (taken === id) score.taken++
      else if (taken !== null) {
        score.wrong++
        process.stdout.write(
          `  WRONG CLIENT TAKEN: ${query.text} is ${nameOf(people[at] ?? {words: [], phone: null, code: null})}, taken was ${nameOf(people[Number(taken) - 1] ?? {words: [], phone: null, code: null})}\n`,
        )
      }
    }
    for (const key of Object.keys(score) as (keyof Score)[]) total[key] += score[key]
    process.stdout.write(line(name, score))
  }
  process.stdout.write(line('all', total))
  const kept = total.first >= FIRST_MIN * total.asked && total.five >= FIVE_MIN * total.asked && total.wrong === 0
  process.stdout.write(
    `first at least ${FIRST_MIN * 100} %, in the first five at least ${FIVE_MIN * 100} %, none wrong: ${kept ? 'kept' : 'MISSED'}\n`,
  )

  async function takenBy({text}: Query): Promise<bigint | null> {
    try {
      return (await findClient(pool, await personQuery(text), unit)).id
    } catch (error) {
      if (error instanceof Refusal) return null
      throw error
    }
  }
} finally {
  await pool.end()
  await server.stop()
}

function* queriesOf(className: string, score: Score): Generator<{readonly query: Query; readonly at: number}> {
  const own = rng(SEED + className.length * 7919 + (className.codePointAt(0) ?? 0))
  let made = 0
  for (let tries = 0; made < PER_CLASS && tries < PER_CLASS * 100; tries++) {
    const at = own.below(people.length)
    const person = people[at]
    const query = person === undefined ? null : makeQuery(className, person, own)
    if (query === null) continue
    if (truth.unambiguous(query, at)) {
      made++
      yield {query, at}
    } else score.ambiguous++
  }
}

function emptyScore(): Score {
  return {asked: 0, first: 0, five: 0, ambiguous: 0, taken: 0, wrong: 0}
}

function line(name: string, {asked, first, five, ambiguous, taken, wrong}: Score): string {
  const percent = (count: number) => `${((100 * count) / Math.max(1, asked)).toFixed(1).padStart(6)} %`
  return `${name.padEnd(36)} ${String(asked).padStart(5)} asked ${percent(first)} first ${percent(five)} in five; taken to pay ${percent(taken)}, wrong ${wrong}; ${ambiguous} ambiguous passed over\n`
}
