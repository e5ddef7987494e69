/** Clients as a search finds them: as JSON, first to be ranked, and those on the page to be shown. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import type {ClientRow} from '../core/client.ts'
import {type Word, wordCost, wordsOf} from '../core/closeness.ts'
import {codeKey} from '../core/code.ts'
import {type Findable, NONE, searchCost, type Typed} from '../core/search-rank.ts'
import type {Unit} from '../core/unit.ts'
import {clientListRow, clientRowOf} from './client-rows.ts'
import {idInJson, moneyInJson, utcInJson} from './rows.ts'

/** What a client is ranked by, and where the rest of it stands, which is checked when it is shown. */
export interface Hit {
  readonly id: string
  readonly name: string
  readonly searchKey: string
  readonly phoneDigits: string | null
  readonly code: string | null
  readonly columns: Readonly<Record<string, unknown>>
  readonly at: number
}

const texts = z.array(z.string())
const textsOrNull = z.array(z.nullable(z.string()))

/** The hits of `search_rows`: a column is an array, and nobody is null. */
const hitColumns = z.pipe(
  z.nullable(z.looseObject({id: texts, name: texts, searchKey: texts, phoneDigits: textsOrNull, code: textsOrNull})),
  z.transform((columns): readonly Hit[] => {
    if (columns === null) return []
    const {id, name, searchKey, phoneDigits, code} = columns
    return id.map((own, at) => ({
      id: own,
      name: name[at] ?? '',
      searchKey: searchKey[at] ?? '',
      phoneDigits: phoneDigits[at] ?? null,
      code: code[at] ?? null,
      columns,
      at,
    }))
  }),
)

/** The hits of each stage of a search (`search_clients`), together. */
export const stagesColumn = z.pipe(
  z.array(hitColumns),
  z.transform((stages) => stages.flat()),
)

const shownRow = z.extend(clientListRow, {
  id: idInJson,
  defaultPrice: z.nullable(moneyInJson),
  createdAt: utcInJson,
  archivedAt: z.nullable(utcInJson),
  ownBalance: z.nullable(moneyInJson),
})

export function clientOfHit({columns, at}: Hit, own: Unit): ClientRow {
  const cells = Object.entries(columns).map(([name, column]) => [name, Array.isArray(column) ? column[at] : column])
  return clientRowOf(shownRow.parse(Object.fromEntries(cells)), own)
}

const hitsRow = z.object({hits: hitColumns})

/** The answer of a call of `search_far`. */
export async function readHits(db: CommonQueryMethods, call: ReturnType<typeof sql.fragment>): Promise<readonly Hit[]> {
  return (await db.one(sql.type(hitsRow)`select ${call} as hits`)).hits
}

export interface RankedHit {
  readonly hit: Hit
  /** Lower is closer (searchCost). */
  readonly cost: number
}

/** The nearest `limit` of them, nearest first, ties by name and id. */
export function ranked(typed: Typed, hits: readonly Hit[], limit: number): readonly RankedHit[] {
  const distinct = new Map(hits.map((hit) => [hit.id, hit]))
  const costOf = remembered(wordCost)
  return [...distinct.values()]
    .map((hit) => ({hit, cost: searchCost(typed, findable(hit), costOf)}))
    .filter(({cost}) => cost !== NONE)
    .sort((a, b) => a.cost - b.cost || byName(a.hit, b.hit))
    .slice(0, limit)
}

function byName(a: Hit, b: Hit): number {
  return a.searchKey < b.searchKey ? -1 : a.searchKey > b.searchKey ? 1 : Number(a.id) - Number(b.id)
}

/** Many hits share their words: each pair of words is compared once. */
function remembered(costOf: typeof wordCost): typeof wordCost {
  const knownOf = new Map<Word, Map<string, number>>()
  return (typed, kept) => {
    const known = knownOf.get(typed) ?? new Map<string, number>()
    knownOf.set(typed, known)
    const cost = known.get(kept.own) ?? costOf(typed, kept)
    known.set(kept.own, cost)
    return cost
  }
}

function findable({id, name, searchKey, phoneDigits, code}: Hit): Findable {
  return {id: BigInt(id), words: wordsOf(name, searchKey), phoneDigits, codeKey: code === null ? null : codeKey(code)}
}
