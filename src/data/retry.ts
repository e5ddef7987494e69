/** Runs a transaction until its outcome is known: lost connections are opened again, with the same reference. */

import {setTimeout as sleep} from 'node:timers/promises'
import {ConnectionError, type DatabaseTransactionConnection} from 'slonik'
import {Refusal} from '../core/refusal.ts'
import {codeOf, constraintOf, isConnectionLoss} from './failure.ts'
import type {Ledger} from './ledger.ts'

/** Pauses before each new try, in milliseconds: about 12 s in all, enough for a server to restart. */
const PAUSES_MS = [50, 200, 500, 1_000, 2_000, 4_000, 4_000]

/** Leaves a transaction without keeping anything of it, with an answer all the same. */
class DryRun<T> extends Error {
  readonly answer: T
  constructor(answer: T) {
    super('dry run')
    this.answer = answer
  }
}

type Body<T> = (tx: DatabaseTransactionConnection, retried: boolean) => Promise<T>

/**
 * One transaction. When the connection is lost the outcome is unknown, above all at COMMIT: the body is run again on
 * a new connection, and finds under `reference` what the lost one may have written. The body must do nothing but
 * talk to `tx`: it can run several times (Slonik itself replays it after SQLSTATE class 40).
 */
export async function withAnswer<T>(ledger: Ledger, reference: string, dryRun: boolean, body: Body<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await once(ledger, dryRun, (tx) => body(tx, attempt > 0))
    } catch (error) {
      // Two equal requests met at the insert; the other one has committed, so the next try sees its entry.
      if (constraintOf(error) === 'entry_reference_once' && attempt < PAUSES_MS.length) continue
      if (!isConnectionLoss(error) || (attempt === 0 && neverConnected(error))) throw error
      const pauseMs = PAUSES_MS[attempt]
      if (pauseMs === undefined) throw outcomeUnknown(reference, error)
      ledger.onRetry?.(attempt + 1, pauseMs)
      await sleep(pauseMs)
    }
  }
}

/** The first connection was refused: nothing was sent, and waiting would only keep a mistyped address from its answer. */
function neverConnected(error: unknown): boolean {
  const code = codeOf(error)
  return error instanceof ConnectionError && code !== '57P03' && code !== '53300'
}

async function once<T>(
  ledger: Ledger,
  dryRun: boolean,
  body: (tx: DatabaseTransactionConnection) => Promise<T>,
): Promise<T> {
  if (!dryRun) return ledger.pool.transaction(body)
  try {
    return await ledger.pool.transaction(async (tx) => {
      throw new DryRun(await body(tx))
    })
  } catch (error) {
    if (error instanceof DryRun) return error.answer
    throw error
  }
}

function outcomeUnknown(reference: string, cause: unknown): Refusal {
  return new Refusal(
    'OUTCOME_UNKNOWN',
    'The database went away before it answered, so it is not known whether this was posted',
    {
      hint: `Run the same command again with: --reference ${reference}`,
      details: {reference},
      cause,
    },
  )
}
