/** Client search: forgiving, best match first, by index probes that stop early whatever the number of clients. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import type {ClientRow, Settings} from '../core/client.ts'
import {PART, wholeWordCost, wordCost, wordsOf} from '../core/closeness.ts'
import {codeKey} from '../core/code.ts'
import {parseClientId} from '../core/entry-id.ts'
import {phoneDigits, withoutCountryCode} from '../core/phone.ts'
import {foldName, keyboardLayouts} from '../core/search-key.ts'
import {type Findable, NONE, searchCost, TYPO, type Typed, WHOLE} from '../core/search-rank.ts'
import {clientListColumns, clientListRow, clientRowOf, ownAccount} from './client-rows.ts'
import type {Ledger} from './ledger.ts'
import {idInJson, textOrNull} from './rows.ts'
import {farWords, idsByPair, idsByWord, longestFirst, nearIds} from './search-probes.ts'
import {settingsColumns, settingsOf, settingsRow} from './settings.ts'

export interface SearchAnswer {
  readonly clients: readonly ClientRow[]
  readonly settings: Settings
}

/** More typed words than this narrow nothing down. */
const WORDS_MAX = 6
/** Of the words that a typed word may be a part of, the nearest; and of those that it may be a typo of. */
const CHOICES_MAX = 40
const PAIRS_MAX = 300

const hitRow = z.object({
  id: idInJson,
  name: z.string(),
  searchKey: z.string(),
  phoneDigits: textOrNull,
  code: textOrNull,
})
/** What of a client is needed to rank it. */
export type Hit = z.infer<typeof hitRow>
const hitsRow = z.object({hits: z.array(hitRow)})
const firstRow = z.extend(settingsRow, {hits: z.array(hitRow)})

interface RankedHit {
  readonly hit: Hit
  /** Lower is closer (searchCost). */
  readonly cost: number
}

interface Options {
  readonly limit: number
  readonly archived: boolean
}

/**
 * The clients that `text` may mean, at most `limit`: by any part of name, phone or code, words in any order, in any
 * script, with a typo, or typed on the wrong keyboard layout. Those archived are left out unless asked for.
 */
export async function searchClients({pool}: Ledger, text: string, options: Options): Promise<SearchAnswer> {
  const typed = await typedOf(text)
  // The settings come with the first look: most searches need no second one.
  const first = await pool.one(sql.type(firstRow)`
    select ${settingsColumns}, ${hitsColumn(nearIds(typed, options.limit), options)} as hits from current_settings() s`)
  const settings = settingsOf(first)
  const near = ranked(typed, first.hits, options)
  const best = isEnough(typed, near, options) ? near : await bestHits(pool, text, typed, near, options)
  const rows = best.length === 0 ? [] : await readRows(pool, best)
  return {clients: rows.map((row) => clientRowOf(row, settings.unit)), settings}
}

/** Looks further where the near hits are not enough: for parts and typos, and on other keyboard layouts. */
async function bestHits(
  db: CommonQueryMethods,
  text: string,
  typed: Typed,
  near: readonly RankedHit[],
  options: Options,
): Promise<readonly RankedHit[]> {
  const asTyped = await farHits(db, typed, near, options)
  if (closest(asTyped) < TYPO) return asTyped
  for (const reading of keyboardLayouts(text)) {
    const retyped = await typedOf(reading)
    const hits = ranked(retyped, await readHits(db, nearIds(retyped, options.limit), options), options)
    if (closest(hits) < TYPO) return hits
    if (asTyped.length > 0) continue
    const further = await farHits(db, retyped, hits, options)
    if (further.length > 0) return further
  }
  return asTyped
}

function closest(hits: readonly RankedHit[]): number {
  return hits[0]?.cost ?? NONE
}

/**
 * True when parts and typos can add nothing: the page is full of better ones; or several words stand in a name as typed
 * (one word may be a part of many others).
 */
function isEnough({words, digits}: Typed, hits: readonly RankedHit[], {limit}: Options): boolean {
  if (digits !== null) return hits.length > 0
  if (hits.length >= limit && closest(hits) < PART * words.length) return true
  return words.length > 1 && closest(hits) < 2 * WHOLE
}

export async function typedOf(text: string): Promise<Typed> {
  const key = await foldName(text)
  const digits = phoneDigits(text)
  return {
    key,
    words: wordsOf(text, key).slice(0, WORDS_MAX),
    digits: digits !== null && digits.length >= 3 ? digits : null,
    localPhones: withoutCountryCode(text),
    codeKey: codeKey(text),
    id: parseClientId(text),
  }
}

/** Parts of words and typos: first what the dictionary has of them, then who has the nearest of those. */
async function farHits(
  db: CommonQueryMethods,
  typed: Typed,
  near: readonly RankedHit[],
  options: Options,
): Promise<readonly RankedHit[]> {
  if (typed.words.length === 0) return near
  const ids = await farIds(db, typed, 2 * options.limit, wordCost)
  if (ids === null) return near
  return ranked(typed, [...near.map(({hit}) => hit), ...(await readHits(db, ids, options))], options)
}

/** Ids of clients that have the words that the typed ones may be meant for, nearest first; null where there are none. */
export async function farIds(db: CommonQueryMethods, typed: Typed, most: number, costOf: typeof wordCost) {
  const choices = await chosenWords(db, typed, costOf)
  const [first = [], second, ...rest] = choices.map((words) => words.map(({word}) => word))
  if (choices.some((words) => words.length === 0)) return null
  if (second === undefined) return idsByWord(first, most)
  return idsByPair(nearestPairs(choices[0] ?? [], choices[1] ?? []), rest, most)
}

interface Choice {
  readonly word: string
  readonly cost: number
  /** True where it is the word as a whole. */
  readonly whole: boolean
}

const choiceRow = z.object({n: z.int(), word: z.string()})

/** For every typed word, the longest first, the words it may stand for, nearest first. */
async function chosenWords(
  db: CommonQueryMethods,
  typed: Typed,
  costOf: typeof wordCost,
): Promise<readonly (readonly Choice[])[]> {
  const rows = await db.any(sql.type(choiceRow)`${farWords(typed)}`)
  const choices = longestFirst(typed).map((): Choice[] => [])
  const words = longestFirst(typed).map((folded) => typed.words.find((word) => word.folded === folded))
  for (const {n, word} of rows) {
    const own = words[n]
    const [kept] = wordsOf(word, word)
    if (own === undefined || kept === undefined) continue
    const cost = costOf(own, kept)
    if (cost !== NONE) choices[n]?.push({word, cost, whole: wholeWordCost(own, kept) !== NONE})
  }
  return choices.map(nearestChoices)
}

function nearestChoices(choices: readonly Choice[]): readonly Choice[] {
  const sorted = choices.toSorted((a, b) => a.cost - b.cost || compare(a.word, b.word))
  const nearest = [...sorted.slice(0, CHOICES_MAX), ...sorted.filter(({whole}) => whole).slice(0, CHOICES_MAX)]
  return [...new Set(nearest)].sort((a, b) => a.cost - b.cost)
}

function nearestPairs(first: readonly Choice[], second: readonly Choice[]): readonly (readonly [string, string])[] {
  return first
    .flatMap((a) => second.map((b) => ({pair: [a.word, b.word] as const, cost: a.cost + b.cost})))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, PAIRS_MAX)
    .map(({pair}) => pair)
}

function ranked(typed: Typed, hits: readonly Hit[], {limit}: Options): readonly RankedHit[] {
  const distinct = new Map(hits.map((hit) => [hit.id, hit]))
  const costOf = remembered(wordCost)
  return [...distinct.values()]
    .map((hit) => ({hit, cost: searchCost(typed, findable(hit), costOf)}))
    .filter(({cost}) => cost !== NONE)
    .sort((a, b) => a.cost - b.cost || compare(a.hit.searchKey, b.hit.searchKey) || compare(a.hit.id, b.hit.id))
    .slice(0, limit)
}

/** Many hits share their words: each pair of words is compared once. */
function remembered(costOf: typeof wordCost): typeof wordCost {
  const known = new Map<string, number>()
  return (typed, kept) => {
    const key = `${typed.own} ${kept.own}`
    const cost = known.get(key) ?? costOf(typed, kept)
    known.set(key, cost)
    return cost
  }
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function findable({id, name, searchKey, phoneDigits, code}: Hit): Findable {
  return {id, words: wordsOf(name, searchKey), phoneDigits, codeKey: code === null ? null : codeKey(code)}
}

type Ids = ReturnType<typeof idsByWord>

/** A JSON array of `hitRow` of those ids. */
function hitsColumn(ids: Ids | null, {archived}: {readonly archived: boolean}) {
  if (ids === null) return sql.fragment`'[]'::json`
  // An array of ids and not a join: the planner would think a scan of all clients cheaper, and be wrong.
  return sql.fragment`(
    select coalesce(json_agg(row_to_json(hit)), '[]')
    from (
      select c.id::text, c.name, c.search_key as "searchKey", c.phone_digits as "phoneDigits", c.code
      from client c
      where c.id = any(array(${ids})) and (${archived} or c.archived_at is null)
    ) hit
  )`
}

export async function readHits(
  db: CommonQueryMethods,
  ids: Ids | null,
  options: {readonly archived: boolean},
): Promise<readonly Hit[]> {
  return ids === null ? [] : (await db.one(sql.type(hitsRow)`select ${hitsColumn(ids, options)} as hits`)).hits
}

/** The hits in full, in their order. */
async function readRows(db: CommonQueryMethods, hits: readonly RankedHit[]) {
  const rows = await db.any(sql.type(clientListRow)`
    select ${clientListColumns}
    from client c
    ${ownAccount}
    where c.id = any(${sql.array(
      hits.map(({hit}) => hit.id),
      'int8',
    )})`)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return hits.flatMap(({hit}) => byId.get(hit.id) ?? [])
}
