/** What became of an operation, and how it is told from an entry that is there already. */

import type {CommonQueryMethods} from 'slonik'
import type {Settings} from '../core/client.ts'
import type {Direction, Kind, Posting} from '../core/entry.ts'
import {entryId} from '../core/entry-id.ts'
import type {EntryDraft} from '../core/ledger.ts'
import type {Money} from '../core/money.ts'
import {Refusal} from '../core/refusal.ts'
import {type Asked, decideReplay} from '../core/replay.ts'
import type {KnownEntries, KnownEntry} from './bulk-references.ts'
import type {Prepared, Ready} from './bulk-requests.ts'
import {readEntry} from './entries.ts'

/** A decided line: an entry, written now or long ago. */
export interface Settled {
  readonly kind: Kind
  readonly direction: Direction
  readonly amount: Money
  readonly unit: EntryDraft['unit']
  readonly replayed: boolean
  /** In full where it is asked for. */
  readonly entry: Posting['entry'] | null
}

export function settledOf(
  {kind, direction, amount, unit}: Pick<EntryDraft, 'kind' | 'direction' | 'amount' | 'unit'>,
  replayed: boolean,
  entry: Posting['entry'] | null,
): Settled {
  return {kind, direction, amount, unit, replayed, entry}
}

export function askedOf({kind, direction, unit, amount, around, open}: Ready): Asked {
  return {
    kind,
    direction,
    unit,
    amount: open.amount ? null : amount,
    staffId: around.staff?.id ?? null,
    method: around.method,
    note: around.note,
    reversesSeq: null,
    counterClientId: null,
    occurredAt: open.at ? null : around.occurredAt,
  }
}

/**
 * The outcomes, by place, of those whose entries are there already; null for the others. Nothing has to be held for
 * them: an entry is never changed, so it says the same before and after any lock.
 */
export async function settleKnown(
  db: CommonQueryMethods,
  {items, settings}: Prepared,
  known: KnownEntries,
): Promise<readonly (Settled | Refusal | null)[]> {
  const settled: (Settled | Refusal | null)[] = []
  let at = -1
  for (const item of items) {
    at++
    const found = known[at]
    if (found === undefined || item instanceof Refusal) {
      settled.push(null)
      continue
    }
    try {
      const own = item.open.reference
      settled.push(sameAgain(item, found, own) ?? (await replayInFull(db, item, found, settings, own)))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      settled.push(error)
    }
  }
  return settled
}

/**
 * Null where the entry is not plainly the same; `decideReplay` has the word on all that differ. `own`: the entry was
 * written by this very operation, in a try whose answer was lost.
 */
export function sameAgain(item: Ready, found: KnownEntry, own: boolean): Settled | null {
  if (!found.says(askedOf(item))) return null
  const {kind, direction, unit} = item
  const amount = item.open.amount ? found.amount : item.amount
  return {kind, direction, amount, unit, replayed: !own, entry: null}
}

export async function replayInFull(
  db: CommonQueryMethods,
  item: Ready,
  found: KnownEntry,
  settings: Settings,
  own: boolean,
): Promise<Settled> {
  const key = {clientId: item.client.id, unitCode: found.unitCode, seq: found.seq}
  const existing = await readEntry(db, key, settings.countedUnits)
  const entry = decideReplay(existing, askedOf(item), entryId(existing, settings.unit))
  return settledOf(entry, !own, entry)
}
