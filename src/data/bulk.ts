/**
 * Posts many operations in one transaction: people → accounts locked in key order → references → each decided in order
 * by the functions of the single command → written set-wise. The refused do not stop the others.
 */

import type {CommonQueryMethods, DatabaseTransactionConnection} from 'slonik'
import type {Settings} from '../core/client.ts'
import type {Entry, Posting} from '../core/entry.ts'
import {Refusal} from '../core/refusal.ts'
import {holdAccounts} from './bulk-accounts.ts'
import {Book, decideAll} from './bulk-decide.ts'
import {insertEntries} from './bulk-entries.ts'
import {findReferences, type KnownEntries} from './bulk-references.ts'
import {keepRefusals} from './bulk-refusals.ts'
import {readReplays} from './bulk-replays.ts'
import {type KnownPeople, type Operation, type Prepared, prepareOperations, type Ready} from './bulk-requests.ts'
import {type Settled, settleKnown} from './bulk-settled.ts'
import {isConnectionLoss} from './failure.ts'
import type {Ledger} from './ledger.ts'
import {untilAnswered} from './retry.ts'

export interface BulkOptions {
  /** The import that the entries belong to. */
  readonly batch?: bigint | null
  /** All or nothing: with one refusal nothing is written, and `outcomes` tell what would have been. */
  readonly atomic?: boolean
  /** People that earlier chunks found; a long-lived caller leaves it out, so that each chunk looks anew. */
  readonly known?: KnownPeople
}

export interface BulkAnswer {
  /** One for each operation, in order. */
  readonly outcomes: readonly (Posting | Refusal)[]
  readonly settings: Settings
  /** False only where `atomic` and something was refused. */
  readonly committed: boolean
}

/** Posts one chunk. A refusal is an outcome; thrown is only what concerns the whole chunk, as a lost database. */
export async function postMany(
  ledger: Ledger,
  operations: readonly Operation[],
  options: BulkOptions = {},
): Promise<BulkAnswer> {
  const prepared = await prepareOperations(ledger, operations, {known: options.known})
  const atomic = options.atomic ?? false
  const answer = await postPrepared(ledger, prepared, {batch: options.batch ?? null, atomic, inFull: true})
  return {
    settings: prepared.settings,
    committed: answer.committed,
    outcomes: answer.settled.map((settled, at) => postingOf(settled, prepared.items[at], answer.replayed.get(at))),
  }
}

export interface PreparedOptions {
  readonly batch: bigint | null
  readonly atomic: boolean
  /** Whether entries are wanted in full; those of replays are read by `readReplays`. */
  readonly inFull: boolean
}

interface Decided {
  readonly settled: readonly (Settled | Refusal)[]
  /** Where entries are wanted in full, those that were there already, by place. */
  readonly replayed: ReadonlyMap<number, Entry>
}

export interface PreparedAnswer extends Decided {
  readonly committed: boolean
}

const NOTHING_REPLAYED: Decided['replayed'] = new Map()

class NotAll extends Error {
  readonly decided: Decided
  constructor(decided: Decided) {
    super('not all could be posted')
    this.decided = decided
  }
}

/** One transaction, run again on a new connection when the outcome is not known: what was written then replays. */
export async function postPrepared(
  ledger: Ledger,
  prepared: Prepared,
  options: PreparedOptions,
): Promise<PreparedAnswer> {
  // References that were there before the first try; what a later one finds beyond them, a lost try has written.
  const memory: {before: ReadonlySet<number> | null} = {before: null}
  try {
    const decided = await untilAnswered(ledger, false, unknownOutcome, async (tx) => {
      const settled = await postChunk(tx, prepared, options, memory)
      // Nothing may be asked of the database after COMMIT: should that fail, what was written would seem not to be.
      const replayed = options.inFull ? await readReplays(tx, prepared, settled) : NOTHING_REPLAYED
      if (options.atomic && settled.some((one) => one instanceof Refusal)) throw new NotAll({settled, replayed})
      return {settled, replayed}
    })
    return {...decided, committed: true}
  } catch (error) {
    if (error instanceof NotAll) return {...error.decided, committed: false}
    throw error
  }
}

/**
 * The outcomes, by place, of those operations whose entries are there already: they need no lock; null for the others.
 * None where the connection is lost: posting finds them again, on a new one.
 */
export async function knownAlready(
  db: CommonQueryMethods,
  prepared: Prepared,
): Promise<readonly (Settled | Refusal | null)[]> {
  try {
    return await settleKnown(db, prepared, await lookUp(db, prepared.items))
  } catch (error) {
    if (isConnectionLoss(error)) return []
    throw error
  }
}

function unknownOutcome(cause: unknown): Refusal {
  return new Refusal(
    'OUTCOME_UNKNOWN',
    'The database went away before it answered, so it is not known whether the last lines were posted',
    {hint: 'Run the same command again: what was posted is recognised by its reference', cause},
  )
}

interface Memory {
  before: ReadonlySet<number> | null
}

/** The body of the transaction, for callers that bring their own. */
export async function postChunk(
  tx: DatabaseTransactionConnection,
  prepared: Prepared,
  {batch, inFull}: PreparedOptions,
  memory: Memory = {before: null},
): Promise<readonly (Settled | Refusal)[]> {
  const book = new Book()
  const keys = book.open(prepared.items)
  if (keys.length === 0) return decideAll(tx, book, prepared, NOTHING_KNOWN)
  const held = await holdAccounts(tx, keys, readyOf(prepared.items))
  book.fill(keys, held)
  const known = atTheirPlaces(held.known, prepared.items)
  memory.before ??= placesOf(known)
  const {recordedAt} = held
  const settled = await decideAll(tx, book, prepared, {recordedAt, known, before: memory.before, inFull})
  await insertEntries(tx, book.close(), batch)
  await keepRefusals(tx, prepared.items, settled)
  return settled
}

const NOTHING_KNOWN = {recordedAt: '', known: [], before: new Set<number>(), inFull: false}

/** The entries that carry the references of these operations, by place. */
export async function lookUp(db: CommonQueryMethods, items: Prepared['items']): Promise<KnownEntries> {
  return atTheirPlaces(await findReferences(db, readyOf(items)), items)
}

function isReady(item: Ready | Refusal): item is Ready {
  return !(item instanceof Refusal)
}

function readyOf(items: Prepared['items']): readonly Ready[] {
  return items.filter(isReady)
}

/** From places among those that are ready to places among all. */
function atTheirPlaces(known: KnownEntries, items: Prepared['items']): KnownEntries {
  if (known.length === items.length) return known
  let next = 0
  return items.map((item) => (isReady(item) ? known[next++] : undefined))
}

/** Where there is something. */
export function placesOf(known: KnownEntries): ReadonlySet<number> {
  const places = new Set<number>()
  known.forEach((entry, at) => {
    if (entry !== undefined) places.add(at)
  })
  return places
}

function postingOf(
  settled: Settled | Refusal,
  item: Ready | Refusal | undefined,
  existing: Entry | undefined,
): Posting | Refusal {
  if (settled instanceof Refusal) return settled
  const entry = settled.entry ?? existing
  if (entry === undefined || item === undefined || item instanceof Refusal) throw new Error('The entry was not read')
  return {entry, replayed: settled.replayed, dryRun: item.dryRun}
}
