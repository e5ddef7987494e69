/** One batch of lines: read, their people found or added, and handed on to be posted. */

import type {Settings} from '../core/client.ts'
import {CellRefusal} from '../core/import-cells.ts'
import {type ImportLine, readLine} from '../core/import-line.ts'
import {amountField, fieldRefused} from '../core/import-refused.ts'
import type {LineRules} from '../core/import-rules.ts'
import type {SourceRecord} from '../core/import-source.ts'
import type {Field} from '../core/import-titles.ts'
import {Refusal, valueOrRefusal} from '../core/refusal.ts'
import {findUnit} from '../core/unit.ts'
import {forgetRefused} from './bulk-requests.ts'
import {isRefused, prepareLines, type Wanted} from './import-found.ts'
import {addDescribed, addMissing, addStaff, type DescribedLine, inPlace} from './import-newcomers.ts'
import {operationOf, refuse, refuseFor, type Stage} from './import-stage.ts'
import {type ReadyLine, waitingLines} from './import-waiting.ts'

export async function importBatch(stage: Stage, records: readonly SourceRecord[]): Promise<void> {
  const {people} = stage
  people.clients.makeRoom()
  const {postings, described, staff} = linesOf(stage, records)
  await addStaff(stage, staff)
  const opened = await addDescribed(stage, described)
  const wanted = opened.length === 0 ? postings : [...postings, ...opened].sort(inPlace)
  const refused = await handOn(stage, wanted, stage.createClients)
  if (refused.length > 0) await handOn(stage, await addMissing(stage, refused), false)
  forgetRefused(people)
}

/** What the lines ask for, each kind in order; those that cannot be read are refused. */
function linesOf(stage: Stage, records: readonly SourceRecord[]) {
  const postings: Wanted[] = []
  const described: DescribedLine[] = []
  const staff: string[] = []
  for (const record of records) {
    try {
      const line = lineOf(record, stage.rules)
      if (line.what === 'client') described.push({record, line})
      else if (line.what === 'staff') staff.push(line.name)
      else {
        const operation = operationOf(stage, record, line.posting)
        postings.push({record, operation, sure: false, changed: false})
      }
    } catch (error) {
      refuseFor(stage, record, error)
    }
  }
  return {postings, described, staff}
}

function lineOf(record: SourceRecord, rules: LineRules): ImportLine {
  if (record.problem !== null) {
    throw new Refusal('INVALID_INPUT', `The line cannot be read: ${record.problem}`, {hint: 'Mend it in the file'})
  }
  return readLine(record.cells, rules)
}

/** Hands on what can be posted; returns those whose client is not there, where it may be added. */
async function handOn(stage: Stage, wanted: readonly Wanted[], mayAdd: boolean): Promise<readonly Wanted[]> {
  if (wanted.length === 0) return []
  const items = await prepareLines(stage, wanted)
  const missing: Wanted[] = []
  const ready: ReadyLine[] = []
  let at = 0
  for (const line of wanted) {
    const item = items[at++]
    if (item === undefined) continue
    const {record, changed} = line
    if (!isRefused(item)) ready.push({record, ready: item, changed})
    else if (item instanceof CellRefusal) refuse(stage, record, item.field, item.refusal)
    else if (mayAdd && item.code === 'CLIENT_NOT_FOUND') missing.push(line)
    else refuse(stage, record, fieldOf(stage, line, item), item)
  }
  if (ready.length > 0) stage.poster.add(waitingLines(ready, stage))
  return missing
}

/** What is refused before its account is looked at. */
function fieldOf({people, settings}: Stage, {record: {cells}, operation}: Wanted, refusal: Refusal): Field | null {
  if (refusal === people.staff.get(operation.staff ?? '')) return 'staff'
  if (refusal.code === 'AMBIGUOUS') return 'client'
  if (refusal.code === 'INVALID_INPUT') {
    if (unknownUnit(operation.unit, settings)) return 'unit'
    return cells.openingDate === undefined ? 'at' : 'openingDate'
  }
  const hasOwnReference = cells.reference !== undefined
  return fieldRefused(refusal, {amountField: amountField(cells), archived: false, hasOwnReference})
}

function unknownUnit(unit: string | null, {countedUnits}: Settings): boolean {
  return unit !== null && valueOrRefusal(() => findUnit(unit, countedUnits)) instanceof Refusal
}
