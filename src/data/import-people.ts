/** Clients and staff that a file names: found, or added. */

import {type CommonQueryMethods, type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Settings} from '../core/client.ts'
import {codeKey, parseCode} from '../core/code.ts'
import {parseEmail} from '../core/email.ts'
import {CellRefusal} from '../core/import-cells.ts'
import type {PersonLine} from '../core/import-person.ts'
import type {Field} from '../core/import-titles.ts'
import type {DateReader} from '../core/import-values.ts'
import {isTotals} from '../core/import-words.ts'
import {parseBirthDate} from '../core/moment.ts'
import {parseName} from '../core/name.ts'
import {areDifferentPhones, parsePhone} from '../core/phone.ts'
import {Refusal} from '../core/refusal.ts'
import {loadFolding} from '../core/search-key.ts'
import {cleanText, LABEL_MAX, NOTE_MAX, quoted} from '../core/text.ts'
import {textArray} from './binary-arrays.ts'
import {addClients, type NewClient, waitToAdd} from './bulk-clients.ts'
import {bigintColumn, textOrNull} from './rows.ts'

/** A client to add, from what a line says. Throws CellRefusal: INVALID_INPUT, and USAGE where there is no name. */
export async function newClientOf(person: PersonLine, dates: DateReader, now: Date): Promise<NewClient> {
  const fold = await loadFolding()
  const {defaultPrice} = person
  if (person.name === null) {
    throw new CellRefusal('name', new Refusal('USAGE', 'The line has no name', {hint: 'Fill in its name'}))
  }
  const name = checked('name', person.name, parseName)
  if (isTotals(person.name)) {
    throw new CellRefusal(
      'name',
      new Refusal('INVALID_INPUT', `${quoted(person.name)} looks like a sum of lines, and not like a person`, {
        hint: 'Leave the line out; if it is a name, add the client with: fleks client add',
      }),
    )
  }
  const label = (field: Field, max: number) => optional(field, person, (text) => cleanText(field, text, max))
  return {
    name: name ?? '',
    searchKey: fold(name ?? ''),
    phone: optional('phone', person, parsePhone),
    code: optional('code', person, parseCode),
    email: optional('email', person, parseEmail),
    birthDate: optional('birthDate', person, (text) => parseBirthDate(dates(text), now)),
    category: label('category', LABEL_MAX),
    source: label('source', LABEL_MAX),
    address: label('address', NOTE_MAX),
    note: label('note', NOTE_MAX),
    defaultPrice,
  }
}

type TextField = Exclude<keyof PersonLine, 'defaultPrice'>

function optional<T>(field: Field, person: PersonLine, parse: (text: string) => T): T | null {
  const text = person[field as TextField]
  return text === null || text === undefined ? null : checked(field, text, parse)
}

function checked<T>(field: Field, text: string, parse: (text: string) => T): T {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof Refusal) throw new CellRefusal(field, error)
    throw error
  }
}

const knownRow = z.object({
  id: bigintColumn,
  searchKey: z.string(),
  phoneDigits: textOrNull,
  codeKey: textOrNull,
})

/** What became of a client that a line describes. */
export interface Placed {
  readonly id: bigint
  readonly added: boolean
}

/**
 * Finds each client by its code, else by its whole name, or adds it. Two of one name are one where neither has a phone
 * that the other lacks. Refused: DUPLICATE_CLIENT (a namesake with another phone), AMBIGUOUS, DUPLICATE_CODE.
 */
export async function placeClients(
  tx: DatabaseTransactionConnection,
  clients: readonly NewClient[],
  settings: Settings,
): Promise<readonly (Placed | Refusal)[]> {
  const codes = clients.flatMap(({code}) => (code == null ? [] : [codeKey(code) ?? '']))
  const names = clients.map(({searchKey}) => searchKey)
  // What another import adds meanwhile would be seen by neither look.
  await waitToAdd(tx)
  const known = await tx.any(sql.type(knownRow)`
    select c.id, c.search_key as "searchKey", c.phone_digits as "phoneDigits", k.code_key as "codeKey"
    from client c
    left join client_code k on k.client_id = c.id
    where c.search_key = any(${sql.binary(textArray(names))}::text[])
      or c.id in (select client_id from client_code where code_key = any(${sql.binary(textArray(codes))}::text[]))`)
  const byCode = new Map(known.map((one) => [one.codeKey, one]))
  const byName = Map.groupBy(known, ({searchKey}) => searchKey)
  const outcomes = clients.map((client) => existing(client, byCode, byName))
  const missing = clients.flatMap((client, at) => (outcomes[at] === null ? [{client, at}] : []))
  // A name that stands in the file twice is one client.
  const first = new Map<string, number>()
  const fresh = missing.filter(({client, at}) => {
    const before = first.get(client.searchKey)
    if (before === undefined) first.set(client.searchKey, at)
    return before === undefined
  })
  const added = await addClients(
    tx,
    fresh.map(({client}) => client),
    settings,
  )
  fresh.forEach(({at}, place) => {
    const id = added[place]
    outcomes[at] = id instanceof Refusal ? id : {id: id ?? 0n, added: true}
  })
  return outcomes.map((outcome, at) => outcome ?? again(clients, outcomes, first, at))
}

function again(
  clients: readonly NewClient[],
  outcomes: readonly (Placed | Refusal | null)[],
  first: ReadonlyMap<string, number>,
  at: number,
): Placed | Refusal {
  const client = clients[at]
  const before = first.get(client?.searchKey ?? '')
  const outcome = before === undefined ? null : outcomes[before]
  const other = before === undefined ? undefined : clients[before]
  if (client === undefined || outcome === null || outcome === undefined || other === undefined) {
    throw new Error('A client was neither found nor added')
  }
  if (outcome instanceof Refusal) return outcome
  return differ(client.phone?.digits ?? null, other.phone?.digits ?? null)
    ? namesake(client)
    : {id: outcome.id, added: false}
}

type Known = z.infer<typeof knownRow>

function existing(
  client: NewClient,
  byCode: ReadonlyMap<string | null, Known>,
  byName: ReadonlyMap<string, readonly Known[]>,
): Placed | Refusal | null {
  const key = client.code == null ? null : codeKey(client.code)
  const coded = key === null ? undefined : byCode.get(key)
  if (coded !== undefined) return {id: coded.id, added: false}
  const named = byName.get(client.searchKey) ?? []
  const digits = client.phone?.digits ?? null
  const fitting = named.filter(({phoneDigits}) => !differ(phoneDigits, digits))
  const same = fitting.filter(({phoneDigits}) => phoneDigits !== null && digits !== null)
  const [one, other] = same.length > 0 ? same : fitting
  if (one !== undefined && other === undefined) return {id: one.id, added: false}
  if (one !== undefined) {
    return new Refusal('AMBIGUOUS', `Several clients are named ${client.name}`, {hint: 'Give the line a code or phone'})
  }
  return named.length > 0 ? namesake(client) : null
}

/** Whether two phones, each as its digits or null where there is none, are two people's. */
export function differ(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && areDifferentPhones(a, b)
}

export function namesake({name}: NewClient): Refusal {
  return new Refusal('DUPLICATE_CLIENT', `There is already a client named ${name}, with another phone`, {
    hint: 'If this is another person, add the client with: fleks client add NAME --allow-duplicate',
  })
}

/** Adds the staff that are not there yet; true for each that was added. */
export async function placeStaff(db: CommonQueryMethods, names: readonly string[]): Promise<readonly boolean[]> {
  const fold = await loadFolding()
  const keys = names.map(fold)
  // Ids follow those that are there, as those of clients do (bulk-clients.ts).
  const rows = await db.any(sql.type(z.object({key: z.string()}))`
    with asked as materialized (
      select name, key, row_number() over (order by n) - 1 as place
      from (
        select distinct on (key) name, key, n
        from unnest(${sql.binary(textArray(names))}::text[], ${sql.binary(textArray(keys))}::text[])
          with ordinality as s (name, key, n)
        where not exists (select from staff where search_key = key)
        order by key, n
      ) one
    ), taken as materialized (select take_staff_ids((select count(*) from asked)) as first)
    insert into staff (id, name, search_key) overriding system value
    select t.first + a.place, a.name, a.key from asked a, taken t order by a.place
    on conflict (search_key) do nothing
    returning search_key as key`)
  const added = new Set(rows.map(({key}) => key))
  return keys.map((key) => added.delete(key))
}
