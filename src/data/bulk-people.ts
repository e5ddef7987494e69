/** Finds many clients and staff at once, each text by the same rules as one (find-client.ts, find-staff.ts). */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import {type PersonQuery, personQuery} from '../core/person-query.ts'
import {Refusal, valueOrRefusal} from '../core/refusal.ts'
import type {Unit} from '../core/unit.ts'
import {int4Array, int8Array, int8Column, textArray, textColumn} from './binary-arrays.ts'
import {
  CANDIDATES_MAX,
  candidateRow,
  candidatesRow,
  type FoundClient,
  isAsTyped,
  soughtWords,
  theSureClient,
} from './find-client.ts'
import {STAFF_READ_MAX, type StaffCandidate, staffCandidateRow, theOneStaff} from './find-staff.ts'

/** Who each text means, or why it means nobody. */
export interface People {
  readonly clients: ReadonlyMap<string, FoundClient | Refusal>
  readonly staff: ReadonlyMap<string, StaffCandidate | Refusal>
}

/** As many texts as are looked for in one statement in every way that a single one is. */
const LOOKED_FOR_AT_ONCE = 200

/**
 * Two statements for the clients, however many; one more for each `LOOKED_FOR_AT_ONCE` that are unknown or named in
 * part; and one for each that is found in another spelling than the typed one.
 */
export async function findPeople(
  db: CommonQueryMethods,
  clientTexts: ReadonlySet<string>,
  staffTexts: ReadonlySet<string>,
  unit: Unit,
): Promise<People> {
  return {clients: await findClients(db, clientTexts, unit), staff: await findAllStaff(db, staffTexts)}
}

async function findClients(db: CommonQueryMethods, texts: ReadonlySet<string>, unit: Unit) {
  const queries = await Promise.all([...texts].map(personQuery))
  const found = new Map<number, FoundClient[]>()
  if (queries.length > 0) await collect(db, found, numbered(queries))
  const named = queries.flatMap(({nameKey}, at) => (found.has(at) || nameKey === '' ? [] : [at]))
  if (named.length > 0) await collect(db, found, wholeNames(queries, named))
  const clients = new Map<string, FoundClient | Refusal>()
  const doubtful: PersonQuery[] = []
  for (const [at, query] of queries.entries()) {
    const obvious = theObvious(query, found.get(at) ?? [])
    if (obvious === null) doubtful.push(query)
    else clients.set(query.text, obvious)
  }
  for (let at = 0; at < doubtful.length; at += LOOKED_FOR_AT_ONCE) {
    const some = doubtful.slice(at, at + LOOKED_FOR_AT_ONCE)
    const candidates = await candidatesOfEach(db, some)
    for (const [place, query] of some.entries()) {
      clients.set(query.text, await refusable(theSureClient(db, query, candidates[place] ?? [], unit)))
    }
  }
  return clients
}

/** The candidates of each query, in their order. */
async function candidatesOfEach(db: CommonQueryMethods, queries: readonly PersonQuery[]) {
  const texts = (value: (query: PersonQuery) => string | null) => sql.binary(textColumn(queries, value))
  const rows = await db.any(sql.type(candidatesRow)`
    select find_clients(q.id, q.code_key, q.phone_end, string_to_array(q.local_phones, ' '), q.name_key,
      string_to_array(q.words, ' '), ${CANDIDATES_MAX + 1}) as candidates
    from unnest(
      ${sql.binary(int8Column(queries, ({id}) => id))}::bigint[], ${texts(({codeKey}) => codeKey)}::text[],
      ${texts(({phoneEnd}) => phoneEnd)}::text[], ${texts(({localPhones}) => localPhones.join(' '))}::text[],
      ${texts(({nameKey}) => nameKey)}::text[], ${texts((query) => soughtWords(query).join(' '))}::text[]
    ) with ordinality as q (id, code_key, phone_end, local_phones, name_key, words, n)
    order by q.n`)
  return rows.map(({candidates}) => candidates)
}

/** The one whom a number or a whole name means without a doubt; whoever else is looked for in every way. */
function theObvious({text, localPhones}: PersonQuery, candidates: readonly FoundClient[]): FoundClient | null {
  const [first, second] = candidates
  if (first === undefined || second !== undefined || localPhones.length > 0) return null
  return first.how === 'number' || isAsTyped(text, first.name) ? first : null
}

async function refusable<T>(work: Promise<T>): Promise<T | Refusal> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

const foundRow = z.extend(z.omit(candidateRow, {balance: true}), {n: z.int()})

/** Runs the statement that `hits` (n, id, how) makes and adds what it finds to the candidates of each text. */
async function collect(
  db: CommonQueryMethods,
  found: Map<number, FoundClient[]>,
  hits: ReturnType<typeof sql.fragment>,
): Promise<void> {
  const rows = await db.any(sql.type(foundRow)`
    with hit as materialized (${hits})
    select h.n, c.id::text, c.name, c.search_key as "searchKey", c.phone, c.code, c.archived_at is not null as archived,
      c.default_price::text as "defaultPrice", h.how
    from hit h
    join client c on c.id = h.id
    order by c.search_key, c.id`)
  for (const {n, ...candidate} of rows) {
    const known = found.get(n)
    if (known === undefined) found.set(n, [candidate])
    else known.push(candidate)
  }
}

/** Those of the queries that have a value, with their places. */
function given<T>(queries: readonly PersonQuery[], value: (query: PersonQuery) => T | null) {
  const places: number[] = []
  const values: T[] = []
  queries.forEach((query, at) => {
    const one = value(query)
    if (one !== null) {
      places.push(at)
      values.push(one)
    }
  })
  return {places: sql.binary(int4Array(places)), values}
}

function numbered(queries: readonly PersonQuery[]) {
  const ids = given(queries, ({id}) => id)
  const codes = given(queries, ({codeKey}) => codeKey)
  const phones = given(queries, ({phoneEnd}) => phoneEnd)
  return sql.fragment`
    select q.n, q.id, 'number' as how
    from unnest(${ids.places}::int[], ${sql.binary(int8Array(ids.values))}::bigint[]) as q (n, id)
    union
    select q.n, k.client_id, 'number'
    from unnest(${codes.places}::int[], ${sql.binary(textArray(codes.values))}::text[]) as q (n, code_key)
    join client_code k on k.code_key = q.code_key
    union
    select q.n, p.id, 'number'
    from unnest(${phones.places}::int[], ${sql.binary(textArray(phones.values))}::text[]) as q (n, phone_end)
    cross join lateral (
      select id from client
      where phone_digits is not null
        and reverse(phone_digits) collate "C" >= reverse(q.phone_end)
        and reverse(phone_digits) collate "C" < reverse(q.phone_end) || ':'
      limit ${CANDIDATES_MAX + 1}
    ) p`
}

function wholeNames(queries: readonly PersonQuery[], places: readonly number[]) {
  return sql.fragment`
    select q.n, w.id, 'whole name' as how
    from unnest(${sql.binary(int4Array(places))}::int[], ${nameKeys(queries, places)}::text[]) as q (n, name_key)
    cross join lateral (select id from client where search_key = q.name_key limit ${CANDIDATES_MAX + 1}) w`
}

function nameKeys(queries: readonly PersonQuery[], places: readonly number[]) {
  return sql.binary(textArray(places.map((at) => queries[at]?.nameKey ?? '')))
}

async function findAllStaff(db: CommonQueryMethods, texts: ReadonlySet<string>) {
  if (texts.size === 0) return new Map<string, StaffCandidate | Refusal>()
  const queries = await Promise.all([...texts].map(personQuery))
  const ids = given(queries, ({id}) => id)
  const keys = given(queries, ({nameKey}) => nameKey)
  const everyone = await db.any(sql.type(staffCandidateRow)`
    select s.id::text, s.name, s.search_key as "searchKey", s.archived_at is not null as archived
    from staff s
    where s.id in (select id from staff order by id limit ${STAFF_READ_MAX})
      or s.id = any(${sql.binary(int8Array(ids.values))}::bigint[])
      or s.search_key = any(${sql.binary(textArray(keys.values))}::text[])
    order by s.search_key`)
  return new Map(queries.map((query) => [query.text, valueOrRefusal(() => theOneStaff(query, everyone))]))
}
