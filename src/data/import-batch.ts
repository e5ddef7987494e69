/** One batch of lines: read, their people found or added, and handed on to be posted. */

import type {CommonQueryMethods, DatabaseTransactionConnection} from 'slonik'
import type {Settings} from '../core/client.ts'
import {CellRefusal} from '../core/import-cells.ts'
import {nameIn} from '../core/import-identity.ts'
import {type ImportLine, readLine} from '../core/import-line.ts'
import {personOf} from '../core/import-person.ts'
import {type PostingLine, refusedReference} from '../core/import-posting.ts'
import type {LineRules} from '../core/import-rules.ts'
import type {SourceRecord} from '../core/import-source.ts'
import type {Field} from '../core/import-titles.ts'
import {Refusal} from '../core/refusal.ts'
import {loadFolding} from '../core/search-key.ts'
import {addClients, type NewClient} from './bulk-clients.ts'
import {forgetRefused, type KnownPeople, knownClient, type Operation} from './bulk-requests.ts'
import {constraintOf} from './failure.ts'
import {isRefused, prepareLines, type Wanted} from './import-found.ts'
import {newClientOf, placeClients, placeStaff} from './import-people.ts'
import type {Poster} from './import-posters.ts'
import {FreshLine, type Lines} from './import-waiting.ts'
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

/** Many people are kept at hand, not all there are. */
const PEOPLE_MAX = 200_000

export async function importBatch(stage: Stage, records: readonly SourceRecord[]): Promise<void> {
  const {people} = stage
  if (people.clients.size > PEOPLE_MAX) people.clients.clear()
  const lines = records.flatMap((record) => {
    const line = attempt(stage, record, () => lineOf(record, stage.rules))
    return line === null ? [] : [{record, line}]
  })
  await addStaff(stage, lines)
  const opened = await addDescribed(stage, lines)
  const wanted = lines.flatMap(({record, line}): Wanted[] => {
    if (line.what !== 'posting') return opened.get(record) ?? []
    return [{record, operation: operationOf(stage, record, line.posting), sure: false, changed: false}]
  })
  const refused = await handOn(stage, wanted, stage.createClients)
  if (refused.length > 0) await addMissing(stage, refused)
  forgetRefused(people)
}

function operationOf(stage: Stage, {place}: SourceRecord, posting: PostingLine): Operation {
  return {...posting, reference: posting.reference ?? stage.referenceAt(place), dryRun: false}
}

function lineOf(record: SourceRecord, rules: LineRules): ImportLine {
  if (record.problem !== null) {
    throw new Refusal('INVALID_INPUT', `The line cannot be read: ${record.problem}`, {hint: 'Mend it in the file'})
  }
  return readLine(record.cells, rules)
}

/** Null where it was refused, which is counted. */
function attempt<T>(stage: Lines, record: SourceRecord, work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof CellRefusal) refuse(stage, record, error.field, error.refusal)
    else if (error instanceof Refusal) refuse(stage, record, null, error)
    else throw error
    return null
  }
}

function refuse({tally, referenceAt}: Lines, record: SourceRecord, field: Field | null, refusal: Refusal): void {
  const {cells, place} = record
  const own = refusedReference(cells.reason ?? null) ?? referenceAt(place)
  tally.refuse({record, field, refusal, reference: cells.reference === undefined ? own : null})
}

type ReadLine = {readonly record: SourceRecord; readonly line: ImportLine}

async function addStaff({db, transaction, tally}: Stage, lines: readonly ReadLine[]): Promise<void> {
  const names = lines.flatMap(({line}) => (line.what === 'staff' ? [line.name] : []))
  if (names.length === 0) return
  const added = transaction === null ? names.map(() => true) : await placeStaff(db, names)
  for (const one of added) tally.placed(one)
}

/** Clients that lines describe; the openings of their balances are to be posted. */
async function addDescribed(stage: Stage, lines: readonly ReadLine[]): Promise<ReadonlyMap<SourceRecord, Wanted[]>> {
  const {tally, rules, ledger, transaction, settings} = stage
  const opened = new Map<SourceRecord, Wanted[]>()
  const described: {record: SourceRecord; line: Extract<ImportLine, {what: 'client'}>; client: NewClient}[] = []
  for (const {record, line} of lines) {
    if (line.what !== 'client') continue
    try {
      described.push({record, line, client: await newClientOf(line.person, rules.dates, ledger.now())})
    } catch (error) {
      attempt(stage, record, () => {
        throw error
      })
    }
  }
  if (described.length === 0) return opened
  const clients = described.map(({client}) => client)
  const placed =
    transaction === null
      ? await wouldPlace(stage, clients)
      : await untilAdded(() => transaction((tx) => placeClients(tx, clients, settings)))
  described.forEach(({record, line}, at) => {
    const outcome = placed[at]
    if (outcome === undefined) return
    if (outcome instanceof Refusal) refuse(stage, record, 'name', outcome)
    else if (line.posting === null) tally.placed(outcome.added)
    else {
      const operation = {...operationOf(stage, record, line.posting), client: String(outcome.id)}
      opened.set(record, [{record, operation, sure: true, changed: outcome.added}])
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
    return {id: standIn(stage, String(-1 - stage.people.clients.size), client), added: true}
  })
}

/** A client that is not there, for as long as a dry run lasts; its id is below all others. */
function standIn({people, settings}: Stage, text: string, {name, searchKey}: NewClient): bigint {
  const id = BigInt(-1 - people.clients.size)
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

/** Hands on what can be posted; returns those whose client is not there, where it may be added. */
async function handOn(stage: Stage, wanted: readonly Wanted[], mayAdd: boolean): Promise<readonly Wanted[]> {
  const {poster} = stage
  if (wanted.length === 0) return []
  const items = await prepareLines(stage, wanted)
  const missing: Wanted[] = []
  const fresh: FreshLine[] = []
  items.forEach((item, at) => {
    const line = wanted[at]
    if (line === undefined) return
    const {record, changed} = line
    if (!isRefused(item)) fresh.push(new FreshLine({record, ready: item, changed}, stage))
    else if (item instanceof CellRefusal) refuse(stage, record, item.field, item.refusal)
    else if (mayAdd && item.code === 'CLIENT_NOT_FOUND') missing.push(line)
    else refuse(stage, record, fieldOf(item), item)
  })
  poster.add(fresh)
  return missing
}

function fieldOf({code}: Refusal) {
  if (code === 'CLIENT_NOT_FOUND') return 'client'
  if (code === 'STAFF_NOT_FOUND') return 'staff'
  return code === 'INVALID_AMOUNT' ? 'amount' : null
}

/** Adds the clients that postings name and nobody knows, then hands those on as well. */
async function addMissing(stage: Stage, wanted: readonly Wanted[]): Promise<void> {
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
      else same.lines.push(line)
    } catch (error) {
      attempt(stage, record, () => {
        throw error
      })
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
  await handOn(
    stage,
    ready.sort((a, b) => a.record.place - b.record.place),
    false,
  )
}
