/** Cancels an entry, whole or in part, by a new one in the same account. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import type {EntryKey} from '../core/entry.ts'
import {entryId, type ParsedEntryId} from '../core/entry-id.ts'
import {type Decimal, toMoney} from '../core/money.ts'
import {decideReplay} from '../core/replay.ts'
import {decideReversal, type Original, restOf} from '../core/reversal.ts'
import type {Unit} from '../core/unit.ts'
import {lockAccount} from './accounts.ts'
import {entryColumns, entryOf, entryRow, insertEntry, readEntry} from './entries.ts'
import {findEntry} from './find-entry.ts'
import type {Ledger} from './ledger.ts'
import {type Answer, isReplay, occurredAt, type PostingOptions, referenceFor} from './posting.ts'
import {withAnswer} from './retry.ts'
import {idInJson, moneyInJson} from './rows.ts'

/** A reversal as it was asked for; `note` is the reason. */
export interface ReversalRequest extends PostingOptions {
  readonly entry: ParsedEntryId
  /** Null: all that is left of it. */
  readonly amount: Decimal | null
}

/** Refused: ENTRY_NOT_FOUND, INVALID_AMOUNT, REFERENCE_CONFLICT, and those of `decideReversal`. */
export async function reverse(ledger: Ledger, request: ReversalRequest): Promise<Answer> {
  const now = ledger.now()
  const reference = referenceFor(ledger, request, now)

  return withAnswer(ledger, reference, request.dryRun, async (tx, retried) => {
    const {key, client, settings} = await findEntry(tx, request.entry)
    const {unit} = key
    const amount = request.amount === null ? null : toMoney(request.amount, unit)
    const around = {
      note: request.note,
      reference,
      occurredAt: await occurredAt(request, settings, now),
      operator: ledger.operator,
    }
    const {account, replay} = await lockAccount(tx, client, unit, reference)
    // After the lock, so that of two reversals of one entry the second sees the first.
    const original = await readOriginal(tx, key, settings.countedUnits)
    if (replay !== null) {
      const existing = await readEntry(tx, replay, settings.countedUnits)
      const asked = {
        kind: 'reversal',
        direction: original.entry.direction === 'IN' ? 'OUT' : 'IN',
        unit,
        amount: amount ?? restOf(original, existing.seq),
        staffId: original.entry.staff?.id ?? null,
        method: original.entry.method,
        note: around.note,
        reversesSeq: key.seq,
        counterClientId: null,
        occurredAt: request.at === null ? null : around.occurredAt,
      } as const
      const entry = decideReplay(existing, asked, entryId(existing, settings.unit))
      return {settings, posting: {entry, replayed: isReplay(request, retried), dryRun: request.dryRun}}
    }
    const draft = decideReversal(account, original, amount, around, settings.unit)
    const recordedAt = request.dryRun ? now.toISOString() : await insertEntry(tx, draft)
    return {settings, posting: {entry: {...draft, recordedAt}, replayed: false, dryRun: request.dryRun}}
  })
}

const originalRow = z.extend(entryRow, {parts: z.array(z.object({seq: idInJson, amount: moneyInJson}))})

async function readOriginal(db: CommonQueryMethods, key: EntryKey, counted: readonly Unit[]): Promise<Original> {
  const {parts, ...row} = await db.one(sql.type(originalRow)`
    select ${entryColumns}, (
        select coalesce(json_agg(json_build_object('seq', r.seq::text, 'amount', r.amount::text) order by r.seq), '[]')
        from entry r
        where r.client_id = e.client_id and r.unit = e.unit and r.reverses = e.seq
      ) as parts
    from entry e
    join client c on c.id = e.client_id
    left join staff s on s.id = e.staff_id
    where e.client_id = ${key.clientId} and e.unit = ${key.unit.code} and e.seq = ${key.seq}`)
  return {entry: entryOf(row, counted), parts}
}
