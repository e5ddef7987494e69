/** The clients of lines of a file: found by what each line says, and by all of it. */

import type {CommonQueryMethods} from 'slonik'
import type {Settings} from '../core/client.ts'
import {CellRefusal} from '../core/import-cells.ts'
import {contradiction, mayBeAnother, saysNoMore} from '../core/import-identity.ts'
import {clientNames} from '../core/import-person.ts'
import type {SourceRecord} from '../core/import-source.ts'
import {Refusal} from '../core/refusal.ts'
import {loadFolding} from '../core/search-key.ts'
import {quoted} from '../core/text.ts'
import {type KnownPeople, type Operation, prepareOperations, type Ready} from './bulk-requests.ts'
import type {Ledger} from './ledger.ts'

/** A line and what it asks for. */
export interface Wanted {
  readonly record: SourceRecord
  readonly operation: Operation
  /** Its client was found by all that the line says. */
  readonly sure: boolean
  changed: boolean
}

interface Look {
  readonly ledger: Ledger
  readonly settings: Settings
  readonly createClients: boolean
  readonly db: CommonQueryMethods
  readonly people: KnownPeople
}

/** An operation that can be posted, or why not. */
type Item = Ready | Refusal | CellRefusal

export function isRefused(item: Item): item is Refusal | CellRefusal {
  return item instanceof Refusal || item instanceof CellRefusal
}

/** What can be posted, and what is refused before its account is looked at. */
export async function prepareLines(look: Look, wanted: readonly Wanted[]): Promise<readonly Item[]> {
  const {ledger, db, people, settings, createClients} = look
  const fold = await loadFolding()
  const prepare = async (operations: readonly Operation[]) =>
    (await prepareOperations(ledger, operations, {known: people, db, settings})).items
  const doubt = ({record, sure}: Wanted, {client}: Operation, item: Item): Item => {
    if (sure || isRefused(item) || (!createClients && saysNoMore(record.cells, client))) return item
    const found = people.clients.get(client)
    if (found === undefined || found instanceof Refusal) return item
    if (createClients && found.how === 'words' && mayBeAnother(fold(client), found.searchKey)) {
      return anotherName(client, found)
    }
    return contradiction(record.cells, client, found, fold) ?? item
  }
  const operations = wanted.map(({operation}) => operation)
  const items: Item[] = []
  for (const item of await prepare(operations)) {
    const line = wanted[items.length]
    if (line !== undefined) items.push(doubt(line, line.operation, item))
  }
  if (!items.some(isUnknown)) return items
  // Whoever is not found by the first text may be found by another one of the line: its phone, its name.
  for (let round = 1; ; round++) {
    const again = wanted.flatMap((line, at) => {
      const item = items[at]
      const name = line.sure || !isUnknown(item) ? undefined : clientNames(line.record.cells)[round]
      return name === undefined ? [] : [{at, line, operation: {...line.operation, client: name}}]
    })
    if (again.length === 0) return items
    const found = await prepare(again.map(({operation}) => operation))
    again.forEach(({at, line, operation}, n) => {
      const item = found[n]
      const client = people.clients.get(operation.client)
      const isWhole = client !== undefined && !(client instanceof Refusal) && client.how !== 'words'
      // It may be there for the next lines.
      people.clients.forgetRefusal(operation.client)
      if (item === undefined || !isWhole) return
      const judged = doubt(line, operation, item)
      if (!isRefused(judged)) items[at] = judged
    })
  }
}

function isUnknown(item: Item | undefined): boolean {
  return item instanceof Refusal && (item.code === 'CLIENT_NOT_FOUND' || item.code === 'AMBIGUOUS')
}

function anotherName(typed: string, {id, name}: {readonly id: bigint; readonly name: string}): CellRefusal {
  return new CellRefusal(
    'client',
    new Refusal('AMBIGUOUS', `${quoted(typed)} may be ${name} (${id}), or somebody else who is not there yet`, {
      hint: `Write ${id} for ${name}; or add the other one with: fleks client add`,
    }),
  )
}
