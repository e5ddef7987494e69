/** The people that lines of a file bring with them: described by a line of their own, or only named by a posting. */

import {nameIn} from '../core/import-identity.ts'
import type {ImportLine} from '../core/import-line.ts'
import {personOf} from '../core/import-person.ts'
import type {SourceRecord} from '../core/import-source.ts'
import {Refusal} from '../core/refusal.ts'
import {loadFolding} from '../core/search-key.ts'
import {addClients, type NewClient} from './bulk-clients.ts'
import {constraintOf} from './failure.ts'
import type {Wanted} from './import-found.ts'
import {differ, namesake, newClientOf, placeClients, placeStaff} from './import-people.ts'
import {operationOf, refuse, refuseFor, type Stage} from './import-stage.ts'
import {knownClient} from './known-clients.ts'

export async function addStaff({db, transaction, tally}: Stage, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const added = transaction === null ? names.map(() => true) : await placeStaff(db, names)
  for (const one of added) tally.placed(one)
}

/** A line that describes a client. */
export interface DescribedLine {
  readonly record: SourceRecord
  readonly line: Extract<ImportLine, {what: 'client'}>
}

/** Adds the clients that lines describe; the openings of their balances are to be posted. */
export async function addDescribed(stage: Stage, lines: readonly DescribedLine[]): Promise<readonly Wanted[]> {
  const {tally, rules, ledger, transaction, settings} = stage
  const described: (DescribedLine & {client: NewClient})[] = []
  for (const {record, line} of lines) {
    try {
      described.push({record, line, client: await newClientOf(line.person, rules.dates, ledger.now())})
    } catch (error) {
      refuseFor(stage, record, error)
    }
  }
  if (described.length === 0) return []
  const clients = described.map(({client}) => client)
  const placed =
    transaction === null
      ? await wouldPlace(stage, clients)
      : await untilAdded(() => transaction((tx) => placeClients(tx, clients, settings)))
  const opened: Wanted[] = []
  described.forEach(({record, line}, at) => {
    const outcome = placed[at]
    if (outcome === undefined) return
    if (outcome instanceof Refusal) refuse(stage, record, 'name', outcome)
    else if (line.posting === null) tally.placed(outcome.added)
    else {
      const operation = {...operationOf(stage, record, line.posting), client: String(outcome.id)}
      opened.push({record, operation, sure: true, changed: outcome.added})
    }
  })
  return opened
}

/** In a dry run: those that are there, and stand-ins for the others. */
async function wouldPlace(stage: Stage, clients: readonly NewClient[]) {
  const names = new Set(clients.map(({name}) => name))
  const {findPeople} = await import('./bulk-people.ts')
  const {clients: found} = await findPeople(stage.db, names, new Set(), stage.settings.unit)
  return clients.map((client) => {
    const known = found.get(client.name)
    if (known !== undefined && !(known instanceof Refusal) && known.how !== 'words') return {id: known.id, added: false}
    return {id: standIn(stage, String(-1 - stage.people.clients.count), client), added: true}
  })
}

/** A client that is not there, for as long as a dry run lasts; its id is below all others. */
function standIn({people, settings}: Stage, text: string, {name, searchKey}: NewClient): bigint {
  const id = BigInt(-1 - people.clients.count)
  const client = {id, name, searchKey, phone: null, code: null, archived: false, defaultPrice: null, balance: null}
  const known = knownClient({...client, how: 'number'}, settings)
  people.clients.set(text, known)
  people.clients.set(String(id), known)
  return id
}

/** Two that add at once may want the same id; the second takes the next one. */
async function untilAdded<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await work()
    } catch (error) {
      if (tried >= 5 || constraintOf(error) !== 'client_pkey') throw error
    }
  }
}

/** Adds the clients that postings name and nobody knows; returns the postings that can be handed on now, by place. */
export async function addMissing(stage: Stage, wanted: readonly Wanted[]): Promise<readonly Wanted[]> {
  const {transaction, settings, rules, ledger} = stage
  const fold = await loadFolding()
  const byKey = new Map<string, {client: NewClient; lines: Wanted[]}>()
  for (const line of wanted) {
    const {operation, record} = line
    try {
      const person = personOf(record.cells, rules)
      const name = person.name ?? nameIn(operation.client)
      const client = await newClientOf({...person, note: null, name}, rules.dates, ledger.now())
      const same = byKey.get(fold(client.name))
      if (same === undefined) byKey.set(fold(client.name), {client, lines: [line]})
      else if (differ(same.client.phone?.digits ?? null, client.phone?.digits ?? null)) {
        refuse(stage, record, 'phone', namesake(client))
      } else {
        // A later line may be the one that says it, and tells a namesake from then on.
        same.client = {...same.client, phone: same.client.phone ?? client.phone ?? null}
        same.lines.push(line)
      }
    } catch (error) {
      refuseFor(stage, record, error)
    }
  }
  const groups = [...byKey.values()]
  const clients = groups.map(({client}) => client)
  const added =
    transaction === null
      ? groups.map(({client, lines}) => lines.map(({operation}) => standIn(stage, operation.client, client))[0] ?? 0n)
      : await untilAdded(() => transaction((tx) => addClients(tx, clients, settings)))
  const ready: Wanted[] = []
  groups.forEach(({lines}, at) => {
    const id = added[at]
    for (const [n, line] of lines.entries()) {
      const {record, operation} = line
      if (id instanceof Refusal) refuse(stage, record, 'client', id)
      else ready.push({...line, operation: {...operation, client: String(id)}, sure: true, changed: n === 0})
    }
  })
  return ready.sort(inPlace)
}

export function inPlace(a: Wanted, b: Wanted): number {
  return a.record.place - b.record.place
}
