/** Posts to one account: one transaction, top to bottom: find, lock, decide, write. */

import {type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Settings} from '../core/client.ts'
import type {Direction, Kind, Method, Person, Posting} from '../core/entry.ts'
import {entryId} from '../core/entry-id.ts'
import {
  type Circumstances,
  decideAdjustment,
  decideOpening,
  decidePayment,
  decideRefund,
  decideTopup,
  type EntryDraft,
  type HeldAccount,
} from '../core/ledger.ts'
import {parseMoment} from '../core/moment.ts'
import {type Decimal, type Money, toMoney} from '../core/money.ts'
import {type PersonQuery, personQuery} from '../core/person-query.ts'
import {newReference} from '../core/reference.ts'
import {Refusal} from '../core/refusal.ts'
import {decideReplay} from '../core/replay.ts'
import {findUnit, type Unit} from '../core/unit.ts'
import {lockAccount} from './accounts.ts'
import {insertEntry, readEntry} from './entries.ts'
import {candidateRow, candidatesColumn, theSureClient} from './find-client.ts'
import {staffCandidateRow, staffColumn, theOneStaff} from './find-staff.ts'
import type {Ledger} from './ledger.ts'
import {withAnswer} from './retry.ts'
import {settingsColumns, settingsOf, settingsRow} from './settings.ts'

/** What every posting may say beside who and how much; null is what the caller left open. */
export interface PostingOptions {
  readonly note: string | null
  readonly reference: string | null
  /** As typed; read in the business's time zone. Null: now. */
  readonly at: string | null
  readonly dryRun: boolean
}

/** A posting as it was asked for; null is what the caller left open. */
export interface PostingRequest extends PostingOptions {
  /** An id, a code, a phone number or a name. */
  readonly client: string
  /** Its scale is checked against the unit; null, for a payment: the client's default price. */
  readonly amount: Decimal | null
  readonly unit: string | null
  /** An id or a name. */
  readonly staff: string | null
  readonly method: Method | null
}

/** Money comes in from a client. Refusals: CLIENT_NOT_FOUND, AMBIGUOUS, INVALID_AMOUNT, and those of `decideTopup`. */
export async function topup(ledger: Ledger, request: PostingRequest): Promise<Answer> {
  return post(ledger, request, {kind: 'topup', direction: 'IN', decide: decideTopup})
}

/** A client is charged for a service. Refusals: as `topup`, STAFF_NOT_FOUND, and those of `decidePayment`. */
export async function pay(ledger: Ledger, request: PostingRequest): Promise<Answer> {
  return post(ledger, request, {kind: 'payment', direction: 'OUT', decide: decidePayment})
}

/** Money is handed back to a client. Refusals: as `topup`, STAFF_NOT_FOUND, and those of `decideRefund`. */
export async function refund(ledger: Ledger, request: PostingRequest): Promise<Answer> {
  return post(ledger, request, {kind: 'refund', direction: 'OUT', decide: decideRefund})
}

/** A balance is put right, for the reason in `request.note`. Refusals: as `topup`, and those of `decideAdjustment`. */
export async function adjust(ledger: Ledger, direction: Direction, request: PostingRequest): Promise<Answer> {
  const decide: Decide = (account, amount, around) => decideAdjustment(account, direction, amount, around)
  return post(ledger, request, {kind: 'adjustment', direction, decide})
}

/** A balance is brought from an older book. Refusals: as `topup`, and those of `decideOpening`. */
export async function openAccount(ledger: Ledger, request: PostingRequest): Promise<Answer> {
  return post(ledger, request, {kind: 'opening', direction: 'IN', decide: decideOpening})
}

export interface Answer {
  readonly posting: Posting
  readonly settings: Settings
}

type Decide = (account: HeldAccount, amount: Money, around: Circumstances) => EntryDraft

interface Verb {
  readonly kind: Kind
  readonly direction: Direction
  readonly decide: Decide
}

async function post(ledger: Ledger, request: PostingRequest, {kind, direction, decide}: Verb): Promise<Answer> {
  const client = await personQuery(request.client)
  const staff = request.staff === null ? null : await personQuery(request.staff)
  const now = ledger.now()
  const reference = referenceFor(ledger, request, now)

  return withAnswer(ledger, reference, request.dryRun, async (tx, retried) => {
    const found = await find(tx, client, staff)
    const settings = settingsOf(found)
    const unit = request.unit === null ? settings.unit : findUnit(request.unit, settings.countedUnits)
    const who = await theSureClient(tx, client, found.clients, settings.unit)
    const person = {id: who.id, name: who.name}
    const amount = amountOf(request.amount, kind, {person, defaultPrice: who.defaultPrice}, unit, settings)
    const around: Circumstances = {
      staff: staff === null ? null : theOneStaff(staff, found.staff),
      method: request.method,
      note: request.note,
      reference,
      occurredAt: await occurredAt(request, settings, now),
      operator: ledger.operator,
    }
    const {account, replay} = await lockAccount(tx, person, unit, reference)
    if (replay !== null) {
      const existing = await readEntry(tx, replay, settings.countedUnits)
      const asked = {
        kind,
        direction,
        unit,
        amount: request.amount === null ? null : amount,
        staffId: around.staff?.id ?? null,
        method: around.method,
        note: around.note,
        reversesSeq: null,
        counterClientId: null,
        occurredAt: request.at === null ? null : around.occurredAt,
      }
      const entry = decideReplay(existing, asked, entryId(existing, settings.unit))
      return {settings, posting: {entry, replayed: isReplay(request, retried), dryRun: request.dryRun}}
    }
    const draft = decide(account, amount, around)
    const recordedAt = request.dryRun ? now.toISOString() : await insertEntry(tx, draft)
    return {settings, posting: {entry: {...draft, recordedAt}, replayed: false, dryRun: request.dryRun}}
  })
}

/** Fixed before the first try, so that a second one can tell whether the first was committed. */
export function referenceFor(ledger: Ledger, {reference}: PostingOptions, now: Date): string {
  return reference ?? newReference(now.getTime(), ledger.randomBytes(10))
}

/** RFC 3339 in UTC. */
export async function occurredAt({at}: PostingOptions, {timeZone}: Settings, now: Date): Promise<string> {
  return (at === null ? now : await parseMoment(at, timeZone, now)).toISOString()
}

/** Whether an entry found under the reference was there before: one made here can only be our own, from a try before. */
export function isReplay({reference}: PostingOptions, retried: boolean): boolean {
  return !(retried && reference === null)
}

const foundRow = z.extend(settingsRow, {clients: z.array(candidateRow), staff: z.array(staffCandidateRow)})

async function find(tx: DatabaseTransactionConnection, client: PersonQuery, staff: PersonQuery | null) {
  return tx.one(sql.type(foundRow)`
    select ${settingsColumns}, ${candidatesColumn(client)} as clients, ${staffColumn(staff)} as staff
    from current_settings() s`)
}

interface Priced {
  readonly person: Person
  readonly defaultPrice: Money | null
}

export function amountOf(
  amount: Decimal | null,
  kind: Kind,
  {person, defaultPrice}: Priced,
  unit: Unit,
  settings: Settings,
): Money {
  if (amount !== null) return toMoney(amount, unit)
  if (kind !== 'payment') throw new Refusal('USAGE', 'The amount is missing', {hint: 'Name it, as in 12.50'})
  if (defaultPrice !== null && unit.code === settings.unit.code) return defaultPrice
  throw new Refusal('USAGE', `${person.name} has no default price in ${unit.code}, so the amount is needed`, {
    hint: `Name the amount, or set one with: fleks client edit ${person.id} --default-price AMOUNT`,
  })
}
