/** Decides operations in order, each by the functions of the single command, on accounts that are held (or, for a dry run, read). */

import type {CommonQueryMethods} from 'slonik'
import type {Settings} from '../core/client.ts'
import type {Direction, Kind, Posting} from '../core/entry.ts'
import {entryId} from '../core/entry-id.ts'
import {
  decideAdjustment,
  decideOpening,
  decidePayment,
  decideRefund,
  decideTopup,
  type EntryDraft,
  type HeldAccount,
} from '../core/ledger.ts'
import type {Money} from '../core/money.ts'
import {Refusal} from '../core/refusal.ts'
import {type Asked, decideReplay} from '../core/replay.ts'
import {type AccountKey, type AccountState, type HeldAccounts, inKeyOrder, type KnownEntry} from './bulk-accounts.ts'
import type {Prepared, Ready} from './bulk-requests.ts'
import {readEntry} from './entries.ts'

/** The same functions that decide a single posting; a kind that is not here cannot be posted in bulk. */
const DECIDE: {readonly [kind in Kind]?: (account: HeldAccount, asked: Ready) => EntryDraft} = {
  adjustment: (account, {direction, amount, around}) => decideAdjustment(account, direction, amount, around),
  opening: (account, {amount, around}) => decideOpening(account, amount, around),
  payment: (account, {amount, around}) => decidePayment(account, amount, around),
  refund: (account, {amount, around}) => decideRefund(account, amount, around),
  topup: (account, {amount, around}) => decideTopup(account, amount, around),
}

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

interface OpenAccount {
  readonly key: AccountKey
  account: HeldAccount
  readonly drafts: EntryDraft[]
}

/** The accounts of some operations and what was decided on them so far. */
export class Book {
  private readonly accounts = new Map<string, OpenAccount>()
  private readonly fresh = new Map<string, EntryDraft>()

  /** Takes the accounts of these operations in; returns those that were not there yet, in key order. */
  open(items: Prepared['items']): readonly AccountKey[] {
    const opened = new Map<string, {item: Ready; opens: boolean}>()
    for (const item of items) {
      if (item instanceof Refusal) continue
      const name = item.account
      if (this.accounts.has(name)) continue
      const known = opened.get(name)
      if (known === undefined) opened.set(name, {item, opens: !item.dryRun})
      else if (!item.dryRun) known.opens = true
    }
    const sorted = [...opened.values()]
      .map(({item, opens}) => ({item, key: {clientId: item.client.id, unit: item.unit, opens}}))
      .sort((a, b) => inKeyOrder(a.key, b.key))
    for (const {item, key} of sorted) {
      const {client, unit, archived} = item
      const account = {client, unit, balance: 0n as Money, lastSeq: 0n, lastHash: null, archived}
      this.accounts.set(item.account, {key, account, drafts: []})
    }
    return sorted.map(({key}) => key)
  }

  /** What the database has of the accounts that `open` has returned. */
  fill(keys: readonly AccountKey[], {states}: HeldAccounts, mustExist = true): void {
    keys.forEach((key, at) => {
      const open = this.accounts.get(`${key.clientId} ${key.unit.code}`)
      const state: AccountState | undefined = states.get(at)
      if (open !== undefined && state !== undefined) open.account = {...open.account, ...state}
      else if (mustExist && key.opens) throw new Error(`The account of client ${key.clientId} was not held`)
    })
  }

  /** The entries to write, in key order. */
  drafts(): readonly EntryDraft[] {
    return [...this.accounts.values()].flatMap(({drafts}) => drafts)
  }

  /** Forgets the entries and goes on with their accounts. */
  forgetDrafts(): void {
    for (const {drafts} of this.accounts.values()) drafts.length = 0
  }

  /** Throws the refusals of the deciding functions. */
  decide(item: Ready, settings: Settings, recordedAt: string, full: boolean): Settled {
    const referenceKey = `${item.client.id} ${item.around.reference}`
    const earlier = this.fresh.get(referenceKey)
    if (earlier !== undefined) {
      const entry = decideReplay({...earlier, recordedAt}, askedOf(item), entryId(earlier, settings.unit))
      return settledOf(entry, true, entry)
    }
    const group = this.accounts.get(item.account)
    const decide = DECIDE[item.kind]
    if (group === undefined || decide === undefined) throw new Error(`A ${item.kind} cannot be posted in bulk`)
    const draft = decide(group.account, item)
    if (!item.dryRun) {
      this.fresh.set(referenceKey, draft)
      group.drafts.push(draft)
      group.account = {
        ...group.account,
        balance: draft.balanceAfter,
        lastSeq: draft.seq,
        lastHash: Buffer.from(draft.hash, 'hex'),
      }
    }
    return settledOf(draft, false, full ? {...draft, recordedAt} : null)
  }
}

function settledOf(
  {kind, direction, amount, unit}: Pick<EntryDraft, 'kind' | 'direction' | 'amount' | 'unit'>,
  replayed: boolean,
  entry: Posting['entry'] | null,
): Settled {
  return {kind, direction, amount, unit, replayed, entry}
}

function askedOf({kind, direction, unit, amount, around, open}: Ready): Asked {
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

export interface DecideOptions {
  readonly recordedAt: string
  /** The entries that already carry one of the references, by place. */
  readonly known: ReadonlyMap<number, KnownEntry>
  /** The places whose references were there before the first try. */
  readonly before: ReadonlySet<number>
  /** Whether entries are wanted in full; those of replays are read by `readReplays`. */
  readonly inFull: boolean
}

/** An outcome for each item, in order. */
export async function decideAll(
  db: CommonQueryMethods,
  book: Book,
  {items, settings}: Prepared,
  {recordedAt, known, before, inFull}: DecideOptions,
): Promise<readonly (Settled | Refusal)[]> {
  const settled: (Settled | Refusal)[] = []
  let at = -1
  for (const item of items) {
    at++
    if (item instanceof Refusal) {
      settled.push(item)
      continue
    }
    try {
      const found = known.get(at)
      if (found === undefined) settled.push(item.line?.refused ?? book.decide(item, settings, recordedAt, inFull))
      else {
        const own = item.open.reference || !before.has(at)
        settled.push(sameAgain(item, found, own) ?? (await replayInFull(db, item, found, settings, own)))
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      settled.push(error)
    }
  }
  return settled
}

/**
 * The outcomes, by place, of those whose entries are there already. Nothing has to be held for them: an entry is never
 * changed, so it says the same before and after any lock.
 */
export async function settleKnown(
  db: CommonQueryMethods,
  {items, settings}: Prepared,
  known: ReadonlyMap<number, KnownEntry>,
): Promise<ReadonlyMap<number, Settled | Refusal>> {
  const settled = new Map<number, Settled | Refusal>()
  for (const [at, found] of known) {
    const item = items[at]
    if (item === undefined || item instanceof Refusal) continue
    try {
      const own = item.open.reference
      settled.set(at, sameAgain(item, found, own) ?? (await replayInFull(db, item, found, settings, own)))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      settled.set(at, error)
    }
  }
  return settled
}

/**
 * Null where the entry is not plainly the same; `decideReplay` has the word on all that differ. `own`: the entry was
 * written by this very operation, in a try whose answer was lost.
 */
function sameAgain(item: Ready, found: KnownEntry, own: boolean): Settled | null {
  return sameAs(found, askedOf(item)) ? settledOf({...found, unit: item.unit}, !own, null) : null
}

async function replayInFull(
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

function sameAs(found: KnownEntry, asked: Asked): boolean {
  return (
    found.kind === asked.kind &&
    found.direction === asked.direction &&
    found.unitCode === asked.unit.code &&
    (asked.amount === null || found.amount === asked.amount) &&
    found.staffId === asked.staffId &&
    found.method === asked.method &&
    found.note === asked.note &&
    (asked.occurredAt === null || found.occurredAt === asked.occurredAt)
  )
}
