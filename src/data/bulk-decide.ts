/** Decides operations in order, each by the functions of the single command, on accounts that are held (or, for a dry run, read). */

import type {CommonQueryMethods} from 'slonik'
import type {Settings} from '../core/client.ts'
import type {Kind} from '../core/entry.ts'
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
import {decideReplay} from '../core/replay.ts'
import {type AccountKey, type AccountState, type HeldAccounts, inKeyOrder} from './bulk-accounts.ts'
import type {KnownEntries} from './bulk-references.ts'
import type {Prepared, Ready} from './bulk-requests.ts'
import {askedOf, replayInFull, type Settled, sameAgain, settledOf} from './bulk-settled.ts'

type Posted = Pick<Ready, 'direction' | 'amount' | 'around'>

/** The same functions that decide a single posting; a kind that is not here cannot be posted in bulk. */
const DECIDE: {readonly [kind in Kind]?: (account: HeldAccount, posted: Posted) => EntryDraft} = {
  adjustment: (account, {direction, amount, around}) => decideAdjustment(account, direction, amount, around),
  opening: (account, {amount, around}) => decideOpening(account, amount, around),
  payment: (account, {amount, around}) => decidePayment(account, amount, around),
  refund: (account, {amount, around}) => decideRefund(account, amount, around),
  topup: (account, {amount, around}) => decideTopup(account, amount, around),
}

interface OpenAccount {
  readonly key: AccountKey
  account: HeldAccount
  readonly drafts: EntryDraft[]
}

/** The accounts of some operations and what was decided on them so far. */
export class Book {
  private readonly accounts = new Map<string, OpenAccount>()
  private readonly fresh = new FreshReferences()

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

  /** The entries to write, in key order. Nothing of them is kept here. */
  close(): readonly EntryDraft[] {
    const drafts = [...this.accounts.values()].flatMap((account) => account.drafts)
    this.accounts.clear()
    this.fresh.clear()
    return drafts
  }

  /** Forgets the entries and goes on with their accounts. */
  forgetDrafts(): void {
    for (const {drafts} of this.accounts.values()) drafts.length = 0
  }

  /** Throws the refusals of the deciding functions. */
  decide(item: Ready, settings: Settings, recordedAt: string, full: boolean): Settled {
    const earlier = this.fresh.find(item.client.id, item.reference)
    if (earlier !== undefined) {
      const entry = decideReplay({...earlier, recordedAt}, askedOf(item), entryId(earlier, settings.unit))
      return settledOf(entry, true, entry)
    }
    const group = this.accounts.get(item.account)
    const decide = DECIDE[item.kind]
    if (group === undefined || decide === undefined) throw new Error(`A ${item.kind} cannot be posted in bulk`)
    const draft = decide(group.account, item)
    if (!item.dryRun) {
      this.fresh.add(draft)
      group.drafts.push(draft)
      group.account = {
        ...group.account,
        balance: draft.balanceAfter,
        lastSeq: draft.seq,
        lastHash: draft.hash,
      }
    }
    return settledOf(draft, false, full ? {...draft, recordedAt} : null)
  }
}

/** What was decided so far, by its reference, which is unique within a client. */
class FreshReferences {
  /** By the reference alone, as few are used for several clients; for any but the first of these with its id. */
  private readonly drafts = new Map<string, EntryDraft>()

  find(clientId: bigint, reference: string): EntryDraft | undefined {
    const first = this.drafts.get(reference)
    if (first === undefined || first.clientId === clientId) return first
    return this.drafts.get(withClient(clientId, reference))
  }

  clear(): void {
    this.drafts.clear()
  }

  /** One that `find` does not find. */
  add(draft: EntryDraft): void {
    const {clientId, reference} = draft
    this.drafts.set(this.drafts.has(reference) ? withClient(clientId, reference) : reference, draft)
  }
}

/** No reference has a NUL in it. */
function withClient(clientId: bigint, reference: string): string {
  return `${clientId}\0${reference}`
}

export interface DecideOptions {
  readonly recordedAt: string
  /** The entries that already carry one of the references. */
  readonly known: KnownEntries
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
      const found = known[at]
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
