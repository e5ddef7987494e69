/** Finds the one entry that an id means. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Settings} from '../core/client.ts'
import {DIRECTIONS, type EntryKey, KINDS, type Person} from '../core/entry.ts'
import {entryId, type ParsedEntryId} from '../core/entry-id.ts'
import {amountText} from '../core/money.ts'
import {Refusal} from '../core/refusal.ts'
import {findUnit, type Unit} from '../core/unit.ts'
import {bigintColumn, moneyColumn, textOrNull} from './rows.ts'
import {settingsColumns, settingsOf, settingsRow} from './settings.ts'

export interface FoundEntry {
  readonly key: EntryKey
  readonly client: Person
  readonly settings: Settings
}

const foundRow = z.extend(settingsRow, {clientName: textOrNull, entryUnit: z.string(), known: z.boolean()})

/** Where the entry stands, whose it is, and the settings. Refused: ENTRY_NOT_FOUND with the last ones of the account. */
export async function findEntry(db: CommonQueryMethods, {clientId, unitCode, seq}: ParsedEntryId): Promise<FoundEntry> {
  const row = await db.one(sql.type(foundRow)`
    select ${settingsColumns}, c.name as "clientName", coalesce(${unitCode}, s.unit) as "entryUnit",
      e.seq is not null as known
    from current_settings() s
    left join client c on c.id = ${clientId}
    left join entry e on e.client_id = c.id and e.unit = coalesce(${unitCode}, s.unit) and e.seq = ${seq}`)
  const settings = settingsOf(row)
  const {clientName: name, entryUnit, known} = row
  if (name !== null && known) {
    const unit = findUnit(entryUnit, settings.countedUnits)
    return {key: {clientId, unit, seq}, client: {id: clientId, name}, settings}
  }
  const id = unitCode === null ? `${clientId}-${seq}` : `${clientId}-${unitCode}-${seq}`
  throw await entryNotFound(db, id, name === null ? null : {id: clientId, name}, entryUnit, settings)
}

const NEAREST_MAX = 5

const nearRow = z.object({
  seq: bigintColumn,
  kind: z.enum(KINDS),
  direction: z.enum(DIRECTIONS),
  amount: moneyColumn,
  occurredAt: z.string(),
})

async function entryNotFound(
  db: CommonQueryMethods,
  id: string,
  client: Person | null,
  unitCode: string,
  {unit: ownUnit, countedUnits}: Settings,
): Promise<Refusal> {
  if (client === null) {
    return new Refusal('ENTRY_NOT_FOUND', `There is no entry ${id}, because there is no client of that id`, {
      hint: 'Find the entry with: fleks history CLIENT',
      details: {text: id, candidates: []},
    })
  }
  const rows = await db.any(sql.type(nearRow)`
    select seq, kind, direction, amount, occurred_at as "occurredAt"
    from entry
    where client_id = ${client.id} and unit = ${unitCode}
    order by seq desc
    limit ${NEAREST_MAX}`)
  const nearest = (unit: Unit) =>
    rows.map(({amount, seq, ...same}) => ({
      id: entryId({clientId: client.id, unit, seq}, ownUnit),
      ...same,
      amount: amountText(amount, unit),
      unit: unit.code,
    }))
  const candidates = rows.length === 0 ? [] : nearest(findUnit(unitCode, countedUnits))
  const told = candidates.length === 0 ? `${client.name} has none in ${unitCode}` : `the last of ${client.name} are:`
  return new Refusal('ENTRY_NOT_FOUND', `There is no entry ${id}; ${told}`, {
    hint: `See all of them with: fleks history ${client.id}`,
    details: {text: id, candidates},
  })
}
