/** Imports one file from the command line: opens it, lets it be posted, and gathers what to tell. */

import type {ImportedFile, RefusedRow} from '../core/import-report.ts'
import type {Money} from '../core/money.ts'
import {Refusal} from '../core/refusal.ts'
import {safeText} from '../core/safe-text.ts'
import type {Format} from '../core/screen.ts'
import {findUnit} from '../core/unit.ts'
import {type ImportReport, importFile} from '../data/import-file.ts'
import type {Overlaps} from '../data/import-overlap.ts'
import type {OverlapChoice} from '../data/import-runs.ts'
import type {Ledger} from '../data/ledger.ts'
import {fileProgress} from './file-progress.ts'
import type {OpenedFile} from './import-file.ts'
import {lineRules, overlapOf, recordOptions} from './import-options.ts'
import type {ImportProfile} from './import-profile.ts'
import {readRecords} from './import-records.ts'
import {rejectsFile} from './import-rejects.ts'
import {memoryKeeper} from './memory.ts'
import {canAsk} from './terminal.ts'
import {waitingTeller} from './waiting-teller.ts'

/** So many refused lines are told one by one; all of them are in the file of rejects. */
const TOLD_MAX = 1_000

export interface JobOptions {
  readonly given: ImportProfile
  readonly atomic: boolean
  readonly dryRun: boolean
  readonly retry: boolean
  readonly rejects: string | null
  readonly format: Format
}

export interface JobAnswer {
  readonly imported: ImportedFile
  readonly settings: ImportReport['settings']
}

export async function importOne(ledger: Ledger, file: OpenedFile, options: JobOptions): Promise<JobAnswer> {
  const records = await readRecords(file, recordOptions(options.given))
  const rules = lineRules(options.given, records)
  const rejects = rejectsFile(options.rejects, records.shape, file.encoding, file.marked)
  const progress = fileProgress(file.name, options.format)
  const keepMemory = memoryKeeper()
  const refusals: RefusedRow[] = []
  try {
    const report = await importFile(ledger, records.source, {
      rules,
      createClients: options.given['create-clients'] === true,
      dryRun: options.dryRun,
      atomic: options.atomic,
      retry: options.retry,
      overlap: overlapOf(options.given),
      askOverlap: canAsk(options.format) ? askOverlap : null,
      onRefused: (refused) => {
        rejects.write(refused)
        if (refusals.length >= TOLD_MAX) return
        const {
          record,
          field,
          refusal: {code, message, hint},
        } = refused
        refusals.push({
          line: record.line,
          column: field === null ? null : records.titleOf(field),
          refusal: {code, message, hint},
        })
      },
      onProgress: (counts) => {
        keepMemory()
        const done = counts.applied + counts.replayed + counts.refused
        const readPart = file.position / Math.max(1, file.bytes)
        progress.tell(done, (readPart * done) / Math.max(1, counts.read))
      },
      onWait: waitingTeller(options.format),
    })
    return {settings: report.settings, imported: imported(file, report, refusals, options)}
  } finally {
    progress.end()
    rejects.close()
  }
}

function imported(
  file: OpenedFile,
  report: ImportReport,
  refusals: readonly RefusedRow[],
  {dryRun, rejects}: JobOptions,
): ImportedFile {
  const {counts, money, before, after, settings, runId, overlap, committed} = report
  return {
    file: file.name,
    runId,
    ...counts,
    // Rolled back: what would have been applied was not.
    applied: committed ? counts.applied : 0,
    overlap,
    money: committed
      ? Object.entries(money).map(([code, sides]) => ({
          unit: findUnit(code, settings.countedUnits),
          in: sides.in as Money,
          out: sides.out as Money,
        }))
      : [],
    balances: after.map(({unit, balance}) => ({
      unit,
      before: before.find((total) => total.unit.code === unit.code)?.balance ?? (0n as Money),
      after: balance,
    })),
    refusals,
    rejects: counts.refused > 0 ? rejects : null,
    dryRun,
    committed,
  }
}

async function askOverlap({files, lines}: Overlaps, all: number): Promise<OverlapChoice> {
  const names = files.map(({fileName, runId}) => `${safeText(fileName)} (import ${runId})`).join(', ')
  process.stderr.write(`${lines} of the ${all} lines were imported before with ${names}\n`)
  const [{ask}, {default: confirm}] = await Promise.all([import('./ask.ts'), import('@inquirer/confirm')])
  const skip = await ask((context) => confirm({message: 'Leave them out?', default: true}, context))
  if (skip) return 'skip'
  const post = await ask((context) => confirm({message: 'Post them once more?', default: false}, context))
  if (post) return 'post'
  throw new Refusal('CONFIRMATION_REQUIRED', 'Nothing was done', {hint: 'Answer y to one of the two'})
}
