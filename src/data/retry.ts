/** Runs a transaction until its outcome is known: again after a clash, and on a new connection after a lost one. */

import {setTimeout as sleep} from 'node:timers/promises'
import {ConnectionError, type DatabaseTransactionConnection} from 'slonik'
import {EXIT_CODES, Refusal} from '../core/refusal.ts'
import {codeOf, constraintOf, databaseRefusal, isConnectionLoss} from './failure.ts'
import type {Ledger, RetryReason} from './ledger.ts'

/** Pauses before each new try, in milliseconds: about 12 s in all, enough for a server to restart. */
const PAUSES_MS = [50, 200, 500, 1_000, 2_000, 4_000, 4_000]

/** Slonik would repeat class 40 by itself, at once and in silence. */
const SLONIK_RETRIES = 0

/** Leaves a transaction without keeping anything of it, with an answer all the same. */
class DryRun<T> extends Error {
  readonly answer: T
  constructor(answer: T) {
    super('dry run')
    this.answer = answer
  }
}

/** After so long no new try begins: what waits for a lock or a standby would only wait again. */
const GIVE_UP_MS = 60_000

type Body<T> = (tx: DatabaseTransactionConnection, retried: boolean) => Promise<T>

/**
 * One transaction. When the connection is lost the outcome is unknown, above all at COMMIT: the body is run again on
 * a new connection, and finds under `reference` what the lost one may have written. After SQLSTATE class 40 nothing
 * was written, and it is run again as well. So the body can run several times, and must do nothing but talk to `tx`.
 */
export async function withAnswer<T>(ledger: Ledger, reference: string, dryRun: boolean, body: Body<T>): Promise<T> {
  return untilAnswered(ledger, dryRun, (cause, message) => outcomeUnknown(reference, cause, message), body)
}

/** As `withAnswer`, for a body that finds what it may have written by itself; `unknown` is what it ends in at last. */
export async function untilAnswered<T>(
  ledger: Ledger,
  dryRun: boolean,
  unknown: (cause: unknown, message?: string) => Refusal,
  body: Body<T>,
): Promise<T> {
  let written: 'no' | 'unknown' = 'no'
  const begun = performance.now()
  for (let attempt = 0; ; attempt++) {
    try {
      return await once(ledger, dryRun, (tx) => body(tx, attempt > 0))
    } catch (error) {
      // Two equal requests met at the insert; the other one has committed, so the next try sees its entry.
      if (constraintOf(error) === 'entry_reference_once' && attempt < PAUSES_MS.length) continue
      // The try before may have written something, and only a decision made after looking for it is an answer.
      const giveUp = () => (written === 'no' || isDecision(error) ? error : unknown(error))
      const refusal = databaseRefusal(error)
      // Written and not safe yet: trying again would find it, and call it done.
      if (refusal?.code === 'OUTCOME_UNKNOWN') throw unknown(error, refusal.message)
      const reason = reasonToRetry(error, written)
      if (reason === null || (attempt === 0 && neverConnected(error))) throw giveUp()
      if (reason === 'lost' && !dryRun) written = 'unknown'
      const pauseMs = PAUSES_MS[attempt]
      if (pauseMs === undefined || performance.now() - begun > GIVE_UP_MS) throw giveUp()
      await ledger.onRetry?.(attempt + 1, pauseMs, reason)
      await sleep(pauseMs)
    }
  }
}

/** The ledger's own answer, and not a failure of the database that became a refusal on the way. */
function isDecision(error: unknown): boolean {
  return error instanceof Refusal && error.exit !== EXIT_CODES.DATABASE_UNAVAILABLE
}

function reasonToRetry(error: unknown, written: 'no' | 'unknown'): RetryReason | null {
  if (isConnectionLoss(error)) return 'lost'
  // The primary has gone, and its standby is not in its place yet.
  if (written === 'unknown' && databaseRefusal(error)?.code === 'READ_ONLY_STANDBY') return 'lost'
  return codeOf(error)?.startsWith('40') ? 'clash' : null
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
  if (!dryRun) return ledger.pool.transaction(body, SLONIK_RETRIES)
  try {
    return await ledger.pool.transaction(async (tx) => {
      throw new DryRun(await body(tx))
    }, SLONIK_RETRIES)
  } catch (error) {
    if (error instanceof DryRun) return error.answer
    throw error
  }
}

const WENT_AWAY = 'The database went away before it answered, so it is not known whether this was posted'

function outcomeUnknown(reference: string, cause: unknown, message = WENT_AWAY): Refusal {
  return new Refusal('OUTCOME_UNKNOWN', message, {
    hint: `Run the same command again with: --reference ${reference}`,
    details: {reference},
    cause,
  })
}
