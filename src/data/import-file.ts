/** Imports a file: each line once, however often it is begun, broken off or run twice at a time. */

import type {CommonQueryMethods} from 'slonik'
import type {Settings} from '../core/client.ts'
import type {ImportSource} from '../core/import-source.ts'
import type {Money} from '../core/money.ts'
import {findUnit} from '../core/unit.ts'
import {readTotals, type Total} from './accounts.ts'
import {Lanes} from './bulk-lanes.ts'
import {begin, CHANGED, lookingBack, type OverlapOptions} from './import-begin.ts'
import {Claims} from './import-claims.ts'
import {FirstLook} from './import-first-look.ts'
import {whileAtWork} from './import-lease.ts'
import type {Overlaps} from './import-overlap.ts'
import {type Pass, type PassOptions, postingOf, readAll} from './import-pass.ts'
import {inOneTransaction, inTheHead} from './import-posters.ts'
import {type Counts, endRun, type MoneyByUnit, type OverlapChoice} from './import-runs.ts'
import {LineShapes} from './import-shapes.ts'
import {type OnRefused, Tally} from './import-tally.ts'
import {inTurn, type TAKEN} from './import-turn.ts'
import type {Ledger} from './ledger.ts'
import {readSettings} from './settings.ts'

/**
 * What an import asks of its pool: two lanes, and one connection to look things up. Through a pooler one will do. One that
 * waits for another import gives its connection back.
 */
export const IMPORT_POOL = {connections: 3, idleMs: 1_000} as const
const LANES = 2

export interface ImportOptions extends PassOptions, OverlapOptions {
  readonly dryRun: boolean
  readonly atomic: boolean
  readonly onRefused: OnRefused
  readonly onWait: () => void
}

export interface ImportReport {
  /** Null in a dry run. */
  readonly runId: bigint | null
  readonly counts: Counts
  readonly money: MoneyByUnit
  /** Lines that an earlier file had already; they are among those replayed, unless they were posted all the same. */
  readonly overlap: {readonly lines: number; readonly files: Overlaps['files']; readonly choice: OverlapChoice | null}
  readonly before: readonly Total[]
  readonly after: readonly Total[]
  /** False where `atomic` was asked for and a line was refused: then nothing was written. */
  readonly committed: boolean
  readonly settings: Settings
}

/** Refused: OVERLAP (lines of an earlier file, and nothing said what to do with them); lines are refused to `onRefused`. */
export async function importFile(ledger: Ledger, source: ImportSource, options: ImportOptions): Promise<ImportReport> {
  const settings = await readSettings(ledger.pool)
  const lookBack = lookingBack(ledger.pool, source, options)
  let known = await lookBack()
  const passOf = (): Pass => {
    const claims = new Claims(known)
    const lines = {tally: new Tally(options.onRefused), referenceAt: claims.referenceAt, shapes: new LineShapes()}
    return {ledger, source, options, settings, known, lines, claims}
  }
  const posted = options.dryRun
    ? await inNoTransaction(passOf())
    : await inTurn(options.onWait, async () => {
        for (;;) {
          const outcome = await (options.atomic ? inOne(passOf()) : inMany(passOf()))
          if (outcome !== CHANGED) return outcome
          known = await lookBack()
        }
      })
  const {tally, ...same} = posted
  const {overlaps, choice} = known
  return {
    ...same,
    counts: tally.counts(),
    money: tally.money(),
    overlap: {lines: overlaps.lines, files: overlaps.files, choice},
    settings,
  }
}

type Posted = Pick<ImportReport, 'runId' | 'before' | 'after' | 'committed'> & {readonly tally: Tally}

async function inNoTransaction(pass: Pass): Promise<Posted> {
  const {ledger, settings, lines} = pass
  const {tally} = lines
  const before = await totals(ledger.pool, settings)
  await readAll(pass, {db: ledger.pool, transaction: null, poster: inTheHead(ledger, postingOf(pass))})
  return {runId: null, before, after: moved(before, tally.money(), settings), committed: true, tally}
}

async function inMany(pass: Pass): Promise<Posted | typeof TAKEN | typeof CHANGED> {
  const {ledger, source, settings, known, lines} = pass
  const {tally} = lines
  const {pool, operator} = ledger
  const runId = await pool.transaction((tx) => begin(tx, source, known, operator))
  if (typeof runId === 'symbol') return runId
  const progress = () => ({counts: tally.counts(), money: tally.money()})
  return whileAtWork(ledger, runId, progress, async () => {
    const before = await totals(pool, settings)
    try {
      const posting = postingOf(pass)
      const lanes = new Lanes(ledger, {count: LANES, settings, lines, batch: runId, onSettled: posting.onSettled})
      const poster = known.mayBeKnown ? new FirstLook(ledger, lanes, posting) : lanes
      await readAll(pass, {db: pool, transaction: (work) => pool.transaction(work), poster})
    } catch (error) {
      await endRun(pool, runId, 'stopped', tally.counts(), tally.money()).catch(() => {})
      throw error
    }
    await endRun(pool, runId, 'finished', tally.counts(), tally.money())
    return {runId, before, after: await totals(pool, settings), committed: true, tally}
  })
}

class NotCommitted extends Error {
  readonly before: readonly Total[]
  constructor(before: readonly Total[]) {
    super('a line was refused')
    this.before = before
  }
}

/** All or nothing. Nobody sees it at work, so it keeps the locks of its turn. */
async function inOne(pass: Pass): Promise<Posted | typeof TAKEN | typeof CHANGED> {
  const {ledger, source, settings, known, lines} = pass
  const {tally} = lines
  const {pool, operator} = ledger
  try {
    const posted = await pool.transaction(async (tx) => {
      const runId = await begin(tx, source, known, operator)
      if (typeof runId === 'symbol') return runId
      const before = await totals(tx, settings)
      const poster = inOneTransaction(tx, runId, postingOf(pass))
      await readAll(pass, {db: tx, transaction: (work) => work(tx), poster})
      if (tally.counts().refused > 0) throw new NotCommitted(before)
      await endRun(tx, runId, 'finished', tally.counts(), tally.money())
      return {runId, before}
    }, 0)
    if (typeof posted === 'symbol') return posted
    return {...posted, after: await totals(pool, settings), committed: true, tally}
  } catch (error) {
    if (!(error instanceof NotCommitted)) throw error
    const {before} = error
    return {runId: null, before, after: await totals(pool, settings), committed: false, tally}
  }
}

function totals(db: CommonQueryMethods, {unit, countedUnits}: Settings): Promise<readonly Total[]> {
  return readTotals(db, unit, countedUnits)
}

/** The totals as they would be. */
function moved(before: readonly Total[], money: MoneyByUnit, settings: Settings): readonly Total[] {
  const known = before.map((total) => {
    const sums = money[total.unit.code]
    return {...total, balance: (total.balance + (sums?.in ?? 0n) - (sums?.out ?? 0n)) as Money}
  })
  const fresh = Object.entries(money).flatMap(([code, sums]) => {
    if (before.some(({unit}) => unit.code === code)) return []
    const unit = findUnit(code, settings.countedUnits)
    return [{unit, balance: (sums.in - sums.out) as Money, clients: 0}]
  })
  return [...known, ...fresh]
}
