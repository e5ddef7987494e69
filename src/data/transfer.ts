/** Moves money between two clients: both entries in one transaction, or neither. */

import {type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Settings} from '../core/client.ts'
import type {Entry, TransferPosting} from '../core/entry.ts'
import {entryId} from '../core/entry-id.ts'
import {type Decimal, toMoney} from '../core/money.ts'
import {type PersonQuery, personQuery} from '../core/person-query.ts'
import {type Asked, decideReplay} from '../core/replay.ts'
import {decideTransfer, refuseOneClient} from '../core/transfer.ts'
import {findUnit} from '../core/unit.ts'
import {type Held, lockTwoAccounts} from './accounts.ts'
import {insertTransfer, readEntry} from './entries.ts'
import {candidateRow, candidatesColumn, theSureClient} from './find-client.ts'
import type {Ledger} from './ledger.ts'
import {isReplay, occurredAt, type PostingOptions, referenceFor} from './posting.ts'
import {withAnswer} from './retry.ts'
import {settingsColumns, settingsOf, settingsRow} from './settings.ts'

/** A transfer as it was asked for; clients are ids, codes, phone numbers or names. */
export interface TransferRequest extends PostingOptions {
  readonly from: string
  readonly to: string
  /** Its scale is checked against the unit. */
  readonly amount: Decimal
  readonly unit: string | null
}

export interface TransferAnswer {
  readonly posting: TransferPosting
  readonly settings: Settings
}

/**
 * Takes from one client what it gives to another. Refused: CLIENT_NOT_FOUND and AMBIGUOUS of either, INVALID_AMOUNT,
 * REFERENCE_CONFLICT where either client has the reference for something else, and those of `decideTransfer`.
 */
export async function transfer(ledger: Ledger, request: TransferRequest): Promise<TransferAnswer> {
  const fromQuery = await personQuery(request.from)
  const toQuery = await personQuery(request.to)
  const now = ledger.now()
  const reference = referenceFor(ledger, request, now)

  return withAnswer(ledger, reference, request.dryRun, async (tx, retried) => {
    const found = await find(tx, fromQuery, toQuery)
    const settings = settingsOf(found)
    const unit = request.unit === null ? settings.unit : findUnit(request.unit, settings.countedUnits)
    const from = await theSureClient(tx, fromQuery, found.fromClients, settings.unit)
    const to = await theSureClient(tx, toQuery, found.toClients, settings.unit)
    refuseOneClient(from, to)
    const amount = toMoney(request.amount, unit)
    const around = {
      note: request.note,
      reference,
      occurredAt: await occurredAt(request, settings, now),
      operator: ledger.operator,
    }
    const clients = [
      {id: from.id, name: from.name},
      {id: to.id, name: to.name},
    ] as const
    const held = await lockTwoAccounts(tx, clients, unit, reference)
    const asked = {unit, amount, note: around.note, occurredAt: request.at === null ? null : around.occurredAt}
    const known = await knownTransfer(tx, held, asked, settings)
    if (known !== null) {
      return {settings, posting: {...known, replayed: isReplay(request, retried), dryRun: request.dryRun}}
    }
    const {entry, counterEntry} = decideTransfer(held[0].account, held[1].account, amount, around)
    const [recordedAt = now.toISOString()] = request.dryRun ? [] : await insertTransfer(tx, {entry, counterEntry})
    const posting = {entry: {...entry, recordedAt}, counterEntry: {...counterEntry, recordedAt}}
    return {settings, posting: {...posting, replayed: false, dryRun: request.dryRun}}
  })
}

const foundRow = z.extend(settingsRow, {fromClients: z.array(candidateRow), toClients: z.array(candidateRow)})

async function find(tx: DatabaseTransactionConnection, from: PersonQuery, to: PersonQuery) {
  return tx.one(sql.type(foundRow)`
    select ${settingsColumns}, ${candidatesColumn(from)} as "fromClients", ${candidatesColumn(to)} as "toClients"
    from current_settings() s`)
}

/** Both sides of the transfer that has the reference; null where neither client knows it. Refused: REFERENCE_CONFLICT. */
async function knownTransfer(
  tx: DatabaseTransactionConnection,
  [from, to]: readonly [Held, Held],
  asked: Pick<Asked, 'unit' | 'amount' | 'note' | 'occurredAt'>,
  {unit: ownUnit, countedUnits}: Settings,
): Promise<{readonly entry: Entry; readonly counterEntry: Entry} | null> {
  const side = async (mine: Held, other: Held, direction: 'IN' | 'OUT') => {
    if (mine.replay === null) return null
    const existing = await readEntry(tx, mine.replay, countedUnits)
    const counterClientId = other.account.client.id
    const links = {
      kind: 'transfer',
      direction,
      staffId: null,
      method: null,
      reversesSeq: null,
      counterClientId,
    } as const
    return decideReplay(existing, {...asked, ...links}, entryId(existing, ownUnit))
  }
  // A side is never without the other (entry_transfer_two_sided); one that is known alone is something else.
  const entry = await side(from, to, 'OUT')
  const counterEntry = await side(to, from, 'IN')
  return entry === null || counterEntry === null ? null : {entry, counterEntry}
}
