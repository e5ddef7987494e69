/** Imports a file: each line once, however often it is begun, broken off or run twice at a time. */

import type {CommonQueryMethods} from 'slonik'
import type {Settings} from '../core/client.ts'
import type {LineRules} from '../core/import-rules.ts'
import type {ImportSource} from '../core/import-source.ts'
import type {Money} from '../core/money.ts'
import {Refusal} from '../core/refusal.ts'
import {findUnit} from '../core/unit.ts'
import {readTotals, type Total} from './accounts.ts'
import {Lanes} from './bulk-lanes.ts'
import {newPeople} from './bulk-requests.ts'
import {importBatch} from './import-batch.ts'
import {FirstLook} from './import-first-look.ts'
import {findOverlaps, lineReference, type Overlaps} from './import-overlap.ts'
import {inOneTransaction, inTheHead, type OnSettled} from './import-posters.ts'
import {
  beginRun,
  type Counts,
  endRun,
  type ImportRun,
  type MoneyByUnit,
  type OverlapChoice,
  runsOfFile,
} from './import-runs.ts'
import type {Stage} from './import-stage.ts'
import {type OnRefused, Tally} from './import-tally.ts'
import {inTurn} from './import-turn.ts'
import type {Ledger} from './ledger.ts'
import {readSettings} from './settings.ts'

/** Connections that an import needs: its turn, two lanes, and one to look things up. */
export const IMPORT_CONNECTIONS = 4
const LANES = 2

export interface ImportOptions {
  readonly rules: LineRules
  readonly createClients: boolean
  readonly dryRun: boolean
  readonly atomic: boolean
  /** Decide anew what was refused when this file was imported before. */
  readonly retry: boolean
  readonly overlap: OverlapChoice | null
  /** Asked about lines that an earlier file had; null: nobody can be asked. */
  readonly askOverlap: ((overlaps: Overlaps, lines: number) => Promise<OverlapChoice>) | null
  readonly onRefused: OnRefused
  /** Told after each batch of lines that was read, and after each that was posted. */
  readonly onProgress: (counts: Counts) => void
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
  if (options.dryRun) return importInTurn(ledger, source, options)
  // Files without references are told apart by their lines, so all of them take turns.
  const key = source.hashes === null ? source.digest : 'of lines'
  return inTurn(ledger, key, options.onWait, () => importInTurn(ledger, source, options))
}

async function importInTurn(ledger: Ledger, source: ImportSource, options: ImportOptions): Promise<ImportReport> {
  const {pool} = ledger
  const settings = await readSettings(pool)
  const earlier = await runsOfFile(pool, source.digest)
  const referenceKey = keyOf(source.digest, earlier)
  const {overlaps, choice} = await overlapsOf(pool, source, earlier, referenceKey, options)
  const before = await readTotals(pool, settings.unit, settings.countedUnits)
  const adopted = choice === 'skip' ? overlaps.adopted : []
  const referenceAt = (place: number) => lineReference(referenceKey, adopted, place)
  const tally = new Tally(options.onRefused)
  const run = {
    fileName: source.name,
    digest: source.digest,
    referenceKey,
    overlap: choice,
    adopted,
    operator: ledger.operator,
  }
  // Only a file that was here before has lines that were refused before.
  const mayBeKnown = earlier.length > 0 || adopted.length > 0
  const decidedBefore = !options.retry && mayBeKnown
  const pass = {ledger, source, options, settings, referenceAt, decidedBefore, mayBeKnown, tally}

  const {runId, committed} = await posted(pass, {...run, hashes: source.hashes})
  const money = tally.money()
  const after = options.dryRun
    ? moved(before, money, settings)
    : await readTotals(pool, settings.unit, settings.countedUnits)
  return {
    runId,
    counts: tally.counts(),
    money,
    overlap: {lines: overlaps.lines, files: overlaps.files, choice},
    before,
    after,
    committed,
    settings,
  }
}

/** Made of the file's bytes; anew once an import of it was undone, so that the mended ledger takes it again. */
function keyOf(digest: string, earlier: readonly ImportRun[]): string {
  const undone = earlier.filter(({state}) => state === 'undone').length
  return `import:${digest.slice(0, 16)}${undone === 0 ? '' : `~${undone}`}`
}

const NO_OVERLAPS: Overlaps = {files: [], lines: 0, adopted: []}

async function overlapsOf(
  db: CommonQueryMethods,
  source: ImportSource,
  earlier: readonly ImportRun[],
  referenceKey: string,
  options: ImportOptions,
): Promise<{readonly overlaps: Overlaps; readonly choice: OverlapChoice | null}> {
  const {hashes} = source
  if (hashes === null) return {overlaps: NO_OVERLAPS, choice: null}
  const first = earlier.find((run) => run.referenceKey === referenceKey)
  const overlaps = await findOverlaps(db, source.digest, hashes, first?.id ?? null)
  if (overlaps.lines === 0) return {overlaps, choice: null}
  // What was decided at the first time holds for this file.
  if (first !== undefined) return {overlaps, choice: first.overlap ?? 'post'}
  if (options.overlap !== null) return {overlaps, choice: options.overlap}
  // Nothing in it is new: the same lines in another coat.
  if (overlaps.lines === hashes.length) return {overlaps, choice: 'skip'}
  if (options.askOverlap === null) throw overlapRefusal(overlaps, hashes.length)
  return {overlaps, choice: await options.askOverlap(overlaps, hashes.length)}
}

function overlapRefusal({lines, files}: Overlaps, all: number): Refusal {
  const names = files.map(({fileName, runId}) => `${fileName} (import ${runId})`).join(', ')
  return new Refusal('OVERLAP', `${lines} of the ${all} lines were imported before with ${names}`, {
    hint: 'Leave them out with --overlap skip, or post them once more with --overlap post',
    details: {
      lines,
      read: all,
      files: files.map((file) => ({import: Number(file.runId), file: file.fileName, lines: file.lines})),
    },
  })
}

interface Pass {
  readonly ledger: Ledger
  readonly source: ImportSource
  readonly options: ImportOptions
  readonly settings: Settings
  readonly referenceAt: (place: number) => string
  readonly decidedBefore: boolean
  /** The file was here before, or a part of it. */
  readonly mayBeKnown: boolean
  readonly tally: Tally
}

type NewRun = Parameters<typeof beginRun>[1]

class NotCommitted extends Error {}

async function posted(pass: Pass, run: NewRun): Promise<{readonly runId: bigint | null; readonly committed: boolean}> {
  const {ledger, settings, options, tally, mayBeKnown, decidedBefore} = pass
  const onSettled = settler(pass)
  const posting = {settings, decidedBefore, onSettled}
  if (options.dryRun) {
    await readAll(pass, {db: ledger.pool, transaction: null, poster: inTheHead(ledger, posting)})
    return {runId: null, committed: true}
  }
  if (options.atomic) {
    try {
      return await ledger.pool.transaction(async (tx) => {
        const runId = await beginRun(tx, run)
        const poster = inOneTransaction(tx, runId, posting)
        await readAll(pass, {db: tx, transaction: (work) => work(tx), poster})
        if (tally.counts().refused > 0) throw new NotCommitted()
        await endRun(tx, runId, 'finished', tally.counts(), tally.money())
        return {runId, committed: true}
      }, 0)
    } catch (error) {
      if (error instanceof NotCommitted) return {runId: null, committed: false}
      throw error
    }
  }
  const runId = await ledger.pool.transaction((tx) => beginRun(tx, run))
  try {
    const lanes = new Lanes(ledger, {count: LANES, settings, batch: runId, onSettled})
    const poster = mayBeKnown ? new FirstLook(ledger, lanes, posting) : lanes
    await readAll(pass, {db: ledger.pool, transaction: (work) => ledger.pool.transaction(work), poster})
  } catch (error) {
    await endRun(ledger.pool, runId, 'stopped', tally.counts(), tally.money()).catch(() => {})
    throw error
  }
  await endRun(ledger.pool, runId, 'finished', tally.counts(), tally.money())
  return {runId, committed: true}
}

function settler({tally, options}: Pass): OnSettled {
  return (lines, settled) => {
    settled.forEach((one, at) => {
      const line = lines[at]
      if (line === undefined) return
      if (one instanceof Refusal) line.refuse(one)
      else tally.posted(one, line.changed)
    })
    options.onProgress(tally.counts())
  }
}

async function readAll(
  pass: Pass,
  {db, transaction, poster}: Pick<Stage, 'db' | 'transaction' | 'poster'>,
): Promise<void> {
  const {ledger, source, options, settings, referenceAt, tally} = pass
  const stage: Stage = {
    ledger,
    settings,
    rules: {...options.rules, ownUnit: settings.unit.code},
    createClients: options.createClients,
    db,
    transaction,
    poster,
    people: newPeople(),
    tally,
    referenceAt,
  }
  let place = 0
  for await (const records of source.batches()) {
    tally.reading(records.length)
    await importBatch(stage, records)
    place += records.length
    await poster.ready(place)
    tally.tell(Math.min(poster.settledBefore(), place))
    options.onProgress(tally.counts())
  }
  await poster.finish()
  tally.tell(Number.POSITIVE_INFINITY)
  options.onProgress(tally.counts())
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
