/** What the lines of an import go through, and how one of them is refused. */

import type {CommonQueryMethods, DatabaseTransactionConnection} from 'slonik'
import type {Settings} from '../core/client.ts'
import {CellRefusal} from '../core/import-cells.ts'
import {type PostingLine, refusedReference} from '../core/import-posting.ts'
import type {LineRules} from '../core/import-rules.ts'
import type {SourceRecord} from '../core/import-source.ts'
import type {Field} from '../core/import-titles.ts'
import {Refusal} from '../core/refusal.ts'
import type {KnownPeople, Operation} from './bulk-requests.ts'
import type {Poster} from './import-posters.ts'
import type {Lines} from './import-waiting.ts'
import type {Ledger} from './ledger.ts'

export interface Stage extends Lines {
  readonly ledger: Ledger
  readonly settings: Settings
  readonly rules: LineRules
  readonly createClients: boolean
  /** Where to look. */
  readonly db: CommonQueryMethods
  /** Where to add people; null: nowhere, in a dry run. */
  readonly transaction: (<T>(work: (tx: DatabaseTransactionConnection) => Promise<T>) => Promise<T>) | null
  readonly poster: Poster
  readonly people: KnownPeople
}

export function operationOf(stage: Stage, {place}: SourceRecord, posting: PostingLine): Operation {
  return {...posting, reference: posting.reference ?? stage.referenceAt(place), dryRun: false}
}

/** `error` is what was thrown for the line; what is no refusal is thrown on. */
export function refuseFor(stage: Lines, record: SourceRecord, error: unknown): void {
  if (error instanceof CellRefusal) refuse(stage, record, error.field, error.refusal)
  else if (error instanceof Refusal) refuse(stage, record, null, error)
  else throw error
}

export function refuse({tally, referenceAt}: Lines, record: SourceRecord, field: Field | null, refusal: Refusal): void {
  const {cells, place} = record
  const own = refusedReference(cells.reason ?? null) ?? referenceAt(place)
  tally.refuse({record, field, refusal, reference: cells.reference === undefined ? own : null})
}
