/** Takes an import back: every entry that it wrote is reversed, as far as the money is still there. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Settings} from '../core/client.ts'
import type {Entry} from '../core/entry.ts'
import {entryId} from '../core/entry-id.ts'
import {Refusal} from '../core/refusal.ts'
import {findUnit} from '../core/unit.ts'
import {endLease, lease, whileAtWork} from './import-lease.ts'
import {findRun, hasLines, type ImportRun} from './import-runs.ts'
import {inTurn, isOurTurn, TAKEN} from './import-turn.ts'
import type {Ledger} from './ledger.ts'
import {reverse} from './reversal.ts'
import {bigintColumn} from './rows.ts'
import {readSettings} from './settings.ts'

export interface Undone {
  readonly run: ImportRun
  readonly reversed: number
  /** Reversed by an earlier try. */
  readonly replayed: number
  /** What was spent, or is in the way of a reversal in another manner. */
  readonly kept: readonly {readonly entry: string; readonly refusal: Pick<Refusal, 'code' | 'message' | 'hint'>}[]
  readonly settings: Settings
}

const LANES = 3
const PAGE = 1_000

/**
 * Newest first in every account, so that what was charged comes back before the top-up it was paid from. All imports
 * of the same file are one. Refused: IMPORT_NOT_FOUND; each entry that cannot be reversed is told in `kept`.
 */
export async function undoImport(ledger: Ledger, id: bigint, reason: string, onWait = () => {}): Promise<Undone> {
  const {pool} = ledger
  return inTurn(onWait, async () => {
    const run = await findRun(pool, id)
    const settings = await readSettings(pool)
    if (run.state === 'undone') return {run, reversed: 0, replayed: 0, kept: [], settings}
    const ofLines = await hasLines(pool, id)
    const isOurs = await pool.transaction(async (tx) => {
      const free = await isOurTurn(tx, {digest: run.digest, ofLines})
      if (free) await lease(tx, id)
      return free
    })
    if (!isOurs) return TAKEN
    try {
      return await whileAtWork(ledger, id, null, () => reverseAll(ledger, run, reason, settings))
    } finally {
      await endLease(pool, id).catch(() => {})
    }
  })
}

async function reverseAll(ledger: Ledger, run: ImportRun, reason: string, settings: Settings): Promise<Undone> {
  const {pool} = ledger
  const kept: Undone['kept'][number][] = []
  let reversed = 0
  let replayed = 0
  for await (const page of pages(pool, run.referenceKey, settings)) {
    // One account is always in one lane, and its entries in order.
    const lanes = Array.from({length: LANES}, (_, lane) =>
      page.filter(({clientId}) => Number(clientId % BigInt(LANES)) === lane),
    )
    await Promise.all(
      lanes.map(async (entries) => {
        for (const entry of entries) {
          const outcome = await reverseOne(ledger, run, entry, reason, settings)
          if (outcome instanceof Refusal) {
            const {code, message, hint} = outcome
            kept.push({entry: entryId(entry, settings.unit), refusal: {code, message, hint}})
          } else if (outcome) replayed++
          else reversed++
        }
      }),
    )
  }
  if (reversed + replayed + kept.length === 0) throw nothingToUndo(run)
  if (kept.length === 0) await markUndone(pool, run.referenceKey, reason)
  return {run: await findRun(pool, run.id), reversed, replayed, kept, settings}
}

function nothingToUndo({id, fileName}: ImportRun): Refusal {
  return new Refusal('ENTRY_NOT_FOUND', `Import ${id} of ${fileName} wrote no entry`, {
    hint: 'See what each one wrote with: fleks import list',
  })
}

type Key = Pick<Entry, 'clientId' | 'unit' | 'seq'>

const keyRow = z.object({clientId: bigintColumn, unit: z.string(), seq: bigintColumn})

async function* pages(db: CommonQueryMethods, key: string, settings: Settings): AsyncGenerator<readonly Key[]> {
  let last: z.infer<typeof keyRow> | null = null
  for (;;) {
    const after: z.infer<typeof keyRow> = last ?? {clientId: 0n, unit: '', seq: 0n}
    // By client, and in each account from its newest entry down.
    const rows: readonly z.infer<typeof keyRow>[] = await db.any(sql.type(keyRow)`
      select e.client_id as "clientId", e.unit, e.seq
      from entry e
      where e.batch in (select id from import_run where reference_key = ${key}) and e.client_id >= ${after.clientId}
        and (e.client_id, e.unit, -e.seq) > (${after.clientId}, ${after.unit}, ${-after.seq}::bigint)
      order by e.client_id, e.unit, e.seq desc
      limit ${PAGE}`)
    if (rows.length > 0) yield rows.map((row) => ({...row, unit: findUnit(row.unit, settings.countedUnits)}))
    last = rows.at(-1) ?? null
    if (rows.length < PAGE) return
  }
}

/** True where it had been reversed for the same import before. */
async function reverseOne(
  ledger: Ledger,
  {referenceKey}: ImportRun,
  entry: Key,
  reason: string,
  settings: Settings,
): Promise<boolean | Refusal> {
  const reference = `undo:${referenceKey}:${entryId(entry, settings.unit)}`
  try {
    const request = {note: reason, reference, at: null, dryRun: false, amount: null}
    const named = {clientId: entry.clientId, unitCode: entry.unit.code, seq: entry.seq}
    const {posting} = await reverse(ledger, {...request, entry: named})
    return posting.replayed
  } catch (error) {
    // Begun before for another reason: reversed is reversed.
    if (error instanceof Refusal && error.code === 'REFERENCE_CONFLICT') return true
    if (error instanceof Refusal && error.exit < 9 && error.exit > 1) return error
    throw error
  }
}

async function markUndone(db: CommonQueryMethods, key: string, reason: string): Promise<void> {
  await db.query(sql.unsafe`
    update import_run set state = 'undone', reason = ${reason} where reference_key = ${key}`)
  await db.query(sql.unsafe`
    delete from import_claim c
    where exists (
      select from entry e
      where e.client_id = c.client_id and e.reference = c.reference
        and e.batch in (select id from import_run where reference_key = ${key}))`)
  await db.query(sql.unsafe`
    delete from import_refusal where reference >= ${`${key}:`} and reference < ${`${key};`}`)
}
