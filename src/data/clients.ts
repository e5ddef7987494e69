/** Clients: adding, editing, archiving, showing and listing. Nothing here touches a balance. */

import {type CommonQueryMethods, type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import type {ClientCard, ClientRow, Settings} from '../core/client.ts'
import {codeKey} from '../core/code.ts'
import {cursorText, parseCursor} from '../core/cursor.ts'
import {amountWithUnit, type Decimal, type Money, toMoney} from '../core/money.ts'
import {personQuery} from '../core/person-query.ts'
import type {Phone} from '../core/phone.ts'
import {Refusal} from '../core/refusal.ts'
import {foldName} from '../core/search-key.ts'
import {findUnit} from '../core/unit.ts'
import {readBalances} from './accounts.ts'
import {clientColumns, clientListColumns, clientListRow, clientRow, clientRowOf, ownAccount} from './client-rows.ts'
import {constraintOf} from './failure.ts'
import {candidateJson, findClient} from './find-client.ts'
import type {Ledger} from './ledger.ts'
import {bigintColumn, moneyColumn, moneyOrNull, textOrNull} from './rows.ts'
import {indexWords} from './search-words.ts'
import {readSettings} from './settings.ts'

/** A client's profile as parsed at the edge: undefined leaves a field alone, null empties it. */
export interface Profile {
  readonly phone?: Phone | null
  readonly email?: string | null
  readonly code?: string | null
  /** YYYY-MM-DD. */
  readonly birthDate?: string | null
  readonly category?: string | null
  readonly source?: string | null
  readonly address?: string | null
  readonly note?: string | null
  /** In the ledger's own unit. */
  readonly defaultPrice?: Decimal | null
}

export interface ClientAnswer {
  readonly client: ClientCard
  readonly settings: Settings
}

/** Adds a client. Refused: DUPLICATE_CLIENT (same folded name, unless allowed), DUPLICATE_CODE, INVALID_AMOUNT. */
export async function addClient(
  {pool}: Ledger,
  name: string,
  profile: Profile,
  options: {readonly allowDuplicate: boolean},
): Promise<ClientAnswer> {
  const key = await foldName(name)
  return pool.transaction(async (tx) => {
    const settings = await readSettings(tx)
    if (!options.allowDuplicate) await refuseNamesake(tx, name, key, settings, null)
    const {phone = null, email = null, code = null, birthDate = null} = profile
    const {category = null, source = null, address = null, note = null} = profile
    const price = priceOf(profile.defaultPrice ?? null, settings)
    const {id} = await tx.one(sql.type(z.object({id: bigintColumn}))`
      insert into client (
        name, search_key, phone, phone_digits, email, code, birth_date, category, source, address, note, default_price)
      values (
        ${name}, ${key}, ${phone?.text ?? null}, ${phone?.digits ?? null}, ${email}, ${code}, ${birthDate},
        ${category}, ${source}, ${address}, ${note}, ${price})
      returning id`)
    if (code !== null) await takeCode(tx, id, code)
    await indexWords(tx, id, key)
    await tx.query(sql.unsafe`insert into account (client_id, unit) values (${id}, ${settings.unit.code})`)
    return {client: await readClient(tx, id, settings), settings}
  })
}

/** Changes a profile; refused as `addClient`, and CLIENT_NOT_FOUND, AMBIGUOUS. */
export async function editClient(
  {pool}: Ledger,
  text: string,
  changes: Profile & {readonly name?: string},
  options: {readonly allowDuplicate: boolean},
): Promise<ClientAnswer> {
  const query = await personQuery(text)
  const key = changes.name === undefined ? null : await foldName(changes.name)
  return pool.transaction(async (tx) => {
    const settings = await readSettings(tx)
    const {id} = await findClient(tx, query, settings.unit)
    if (changes.name !== undefined && key !== null) {
      if (!options.allowDuplicate) await refuseNamesake(tx, changes.name, key, settings, id)
      await tx.query(sql.unsafe`
        update client set name = ${changes.name}, search_key = ${key} where id = ${id}`)
      await indexWords(tx, id, key)
    }
    if (changes.code !== undefined) await changeCode(tx, id, changes.code)
    await updateProfile(tx, id, changes, settings)
    return {client: await readClient(tx, id, settings), settings}
  })
}

async function updateProfile(tx: DatabaseTransactionConnection, id: bigint, changes: Profile, settings: Settings) {
  const {phone, email, birthDate, category, source, address, note, defaultPrice} = changes
  const price = defaultPrice === undefined ? undefined : priceOf(defaultPrice, settings)
  const assignments = [
    ...(phone === undefined
      ? []
      : [sql.fragment`phone = ${phone?.text ?? null}, phone_digits = ${phone?.digits ?? null}`]),
    ...(email === undefined ? [] : [sql.fragment`email = ${email}`]),
    ...(birthDate === undefined ? [] : [sql.fragment`birth_date = ${birthDate}`]),
    ...(category === undefined ? [] : [sql.fragment`category = ${category}`]),
    ...(source === undefined ? [] : [sql.fragment`source = ${source}`]),
    ...(address === undefined ? [] : [sql.fragment`address = ${address}`]),
    ...(note === undefined ? [] : [sql.fragment`note = ${note}`]),
    ...(price === undefined ? [] : [sql.fragment`default_price = ${price}`]),
  ]
  if (assignments.length === 0) return
  await tx.query(sql.unsafe`update client set ${sql.join(assignments, sql.fragment`, `)} where id = ${id}`)
}

/**
 * Archives a client; doing it twice changes nothing. Refused: BALANCE_NOT_ZERO while money is owed to the client,
 * unless it is to be kept; CLIENT_NOT_FOUND, AMBIGUOUS.
 */
export async function archiveClient(
  {pool}: Ledger,
  text: string,
  options: {readonly keepBalance: boolean},
): Promise<ClientAnswer> {
  const query = await personQuery(text)
  return pool.transaction(async (tx) => {
    const settings = await readSettings(tx)
    const {id, name} = await findClient(tx, query, settings.unit)
    // Postings lock an account, or open one, which locks the client: both wait here, and see the mark afterwards.
    await tx.query(sql.unsafe`select id from client where id = ${id} for update`)
    const accounts = await tx.any(sql.type(z.object({unit: z.string(), balance: moneyColumn}))`
      select unit, balance from account where client_id = ${id} order by unit for update`)
    const owed = accounts.filter(({balance}) => balance > 0n)
    if (owed.length > 0 && !options.keepBalance) throw balanceNotZero({id, name}, owed, settings)
    await tx.query(sql.unsafe`update client set archived_at = coalesce(archived_at, now()) where id = ${id}`)
    return {client: await readClient(tx, id, settings), settings}
  })
}

/** Brings an archived client back; doing it twice changes nothing. Refused: CLIENT_NOT_FOUND, AMBIGUOUS. */
export async function restoreClient({pool}: Ledger, text: string): Promise<ClientAnswer> {
  const query = await personQuery(text)
  return pool.transaction(async (tx) => {
    const settings = await readSettings(tx)
    const {id} = await findClient(tx, query, settings.unit)
    await tx.query(sql.unsafe`update client set archived_at = null where id = ${id}`)
    return {client: await readClient(tx, id, settings), settings}
  })
}

/** One client in full. Refused: CLIENT_NOT_FOUND, AMBIGUOUS. */
export async function showClient({pool}: Ledger, text: string): Promise<ClientAnswer> {
  const query = await personQuery(text)
  const settings = await readSettings(pool)
  const {id} = await findClient(pool, query, settings.unit)
  return {client: await readClient(pool, id, settings), settings}
}

export interface ClientPage {
  readonly clients: readonly ClientRow[]
  /** Where the list goes on; null at its end. */
  readonly next: string | null
  readonly settings: Settings
}

/** Clients by name, `limit` at a time; those archived only when asked for. */
export async function listClients(
  {pool}: Ledger,
  options: {readonly archived: boolean; readonly limit: number; readonly cursor: string | null},
): Promise<ClientPage> {
  const after = options.cursor === null ? null : parseCursor(options.cursor, ['string', 'number'])
  const settings = await readSettings(pool)
  const rows = await pool.any(sql.type(clientListRow)`
    select ${clientListColumns}
    from client c ${ownAccount}
    where (${options.archived} or c.archived_at is null)
      and ${after === null ? sql.fragment`true` : sql.fragment`(c.search_key, c.id) > (${after[0] ?? ''}, ${after[1] ?? 0})`}
    order by c.search_key, c.id
    limit ${options.limit + 1}`)
  const page = rows.slice(0, options.limit)
  const last = page.at(-1)
  const more = rows.length > options.limit && last !== undefined
  return {
    clients: page.map((row) => clientRowOf(row, settings.unit)),
    next: more ? cursorText([last.searchKey, Number(last.id)]) : null,
    settings,
  }
}

async function readClient(db: CommonQueryMethods, id: bigint, settings: Settings): Promise<ClientCard> {
  const client = await db.one(sql.type(clientRow)`select ${clientColumns} from client c where c.id = ${id}`)
  const balances = await readBalances(db, id, settings.unit, settings.countedUnits)
  return {...client, unit: settings.unit, balances}
}

const namesakeRow = z.object({
  id: bigintColumn,
  name: z.string(),
  phone: textOrNull,
  code: textOrNull,
  archived: z.boolean(),
  balance: moneyOrNull,
})

/** The lock makes two desks that add the same name at once take turns; it goes with the transaction. */
async function refuseNamesake(
  tx: DatabaseTransactionConnection,
  name: string,
  key: string,
  {unit}: Settings,
  exceptId: bigint | null,
): Promise<void> {
  await tx.query(sql.unsafe`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`)
  const namesakes = await tx.any(sql.type(namesakeRow)`
    select c.id, c.name, c.phone, c.code, c.archived_at is not null as archived, a.balance
    from client c ${ownAccount}
    where c.search_key = ${key} and c.id is distinct from ${exceptId}
    order by c.id
    limit 10`)
  const [first] = namesakes
  if (first === undefined) return
  throw new Refusal('DUPLICATE_CLIENT', `There is already a client named ${name}, number ${first.id}`, {
    hint: 'If this is another person, add: --allow-duplicate',
    details: {candidates: namesakes.map((namesake) => candidateJson(namesake, unit))},
  })
}

async function changeCode(tx: DatabaseTransactionConnection, id: bigint, code: string | null): Promise<void> {
  await tx.query(sql.unsafe`delete from client_code where client_id = ${id}`)
  if (code !== null) await takeCode(tx, id, code)
  await tx.query(sql.unsafe`update client set code = ${code} where id = ${id}`)
}

async function takeCode(tx: DatabaseTransactionConnection, id: bigint, code: string): Promise<void> {
  try {
    await tx.query(sql.unsafe`insert into client_code (code_key, client_id) values (${codeKey(code)}, ${id})`)
  } catch (error) {
    if (constraintOf(error) !== 'client_code_pkey') throw error
    throw new Refusal('DUPLICATE_CODE', `The code ${code} belongs to another client`, {
      hint: `See whose it is with: fleks client show ${code}`,
      cause: error,
    })
  }
}

function priceOf(price: Decimal | null, settings: Settings): Money | null {
  return price === null ? null : toMoney(price, settings.unit)
}

function balanceNotZero(
  client: {readonly id: bigint; readonly name: string},
  owed: readonly {readonly unit: string; readonly balance: Money}[],
  settings: Settings,
): Refusal {
  const amounts = owed.map(({unit, balance}) => amountWithUnit(balance, findUnit(unit, settings.countedUnits)))
  return new Refusal('BALANCE_NOT_ZERO', `${client.name} still has ${amounts.join(' and ')}`, {
    hint: 'Spend or hand back the money first, or add: --keep-balance',
    details: {client: {id: Number(client.id), name: client.name}, balances: amounts},
  })
}
