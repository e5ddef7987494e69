/** Runs the operations of a batch in order: postings that follow each other in one transaction, the others each in its own. */

import {sql} from 'slonik'
import type {BatchAnswer} from '../core/batch.ts'
import {Refusal} from '../core/refusal.ts'
import {clientBalances, ledgerTotals} from './balances.ts'
import {postMany} from './bulk.ts'
import {findAhead, type KnownPeople, type Operation} from './bulk-requests.ts'
import {addClient, type Profile, showClient} from './clients.ts'
import {databaseRefusal, isConnectionLoss} from './failure.ts'
import type {Ledger} from './ledger.ts'
import {nearestClients} from './nearest-clients.ts'
import {type ReversalRequest, reverse} from './reversal.ts'
import {addStaff} from './staff.ts'
import {type TransferRequest, transfer} from './transfer.ts'

export type BatchRequest =
  | {readonly op: 'posting'; readonly operation: Operation}
  | {readonly op: 'reverse'; readonly request: ReversalRequest}
  | {readonly op: 'transfer'; readonly request: TransferRequest}
  | {readonly op: 'client.add'; readonly name: string; readonly profile: Profile; readonly allowDuplicate: boolean}
  | {readonly op: 'client.find'; readonly client: string}
  | {readonly op: 'staff.add'; readonly name: string}
  /** Null: of everybody together. */
  | {readonly op: 'balance'; readonly client: string | null; readonly unit: string | null}

/** Postings in one transaction at most: whoever waits for one of their clients waits for all of them. */
const GROUP_MAX = 5_000

export interface BatchOptions {
  readonly run?: typeof answerOf
  /** Those whom `peopleAhead` has found. */
  readonly known?: KnownPeople | undefined
}

/**
 * Finds those whom the next requests name while others run; undefined where some of either could bring or change people,
 * and where it fails.
 */
export async function peopleAhead(
  {lookout}: Ledger,
  running: readonly (BatchRequest | Refusal)[],
  next: readonly (BatchRequest | Refusal)[],
): Promise<KnownPeople | undefined> {
  if (lookout === undefined || !running.every(bringsNobody) || !next.every(bringsNobody)) return undefined
  const operations = next.flatMap((request) => (isPosting(request) ? [request.operation] : []))
  return findAhead(lookout, operations).catch(() => undefined)
}

function bringsNobody(request: BatchRequest | Refusal): boolean {
  return request instanceof Refusal || isPosting(request)
}

/**
 * One answer for each request, in order; a request that is a refusal already keeps its place. Thrown is only what
 * concerns more than one operation, as a lost database; `onAnswers` has heard by then of all that was committed.
 */
export async function runBatch(
  ledger: Ledger,
  requests: readonly (BatchRequest | Refusal)[],
  onAnswers: (answers: readonly (BatchAnswer | Refusal)[]) => Promise<void>,
  {run = answerOf, known: found}: BatchOptions = {},
): Promise<void> {
  const known = requests.every(bringsNobody) ? found : undefined
  for (let at = 0; at < requests.length; ) {
    const group: Operation[] = []
    const place = at
    for (let next = requests[at]; isPosting(next) && group.length < GROUP_MAX; next = requests[++at]) {
      group.push(next.operation)
    }
    if (group.length > 0) {
      const {outcomes, settings} = await postMany(ledger, group, known === undefined ? {} : {known})
      const answers = outcomes.map((posting): BatchAnswer | Refusal =>
        posting instanceof Refusal ? posting : {of: 'posting', posting, settings},
      )
      await onAnswers(await withNearest(ledger, answers))
      continue
    }
    const request = requests[place]
    if (request === undefined) throw new Error('A request is missing')
    at++
    await onAnswers(
      await withNearest(ledger, [request instanceof Refusal ? request : await runOne(() => run(ledger, request))]),
    )
  }
}

function isPosting(
  request: BatchRequest | Refusal | undefined,
): request is Extract<BatchRequest, {readonly op: 'posting'}> {
  return request !== undefined && !(request instanceof Refusal) && request.op === 'posting'
}

async function runOne(run: () => Promise<BatchAnswer>): Promise<BatchAnswer | Refusal> {
  try {
    return await run()
  } catch (error) {
    // A lost database is everybody's.
    if (error instanceof Refusal && error.exit < 9) return error
    throw error
  }
}

async function answerOf(ledger: Ledger, request: BatchRequest): Promise<BatchAnswer> {
  switch (request.op) {
    case 'posting':
      throw new Error('Postings are run in groups')
    case 'reverse':
      return {of: 'posting', ...(await reverse(ledger, request.request))}
    case 'transfer':
      return {of: 'transfer', ...(await transfer(ledger, request.request))}
    case 'client.add':
      return {of: 'client', ...(await addClient(ledger, request.name, request.profile, request))}
    case 'client.find':
      return {of: 'client', ...(await showClient(ledger, request.client))}
    case 'staff.add':
      return {of: 'staff', staff: await addStaff(ledger, request.name)}
    case 'balance':
      if (request.client === null) return {of: 'totals', ...(await ledgerTotals(ledger))}
      return {of: 'balances', ...(await clientBalances(ledger, request.client, request.unit))}
  }
}

/**
 * As after the single command, a client that is not found is answered with the nearest ones. What was committed is told
 * whatever becomes of that search, which is a part of its own so as not to end the transaction of an atomic batch.
 */
async function withNearest(ledger: Ledger, answers: readonly (BatchAnswer | Refusal)[]) {
  const told: (BatchAnswer | Refusal)[] = []
  for (const answer of answers) {
    const missing = answer instanceof Refusal && answer.code === 'CLIENT_NOT_FOUND'
    told.push(missing ? await nearestOrNone(ledger, answer) : answer)
  }
  return told
}

async function nearestOrNone(ledger: Ledger, refusal: Refusal): Promise<Refusal> {
  try {
    return await ledger.pool.transaction((part) => nearestClients({...ledger, pool: part}, refusal), 0)
  } catch (error) {
    if (databaseRefusal(error) === null) throw error
    return refusal
  }
}

/** A refusal by the database itself would end the transaction; so it only ends a part of it. */
function inPart(ledger: Ledger, request: BatchRequest): Promise<BatchAnswer> {
  return ledger.pool.transaction((part) => answerOf({...ledger, pool: part}, request))
}

class NotAll extends Error {
  readonly answers: readonly (BatchAnswer | Refusal)[]
  constructor(answers: readonly (BatchAnswer | Refusal)[]) {
    super('not all could be done')
    this.answers = answers
  }
}

/**
 * All of them in one transaction, or nothing: with one refusal the others are answered with BATCH_REFUSED. Refused as
 * a whole: DATABASE_UNAVAILABLE (nothing was written), OUTCOME_UNKNOWN.
 */
export async function runAtomicBatch(
  ledger: Ledger,
  requests: readonly (BatchRequest | Refusal)[],
): Promise<readonly (BatchAnswer | Refusal)[]> {
  let decided = false
  try {
    return await ledger.pool.transaction(async (tx) => {
      await tx.query(sql.unsafe`
        select set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)`)
      const answers: (BatchAnswer | Refusal)[] = []
      // What opens a transaction inside opens a part of this one.
      const keep = async (some: readonly (BatchAnswer | Refusal)[]) => {
        for (const one of some) answers.push(one)
      }
      await runBatch({...ledger, pool: tx}, requests, keep, {run: inPart})
      if (answers.some((answer) => answer instanceof Refusal)) throw new NotAll(answers)
      decided = true
      return answers
    }, 0)
  } catch (error) {
    if (error instanceof NotAll)
      return error.answers.map((answer) => (answer instanceof Refusal ? answer : NOT_WRITTEN))
    throw lostWhole(error, decided)
  }
}

const NOT_WRITTEN = new Refusal('BATCH_REFUSED', 'Not written, because another line of the batch was refused', {
  hint: 'Mend the refused lines and send all of them again',
})

function lostWhole(error: unknown, decided: boolean): unknown {
  const lost = isConnectionLoss(error) || (error instanceof Refusal && error.code === 'OUTCOME_UNKNOWN')
  if (!lost) return error
  if (!decided) {
    return new Refusal('DATABASE_UNAVAILABLE', 'The database went away in the middle, and nothing was written', {
      hint: 'Send the batch again',
      cause: error,
    })
  }
  return new Refusal(
    'OUTCOME_UNKNOWN',
    'The database went away before it answered, so it is not known whether the batch was written',
    {
      hint: 'Send it again: postings with a reference are recognised',
      cause: error,
    },
  )
}
