/** Client search: forgiving, best match first, by index probes that stop early whatever the number of clients. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import type {ClientRow, Settings} from '../core/client.ts'
import {codeKey} from '../core/code.ts'
import {parseClientId} from '../core/entry-id.ts'
import {phoneDigits} from '../core/phone.ts'
import {deletions, foldName, keyboardLayouts, looseWord} from '../core/search-key.ts'
import {LOOSE_MIN, RANKS, searchRank, type Typed} from '../core/search-rank.ts'
import {clientListColumns, clientListRow, clientRowOf, ownAccount} from './client-rows.ts'
import type {Ledger} from './ledger.ts'
import {textOrNull} from './rows.ts'
import {readSettings} from './settings.ts'

export interface SearchAnswer {
  readonly clients: readonly ClientRow[]
  readonly settings: Settings
}

/** How many distinct words of the dictionary one typed word may stand for. */
const SPELLINGS_MAX = 60
/** More typed words than this narrow nothing down. */
const WORDS_MAX = 6

const hitRow = z.extend(clientListRow, {phoneDigits: textOrNull, looseKey: z.string()})
type Hit = z.infer<typeof hitRow>

/**
 * The clients that `text` may mean, at most `limit`: by any part of name, phone or code, words in any order, in any
 * script, with a typo, or typed on the wrong keyboard layout. Those archived are left out unless asked for.
 */
export async function searchClients(
  {pool}: Ledger,
  text: string,
  options: {readonly limit: number; readonly archived: boolean},
): Promise<SearchAnswer> {
  const settings = await readSettings(pool)
  for (const reading of [text, ...keyboardLayouts(text)]) {
    const typed = await typedOf(reading)
    const hits = ordered(typed, await hitsOf(pool, typed, options), options.limit)
    if (hits.length > 0) return {clients: hits.map((hit) => rowOf(hit, settings)), settings}
  }
  return {clients: [], settings}
}

function rowOf({phoneDigits: _, looseKey: __, ...row}: Hit, settings: Settings): ClientRow {
  return clientRowOf(row, settings.unit)
}

async function typedOf(text: string): Promise<Typed> {
  const key = await foldName(text)
  const words = key === '' ? [] : [...new Set(key.split(' '))].slice(0, WORDS_MAX)
  const digits = phoneDigits(text)
  return {
    words,
    looseWords: words.map(looseWord),
    digits: digits !== null && digits.length >= 3 ? digits.replace(/^0+(?=\d{3})/, '') : null,
    codeKey: codeKey(text),
    id: parseClientId(text),
  }
}

/** The near ones first; the far ones (parts of words, typos) are only looked for while there is room. */
async function hitsOf(
  db: CommonQueryMethods,
  typed: Typed,
  options: {readonly limit: number; readonly archived: boolean},
): Promise<readonly Hit[]> {
  const enough = options.limit * 3
  const near = await read(db, nearIds(typed, enough), options)
  if (near.length >= options.limit || typed.words.length === 0) return near
  return [...near, ...(await read(db, farIds(typed, enough), options))]
}

function ordered(typed: Typed, hits: readonly Hit[], limit: number): readonly Hit[] {
  const distinct = new Map(hits.map((hit) => [hit.id, hit]))
  const ranked = [...distinct.values()].map((hit) => ({hit, rank: rankOf(typed, hit)}))
  return ranked
    .filter(({rank}) => rank < RANKS.none)
    .sort((a, b) => a.rank - b.rank || compare(a.hit.searchKey, b.hit.searchKey) || compare(a.hit.id, b.hit.id))
    .slice(0, limit)
    .map(({hit}) => hit)
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function rankOf(typed: Typed, hit: Hit): number {
  return searchRank(typed, {
    id: hit.id,
    words: hit.searchKey.split(' '),
    looseWords: hit.looseKey.split(' '),
    phoneDigits: hit.phoneDigits,
    codeKey: hit.code === null ? null : codeKey(hit.code),
  })
}

async function read(
  db: CommonQueryMethods,
  ids: ReturnType<typeof nearIds>,
  options: {readonly archived: boolean},
): Promise<readonly Hit[]> {
  // An array of ids and not a join: the planner would think a scan of all clients cheaper, and be wrong.
  return db.any(sql.type(hitRow)`
    with found as (${ids})
    select ${clientListColumns}, c.phone_digits as "phoneDigits", c.loose_key as "looseKey"
    from client c
    ${ownAccount}
    where c.id = any(array(select id from found)) and (${options.archived} or c.archived_at is null)`)
}

/** The longest word is the rarest guess: it is looked up, the others only sift. */
function probeOf({words, looseWords}: Typed) {
  const at = words.reduce((best, word, index) => (word.length > (words[best] ?? '').length ? index : best), 0)
  return {
    word: words[at] ?? '',
    loose: looseWords[at] ?? '',
    others: words.filter((_, index) => index !== at),
    looseOthers: looseWords.filter((_, index) => index !== at),
  }
}

function nearIds(typed: Typed, enough: number) {
  const {word, loose, others, looseOthers} = probeOf(typed)
  const key = typed.words.join(' ')
  return sql.fragment`
    select id from client where id = ${typed.id}
    union all
    select client_id from client_code where code_key = ${typed.codeKey}
    union all
    (select id from client where ${typed.digits !== null} and phone_digits like ${`%${typed.digits ?? ''}%`} limit ${enough})
    union all
    (select id from client
     where ${key !== ''} and search_key >= ${key} and search_key < ${`${key}~`}
     order by search_key, id limit ${enough})
    union all
    (select w.client_id
     from client_word w join client c on c.id = w.client_id
     where ${word !== ''} and w.word >= ${word} and w.word < ${`${word}~`}
       and (select coalesce(bool_and(' ' || c.search_key like '% ' || t || '%'), true) from unnest(${sql.array(others, 'text')}) t)
     order by w.word, w.client_id limit ${enough})
    union all
    (select w.client_id
     from (select word from word where ${loose.length >= LOOSE_MIN} and loose >= ${loose} and loose < ${`${loose}~`} order by loose limit ${SPELLINGS_MAX}) d
     join client_word w on w.word = d.word
     join client c on c.id = w.client_id
     where (select coalesce(bool_and(' ' || c.loose_key like '% ' || t || '%'), true) from unnest(${sql.array(looseOthers, 'text')}) t)
     limit ${enough})`
}

function farIds(typed: Typed, enough: number) {
  const {word, loose, others} = probeOf(typed)
  const prefixes = others.map((other) => `${other}%`)
  const otherVariants = others.flatMap((other) => deletions(looseWord(other)))
  // A trigram index needs three letters to look anything up.
  const part = word.length >= 3 ? `%${word}%` : null
  return sql.fragment`
    (select w.client_id as id
     from (select word from word where word like ${part} order by length(word), word limit ${SPELLINGS_MAX}) d
     join client_word w on w.word = d.word
     join client c on c.id = w.client_id
     where (select coalesce(bool_and(c.search_key like '%' || t || '%'), true) from unnest(${sql.array(others, 'text')}) t)
     limit ${enough})
    union all
    (select w.client_id
     from (
       select word from word
       where ${loose.length >= LOOSE_MIN}
         and loose = any(array(select loose from word_variant where variant = any(${sql.array(deletions(loose), 'text')})))
       union
       (select word from word where word >= ${word} and word < ${`${word}~`} order by word limit ${SPELLINGS_MAX})
       limit ${SPELLINGS_MAX}
     ) d
     join client_word w on w.word = d.word
     join client c on c.id = w.client_id
     where ${others.length === 0} or exists (
       select from client_word w2
       where w2.client_id = w.client_id
         and (w2.word like any(${sql.array(prefixes, 'text')})
           or w2.word = any(array(
             select word from word
             where loose = any(array(select loose from word_variant where variant = any(${sql.array(otherVariants, 'text')})))))))
     limit ${enough})`
}
