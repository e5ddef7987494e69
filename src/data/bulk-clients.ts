/** Adds many clients at once, by the rules of adding one (clients.ts), and with ids in the order given. */

import {type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Settings} from '../core/client.ts'
import {codeKey} from '../core/code.ts'
import {type Money, toMoney} from '../core/money.ts'
import {Refusal} from '../core/refusal.ts'
import {int8Array, textArray} from './binary-arrays.ts'
import type {Profile} from './clients.ts'
import {bigintColumn} from './rows.ts'
import {indexNames} from './search-words.ts'

export interface NewClient extends Profile {
  readonly name: string
  /** The folded name. */
  readonly searchKey: string
}

/** All imports that add clients take turns, and so do desks that add one of the same name. */
const ADDING = 4_817_003

/** The id of each, or why it cannot be added: DUPLICATE_CLIENT (same folded name), DUPLICATE_CODE, INVALID_AMOUNT. */
export async function addClients(
  tx: DatabaseTransactionConnection,
  clients: readonly NewClient[],
  settings: Settings,
): Promise<readonly (bigint | Refusal)[]> {
  if (clients.length === 0) return []
  const taken = await takenKeys(tx, clients)
  const outcomes: (bigint | Refusal)[] = []
  const fresh: {client: NewClient; price: Money | null; at: number}[] = []
  clients.forEach((client, at) => {
    const refusal = refusalFor(client, taken)
    if (refusal !== null) {
      outcomes[at] = refusal
      return
    }
    try {
      const price = client.defaultPrice == null ? null : toMoney(client.defaultPrice, settings.unit)
      taken.names.add(client.searchKey)
      if (client.code != null) taken.codes.add(codeKey(client.code) ?? '')
      fresh.push({client, price, at})
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      outcomes[at] = error
    }
  })
  const first = await takeIds(tx, fresh.length)
  await insertClients(tx, fresh, first, settings)
  fresh.forEach(({at}, place) => {
    outcomes[at] = first + BigInt(place)
  })
  return outcomes
}

/** Until no other import adds clients; the turn ends with the transaction. */
export async function waitToAdd(tx: DatabaseTransactionConnection): Promise<void> {
  await tx.query(sql.unsafe`select pg_advisory_xact_lock(${ADDING})`)
}

interface Taken {
  readonly names: Set<string>
  readonly codes: Set<string>
}

async function takenKeys(tx: DatabaseTransactionConnection, clients: readonly NewClient[]): Promise<Taken> {
  const names = [...new Set(clients.map(({searchKey}) => searchKey))].sort()
  const codes = clients.flatMap(({code}) => (code == null ? [] : [codeKey(code) ?? '']))
  // One statement each: what another had added while we waited must be seen by the look that follows.
  await waitToAdd(tx)
  await tx.query(sql.unsafe`
    select pg_advisory_xact_lock(hashtextextended(key, 0))
    from unnest(${sql.binary(textArray(names))}::text[]) with ordinality as q (key, n)
    order by n`)
  const row = z.object({key: z.string(), what: z.enum(['name', 'code'])})
  const found = await tx.any(sql.type(row)`
    select search_key as key, 'name' as what from client where search_key = any(${sql.binary(textArray(names))}::text[])
    union all
    select code_key, 'code' from client_code where code_key = any(${sql.binary(textArray(codes))}::text[])`)
  const keys = (which: 'name' | 'code') => new Set(found.flatMap(({key, what}) => (what === which ? [key] : [])))
  return {names: keys('name'), codes: keys('code')}
}

function refusalFor({name, searchKey, code}: NewClient, taken: Taken): Refusal | null {
  if (taken.names.has(searchKey)) {
    return new Refusal('DUPLICATE_CLIENT', `There is already a client named ${name}`, {
      hint: `If this is another person, add the client with: fleks client add NAME --allow-duplicate`,
    })
  }
  if (code != null && taken.codes.has(codeKey(code) ?? '')) {
    return new Refusal('DUPLICATE_CODE', `The code ${code} belongs to another client`, {
      hint: `See whose it is with: fleks client show ${code}`,
    })
  }
  return null
}

async function takeIds(tx: DatabaseTransactionConnection, count: number): Promise<bigint> {
  const {first} = await tx.one(sql.type(z.object({first: bigintColumn}))`select take_client_ids(${count}) as first`)
  return first
}

interface Fresh {
  readonly client: NewClient
  readonly price: Money | null
}

async function insertClients(
  tx: DatabaseTransactionConnection,
  fresh: readonly Fresh[],
  first: bigint,
  settings: Settings,
): Promise<void> {
  if (fresh.length === 0) return
  const ids = fresh.map((_, at) => first + BigInt(at))
  const texts = (value: (client: NewClient) => string | null | undefined) =>
    sql.binary(textArray(fresh.map(({client}) => value(client) ?? null)))
  await tx.query(sql.unsafe`
    insert into client (
      id, name, search_key, phone, phone_digits, email, code, birth_date, category, source, address, note,
      default_price)
    overriding system value
    select id, name, search_key, phone, phone_digits, email, code, birth_date::date, category, source,
      address, note, default_price
    from unnest(
      ${sql.binary(int8Array(ids))}::bigint[], ${texts(({name}) => name)}::text[],
      ${texts(({searchKey}) => searchKey)}::text[],
      ${texts(({phone}) => phone?.text)}::text[], ${texts(({phone}) => phone?.digits)}::text[],
      ${texts(({email}) => email)}::text[], ${texts(({code}) => code)}::text[],
      ${texts(({birthDate}) => birthDate)}::text[], ${texts(({category}) => category)}::text[],
      ${texts(({source}) => source)}::text[], ${texts(({address}) => address)}::text[],
      ${texts(({note}) => note)}::text[], ${sql.binary(int8Array(fresh.map(({price}) => price)))}::bigint[]
    ) as c (id, name, search_key, phone, phone_digits, email, code, birth_date, category, source, address,
      note, default_price)`)
  const coded = fresh.flatMap(({client: {code}}, at) => (code == null ? [] : [{key: codeKey(code) ?? '', at}]))
  await tx.query(sql.unsafe`
    insert into client_code (code_key, client_id)
    select * from unnest(${sql.binary(textArray(coded.map(({key}) => key)))}::text[],
      ${sql.binary(int8Array(coded.map(({at}) => ids[at] ?? null)))}::bigint[])`)
  await indexNames(
    tx,
    fresh.map(({client: {searchKey}}, at) => ({clientId: first + BigInt(at), searchKey})),
  )
  await tx.query(sql.unsafe`
    insert into account (client_id, unit)
    select id, ${settings.unit.code} from unnest(${sql.binary(int8Array(ids))}::bigint[]) as id`)
}
