/** Finds the one client that a text means, for commands that must not guess. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import {amountText, type Money} from '../core/money.ts'
import {type PersonQuery, wordsBeginName} from '../core/person-query.ts'
import {Refusal} from '../core/refusal.ts'
import {quoted} from '../core/text.ts'
import type {Unit} from '../core/unit.ts'
import {ownAccount} from './client-rows.ts'
import {idInJson, moneyInJson, textOrNull} from './rows.ts'

/** A client that a text may mean, with what is needed to tell it from a namesake. */
export interface Candidate {
  readonly id: bigint
  readonly name: string
  readonly searchKey: string
  readonly phone: string | null
  readonly code: string | null
  readonly archived: boolean
  readonly defaultPrice: Money | null
  /** In the ledger's own unit; null where the client has no account in it. */
  readonly balance: Money | null
  readonly how: 'number' | 'whole name' | 'words'
}

/** A client that is found without a look at its balance, which only choosing among several needs. */
export type FoundClient = Omit<Candidate, 'balance'>

/** More candidates than this are not listed: the text is too short to mean anyone. */
export const CANDIDATES_MAX = 10

export const candidateRow = z.object({
  id: idInJson,
  name: z.string(),
  searchKey: z.string(),
  phone: textOrNull,
  code: textOrNull,
  archived: z.boolean(),
  defaultPrice: z.nullable(moneyInJson),
  balance: z.nullable(moneyInJson),
  how: z.enum(['number', 'whole name', 'words']),
})

/** A JSON array of candidates, to be a column of another query, so that finding costs no round trip of its own. */
export function candidatesColumn(query: PersonQuery) {
  const {id, codeKey, phoneEnd, localPhones, nameKey} = query
  return sql.fragment`find_clients(
    ${id}::bigint, ${codeKey}::text, ${phoneEnd}::text, ${sql.array([...localPhones], 'text')}, ${nameKey},
    ${sql.array(soughtWords(query), 'text')}, ${CANDIDATES_MAX + 1}::int)`
}

/** The longest first, which the fewest clients have. */
export function soughtWords({nameKey}: PersonQuery): string[] {
  return nameKey === '' ? [] : nameKey.split(' ').toSorted((a, b) => b.length - a.length)
}

export const candidatesRow = z.object({candidates: z.array(candidateRow)})

/** Columns as `find_clients` has them in its JSON. */
async function readCandidates(db: CommonQueryMethods, ids: readonly bigint[]): Promise<readonly Candidate[]> {
  const listed = sql.array(ids.slice(0, CANDIDATES_MAX + 1), 'int8')
  return db.any(sql.type(candidateRow)`
    select c.id::text, c.name, c.search_key as "searchKey", c.phone, c.code, c.archived_at is not null as archived,
      c.default_price::text as "defaultPrice", a.balance::text as balance, 'words' as how
    from client c
    ${ownAccount}
    where c.id = any(${listed})
    order by c.search_key, c.id`)
}

/** The one candidate, or a refusal: CLIENT_NOT_FOUND, AMBIGUOUS. */
function theOneClient(query: PersonQuery, candidates: readonly Candidate[], unit: Unit): Candidate {
  const fitting = candidates.filter(({how, searchKey}) => how !== 'words' || wordsBeginName(query.nameKey, searchKey))
  const [first, second] = fitting
  if (first === undefined) throw clientNotFound(query.text)
  // Where the list was cut, there may be more that fit.
  if (second !== undefined || candidates.length > CANDIDATES_MAX) throw ambiguous(query.text, fitting, unit)
  return first
}

/**
 * As `theOneClient`; and a client whose name was typed in part only counts if nobody else's name is the typed text with
 * a typo or in another spelling: `ana petrova` begins *Anastasia Petrova*, but may well mean *Anna Petrova*. A whole name
 * in another spelling only counts if nobody else's name has the words just as typed.
 */
export async function theSureClient(
  db: CommonQueryMethods,
  query: PersonQuery,
  candidates: readonly Candidate[],
  unit: Unit,
): Promise<Candidate> {
  const client = theOneClient(query, candidates, unit)
  if (client.how === 'number' || (client.how === 'whole name' && isAsTyped(query.text, client.name))) return client
  const {lookalikes} = await import('./lookalikes.ts')
  const others = await lookalikes(db, query.text, client, client.how === 'whole name')
  if (others.length === 0) return client
  throw ambiguous(query.text, await readCandidates(db, [client.id, ...others]), unit)
}

/** True where not even the case, the accents or the script differ: nothing needs to be asked then. */
export function isAsTyped(text: string, name: string): boolean {
  return text.trim().toLowerCase() === name.toLowerCase()
}

function clientNotFound(text: string): Refusal {
  return new Refusal('CLIENT_NOT_FOUND', `There is no client ${quoted(text)}`, {
    hint: 'Find the client with: fleks client search TEXT',
    details: {text, candidates: []},
  })
}

function ambiguous(text: string, candidates: readonly Candidate[], unit: Unit): Refusal {
  const listed = candidates.slice(0, CANDIDATES_MAX)
  const count = candidates.length > CANDIDATES_MAX ? `More than ${CANDIDATES_MAX}` : String(candidates.length)
  return new Refusal('AMBIGUOUS', `${count} clients match ${quoted(text)}`, {
    hint: 'Name the client by its id',
    details: {candidates: listed.map((candidate) => candidateJson(candidate, unit))},
  })
}

export function candidateJson(candidate: Omit<Candidate, 'how' | 'searchKey' | 'defaultPrice'>, unit: Unit) {
  const {id, name, phone, code, archived, balance} = candidate
  const balanceText = amountText(balance ?? (0n as Money), unit)
  return {id: Number(id), name, phone, code, balance: balanceText, unit: unit.code, archived}
}

/** Finds one client outside a posting; refusals as `theSureClient`. */
export async function findClient(db: CommonQueryMethods, query: PersonQuery, unit: Unit): Promise<Candidate> {
  const {candidates} = await db.one(sql.type(candidatesRow)`select ${candidatesColumn(query)} as candidates`)
  return theSureClient(db, query, candidates, unit)
}
