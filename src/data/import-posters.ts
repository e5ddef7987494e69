/** The other ways to post an import: all in one transaction, or only in the head. */

import type {DatabaseTransactionConnection} from 'slonik'
import type {Settings} from '../core/client.ts'
import type {Refusal} from '../core/refusal.ts'
import {lookUp, postChunk} from './bulk.ts'
import {readAccounts} from './bulk-accounts.ts'
import {Book, decideAll, type Settled} from './bulk-decide.ts'
import type {OnSettled, Poster} from './bulk-lanes.ts'
import type {Ready} from './bulk-requests.ts'
import type {Line} from './bulk-sweep.ts'
import type {Ledger} from './ledger.ts'

const CHUNK_LINES = 5_000

/** Posts chunk by chunk, one after the other. */
function steps<L extends Line>(
  post: (items: readonly Ready[]) => Promise<readonly (Settled | Refusal)[]>,
  onSettled: OnSettled<L>,
): Poster<L> {
  let waiting: L[] = []
  const flush = async () => {
    const lines = waiting
    waiting = []
    if (lines.length > 0) onSettled(lines, await post(lines.map(({ready}) => ready)))
  }
  return {
    add: (line) => {
      waiting.push(line)
    },
    ready: async () => {
      if (waiting.length >= CHUNK_LINES) await flush()
    },
    finish: flush,
    settledBefore: () => waiting[0]?.place ?? Infinity,
  }
}

/** Everything in the caller's transaction. */
export function inOneTransaction<L extends Line>(
  tx: DatabaseTransactionConnection,
  {settings, batch}: {readonly settings: Settings; readonly batch: bigint},
  onSettled: OnSettled<L>,
): Poster<L> {
  const options = {batch, atomic: false, inFull: false}
  return steps((items) => postChunk(tx, {settings, items}, options), onSettled)
}

/** Nothing is written and nobody waits: the accounts are read once, and moved here. */
export function inTheHead<L extends Line>({pool}: Ledger, settings: Settings, onSettled: OnSettled<L>): Poster<L> {
  const book = new Book()
  return steps(async (items) => {
    const prepared = {settings, items}
    const keys = book.open(items)
    const read = keys.length === 0 ? null : await readAccounts(pool, keys)
    if (read !== null) book.fill(keys, read, false)
    const known = await lookUp(pool, items)
    const recordedAt = new Date().toISOString()
    const settled = await decideAll(pool, book, prepared, {
      recordedAt,
      known,
      before: new Set(known.keys()),
      inFull: false,
    })
    book.forgetDrafts()
    return settled
  }, onSettled)
}
