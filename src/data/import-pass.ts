/** One pass over a file: its lines are read, batch by batch, and handed to what posts them. */

import type {Settings} from '../core/client.ts'
import type {LineRules} from '../core/import-rules.ts'
import type {ImportSource} from '../core/import-source.ts'
import {Refusal} from '../core/refusal.ts'
import {newPeople} from './bulk-requests.ts'
import {importBatch} from './import-batch.ts'
import type {Known} from './import-begin.ts'
import type {Claims} from './import-claims.ts'
import type {OnSettled, PosterOptions} from './import-posters.ts'
import type {Counts} from './import-runs.ts'
import type {Stage} from './import-stage.ts'
import type {Lines} from './import-waiting.ts'
import type {Ledger} from './ledger.ts'

export interface PassOptions {
  readonly rules: LineRules
  readonly createClients: boolean
  /** Decide anew what was refused when this file was imported before. */
  readonly retry: boolean
  /** Told after each batch of lines that was read, and after each that was posted. */
  readonly onProgress: (counts: Counts) => void
}

export interface Pass {
  readonly ledger: Ledger
  readonly source: ImportSource
  readonly options: PassOptions
  readonly settings: Settings
  readonly known: Known
  readonly lines: Lines
  readonly claims: Claims
}

/** What all ways to post the lines need. */
export function postingOf(pass: Pass): PosterOptions {
  const {settings, options, known} = pass
  return {settings, decidedBefore: !options.retry && known.mayBeKnown, onSettled: settler(pass)}
}

function settler({lines: {tally}, options, claims}: Pass): OnSettled {
  return (lines, settled) => {
    claims.settled(lines, settled)
    settled.forEach((one, at) => {
      const line = lines[at]
      if (line === undefined) return
      if (one instanceof Refusal) line.refuse(one)
      else tally.posted(one, line.changed)
    })
    options.onProgress(tally.counts())
  }
}

export async function readAll(
  pass: Pass,
  {db, transaction, poster}: Pick<Stage, 'db' | 'transaction' | 'poster'>,
): Promise<void> {
  const {ledger, source, options, settings, lines, claims} = pass
  const {tally} = lines
  const stage: Stage = {
    ...lines,
    ledger,
    settings,
    rules: {...options.rules, ownUnit: settings.unit.code},
    createClients: options.createClients,
    db,
    transaction,
    poster: {
      add: (lines) => {
        for (const line of lines) line.refused = claims.refusalOf(line)
        poster.add(lines)
      },
      ready: () => poster.ready(),
      finish: () => poster.finish(),
      settledBefore: () => poster.settledBefore(),
    },
    people: newPeople(),
  }
  let place = 0
  for await (const records of source.batches()) {
    tally.reading(records.length)
    await claims.look(db, records)
    await importBatch(stage, records)
    place += records.length
    for (let ready = false; !ready; ) {
      ready = await poster.ready()
      if (transaction !== null) await claims.write(db)
      tally.tell(Math.min(poster.settledBefore(), place))
      options.onProgress(tally.counts())
    }
  }
  await poster.finish()
  if (transaction !== null) await claims.write(db)
  tally.tell(Number.POSITIVE_INFINITY)
  options.onProgress(tally.counts())
}
