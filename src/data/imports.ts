/** Looks back at imports. */

import type {Settings} from '../core/client.ts'
import {findRun, type ImportRun, listRuns} from './import-runs.ts'
import type {Ledger} from './ledger.ts'
import {readSettings} from './settings.ts'

export async function importsBefore(
  {pool}: Ledger,
  limit: number,
): Promise<{runs: readonly ImportRun[]; settings: Settings}> {
  return {runs: await listRuns(pool, limit), settings: await readSettings(pool)}
}

/** Refused: IMPORT_NOT_FOUND. */
export async function oneImport({pool}: Ledger, id: bigint): Promise<{run: ImportRun; settings: Settings}> {
  return {run: await findRun(pool, id), settings: await readSettings(pool)}
}
