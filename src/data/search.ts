/** Client search: forgiving, best match first, by index probes that stop early whatever the number of clients. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import type {ClientRow, Settings} from '../core/client.ts'
import {PART, wordCost, wordsOf} from '../core/closeness.ts'
import {codeKey} from '../core/code.ts'
import {parseClientId} from '../core/entry-id.ts'
import {phoneDigits, withoutCountryCode} from '../core/phone.ts'
import {foldName, keyboardLayouts} from '../core/search-key.ts'
import {NONE, TYPO, type Typed, WHOLE} from '../core/search-rank.ts'
import type {Ledger} from './ledger.ts'
import {farCall, type LikeWords, likeWordsColumn, readLikeWords} from './search-choices.ts'
import {clientOfHit, type RankedHit, ranked, readHits, stagesColumn} from './search-hits.ts'
import {nearCall, type PageOptions} from './search-probes.ts'
import {settingsOf, settingsRow} from './settings.ts'

export interface SearchAnswer {
  readonly clients: readonly ClientRow[]
  readonly settings: Settings
}

/** More typed words than this narrow nothing down. */
const WORDS_MAX = 6

/**
 * The clients that `text` may mean, at most `limit`: by any part of name, phone or code, words in any order, in any
 * script, with a typo, or typed on the wrong keyboard layout. Those archived are left out unless asked for.
 */
export async function searchClients({pool}: Ledger, text: string, options: PageOptions): Promise<SearchAnswer> {
  const look = await lookFor(pool, text, options)
  const best = isEnough(look, options) ? look.near : await bestHits(pool, text, look, options)
  const settings = settingsOf(look.settings)
  return {clients: best.map(({hit}) => clientOfHit(hit, settings.unit)), settings}
}

const lookRow = z.object({settings: settingsRow, hits: stagesColumn, further: z.nullable(likeWordsColumn)})

/** The first look: most searches need no second one. */
interface Look {
  readonly typed: Typed
  readonly near: readonly RankedHit[]
  /** What to look further for, where the database had it that this would be needed. */
  readonly further: LikeWords | null
  readonly settings: z.infer<typeof settingsRow>
}

async function lookFor(db: CommonQueryMethods, text: string, options: PageOptions): Promise<Look> {
  const typed = await typedOf(text)
  const {hits, further, settings} = await db.one(
    sql.type(lookRow)`select settings, hits, further from ${nearCall(typed, options)}`,
  )
  return {typed, near: ranked(typed, hits, options.limit), further, settings}
}

/** Looks further where the near hits are not enough: for parts and typos, and on other keyboard layouts. */
async function bestHits(
  db: CommonQueryMethods,
  text: string,
  look: Look,
  options: PageOptions,
): Promise<readonly RankedHit[]> {
  const asTyped = await farHits(db, look, options)
  if (closest(asTyped) < TYPO) return asTyped
  for (const reading of keyboardLayouts(text)) {
    const retyped = await lookFor(db, reading, options)
    if (closest(retyped.near) < TYPO) return retyped.near
    if (asTyped.length > 0) continue
    const further = await farHits(db, retyped, options)
    if (further.length > 0) return further
  }
  return asTyped
}

function closest(hits: readonly RankedHit[]): number {
  return hits[0]?.cost ?? NONE
}

/**
 * True when parts and typos can add nothing: the page is full of better ones, parts of one word among them; or several
 * words stand in a name as typed (one word may be a part of many others).
 */
function isEnough({typed: {words, digits}, near}: Look, {limit}: PageOptions): boolean {
  if (digits !== null) return near.length > 0
  if (near.length >= limit && (closest(near) < PART * words.length || (near.at(-1)?.cost ?? NONE) < TYPO)) return true
  return words.length > 1 && closest(near) < 2 * WHOLE
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
  {typed, near, further}: Look,
  {limit, archived}: PageOptions,
): Promise<readonly RankedHit[]> {
  if (typed.words.length === 0) return near
  const like = further ?? (await readLikeWords(db, typed))
  const call = farCall(typed, like, {most: 2 * limit, ofOneWord: limit, archived, costOf: wordCost})
  if (call === null) return near
  return ranked(typed, [...near.map(({hit}) => hit), ...(await readHits(db, call))], limit)
}
