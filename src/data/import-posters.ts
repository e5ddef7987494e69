/** How the lines of an import are posted: what all ways have in common; all in one transaction; only in the head. */

import type {CommonQueryMethods, DatabaseTransactionConnection} from 'slonik'
import type {Settings} from '../core/client.ts'
import type {Refusal} from '../core/refusal.ts'
import {lookUp, placesOf, postChunk} from './bulk.ts'
import {readAccounts} from './bulk-accounts.ts'
import {Book, decideAll} from './bulk-decide.ts'
import {findRefusals} from './bulk-refusals.ts'
import type {Ready} from './bulk-requests.ts'
import type {Settled} from './bulk-settled.ts'
import type {WaitingLine} from './import-waiting.ts'
import type {Ledger} from './ledger.ts'

/** Takes lines in the order of the file and posts them when it will. */
export interface Poster {
  readonly add: (lines: readonly WaitingLine[]) => void
  /** Whether more may come; else it has posted some, and is to be asked again. Throws what stopped a chunk. */
  readonly ready: () => Promise<boolean>
  /** Posts all that is left. */
  readonly finish: () => Promise<void>
  /** Every line before this place is settled; Infinity when all are. */
  readonly settledBefore: () => number
}

/** Told of the lines of a chunk, in order, each with its outcome. */
export type OnSettled = (lines: readonly WaitingLine[], settled: readonly (Settled | Refusal)[]) => void

export interface PosterOptions {
  readonly settings: Settings
  /** Whether lines may have been refused when the file was imported before. */
  readonly decidedBefore: boolean
  readonly onSettled: OnSettled
}

/** A line that was refused when its file was imported before stays so; one that was mended is decided anew. */
export async function recallRefusals(db: CommonQueryMethods, lines: readonly WaitingLine[]): Promise<void> {
  const refusals = await findRefusals(
    db,
    lines.map((line) => line.identity()),
  )
  if (refusals.size === 0) return
  for (const line of lines) line.refused = refusals.get(line.identity()) ?? line.refused
}

const CHUNK_LINES = 5_000

/** Posts chunk by chunk, one after the other. */
function steps(
  db: CommonQueryMethods,
  {decidedBefore, onSettled}: PosterOptions,
  post: (items: readonly Ready[]) => Promise<readonly (Settled | Refusal)[]>,
): Poster {
  let waiting: WaitingLine[] = []
  const flush = async () => {
    const lines = waiting
    waiting = []
    if (lines.length === 0) return
    if (decidedBefore) await recallRefusals(db, lines)
    onSettled(lines, await post(lines))
  }
  return {
    add: (lines) => {
      for (const line of lines) waiting.push(line)
    },
    ready: async () => {
      if (waiting.length >= CHUNK_LINES) await flush()
      return true
    },
    finish: flush,
    settledBefore: () => waiting[0]?.place ?? Number.POSITIVE_INFINITY,
  }
}

/** Everything in the caller's transaction. */
export function inOneTransaction(tx: DatabaseTransactionConnection, batch: bigint, options: PosterOptions): Poster {
  const {settings} = options
  return steps(tx, options, (items) => postChunk(tx, {settings, items}, {batch, atomic: false, inFull: false}))
}

/** Nothing is written and nobody waits: the accounts are read once, and moved here. */
export function inTheHead({pool}: Ledger, options: PosterOptions): Poster {
  const {settings} = options
  const book = new Book()
  return steps(pool, options, async (items) => {
    const prepared = {settings, items}
    const keys = book.open(items)
    const read = keys.length === 0 ? null : await readAccounts(pool, keys)
    if (read !== null) book.fill(keys, read, false)
    const known = await lookUp(pool, items)
    const recordedAt = new Date().toISOString()
    const settled = await decideAll(pool, book, prepared, {
      recordedAt,
      known,
      before: placesOf(known),
      inFull: false,
    })
    book.forgetDrafts()
    return settled
  })
}
