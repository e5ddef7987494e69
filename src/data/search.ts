/** Client search: forgiving, best match first, by index probes that stop early whatever the number of clients. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import type {ClientRow, Settings} from '../core/client.ts'
import {PART, wholeWordCost, wordCost, wordsOf} from '../core/closeness.ts'
import {codeKey} from '../core/code.ts'
import {parseClientId} from '../core/entry-id.ts'
import {phoneDigits, withoutCountryCode} from '../core/phone.ts'
import {foldName, keyboardLayouts} from '../core/search-key.ts'
import {NONE, searchCost, TYPO, type Typed, WHOLE} from '../core/search-rank.ts'
import {clientListColumns, clientListRow, clientRowOf, ownAccount} from './client-rows.ts'
import type {Ledger} from './ledger.ts'
import {textOrNull} from './rows.ts'
import {farWords, idsByPair, idsByWord, longestFirst, nearIds} from './search-probes.ts'
import {readSettings} from './settings.ts'

export interface SearchAnswer {
  readonly clients: readonly ClientRow[]
  readonly settings: Settings
}

/** More typed words than this narrow nothing down. */
const WORDS_MAX = 6
/** Of the words that a typed word may be a part of, the nearest; and of those that it may be a typo of. */
const CHOICES_MAX = 40
const PAIRS_MAX = 300

const hitRow = z.extend(clientListRow, {phoneDigits: textOrNull})
export type Row = z.infer<typeof hitRow>

interface Hit {
  readonly row: Row
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
  const settings = await readSettings(pool)
  const hits = await bestHits(pool, text, options)
  return {clients: hits.map(({row}) => rowOf(row, settings)), settings}
}

async function bestHits(db: CommonQueryMethods, text: string, options: Options): Promise<readonly Hit[]> {
  const typed = await typedOf(text)
  const near = await nearHits(db, typed, options)
  if (isEnough(typed, near, options)) return near
  const asTyped = await farHits(db, typed, near, options)
  if (closest(asTyped) < TYPO) return asTyped
  for (const reading of keyboardLayouts(text)) {
    const retyped = await typedOf(reading)
    const hits = await nearHits(db, retyped, options)
    if (closest(hits) < TYPO) return hits
    const further = asTyped.length > 0 ? hits : await farHits(db, retyped, hits, options)
    if (further.length > 0 && asTyped.length === 0) return further
  }
  return asTyped
}

function closest(hits: readonly Hit[]): number {
  return hits[0]?.cost ?? NONE
}

/**
 * True when parts and typos can add nothing: the page is full of better ones; or several words stand in a name as typed
 * (one word may be a part of many others).
 */
function isEnough({words, digits}: Typed, hits: readonly Hit[], {limit}: Options): boolean {
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

function rowOf({phoneDigits: _, ...row}: Row, settings: Settings): ClientRow {
  return clientRowOf(row, settings.unit)
}

async function nearHits(db: CommonQueryMethods, typed: Typed, options: Options): Promise<readonly Hit[]> {
  const ids = nearIds(typed, options.limit * 3)
  return ids === null ? [] : ordered(typed, await readHits(db, ids, options), options)
}

/** Parts of words and typos: first what the dictionary has of them, then who has the nearest of those. */
async function farHits(
  db: CommonQueryMethods,
  typed: Typed,
  near: readonly Hit[],
  options: Options,
): Promise<readonly Hit[]> {
  if (typed.words.length === 0) return near
  const ids = await farIds(db, typed, options.limit * 3, wordCost)
  if (ids === null) return near
  return ordered(typed, [...near.map(({row}) => row), ...(await readHits(db, ids, options))], options)
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

function ordered(typed: Typed, rows: readonly Row[], {limit}: Options): readonly Hit[] {
  const distinct = new Map(rows.map((row) => [row.id, row]))
  return [...distinct.values()]
    .map((row) => ({row, cost: costOf(typed, row)}))
    .filter(({cost}) => cost !== NONE)
    .sort((a, b) => a.cost - b.cost || compare(a.row.searchKey, b.row.searchKey) || compare(a.row.id, b.row.id))
    .slice(0, limit)
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function costOf(typed: Typed, row: Row): number {
  return searchCost(typed, {
    id: row.id,
    words: wordsOf(row.name, row.searchKey),
    phoneDigits: row.phoneDigits,
    codeKey: row.code === null ? null : codeKey(row.code),
  })
}

export async function readHits(
  db: CommonQueryMethods,
  ids: ReturnType<typeof idsByWord>,
  {archived}: {readonly archived: boolean},
): Promise<readonly Row[]> {
  // An array of ids and not a join: the planner would think a scan of all clients cheaper, and be wrong.
  return db.any(sql.type(hitRow)`
    with found (id) as (${ids})
    select ${clientListColumns}, c.phone_digits as "phoneDigits"
    from client c
    ${ownAccount}
    where c.id = any(array(select id from found)) and (${archived} or c.archived_at is null)`)
}
