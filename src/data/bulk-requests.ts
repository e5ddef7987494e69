/** From operations as they were asked for to operations that can be decided: people found, amounts and times read. */

import type {CommonQueryMethods} from 'slonik'
import type {Settings} from '../core/client.ts'
import type {Direction, Kind, Person} from '../core/entry.ts'
import type {Circumstances} from '../core/ledger.ts'
import {Moments} from '../core/moments.ts'
import type {Money} from '../core/money.ts'
import {newReference} from '../core/reference.ts'
import {Refusal, valueOrRefusal} from '../core/refusal.ts'
import {findUnit, type Unit} from '../core/unit.ts'
import {findPeople, type People} from './bulk-people.ts'
import {accountName, type KnownClient, KnownClients, knownClient} from './known-clients.ts'
import type {Ledger} from './ledger.ts'
import {amountOf, type PostingRequest} from './posting.ts'
import {readSettings} from './settings.ts'

/** A posting of any kind, as a line of a file or of a script asks for it. */
export interface Operation extends PostingRequest {
  /** Of one account: no transfer, and no reversal, which names an entry. */
  readonly kind: Exclude<Kind, 'transfer' | 'reversal'>
  /** Of an adjustment; the others have their own. */
  readonly direction?: Direction
}

const DIRECTIONS = {opening: 'IN', payment: 'OUT', refund: 'OUT', topup: 'IN'} as const

/** An operation that only its account's state can still refuse. */
export interface Ready {
  readonly kind: Operation['kind']
  readonly direction: Direction
  readonly client: Person
  /** Whether the client was archived when found; an account that is held says so anew. */
  readonly archived: boolean
  readonly unit: Unit
  readonly amount: Money
  readonly around: Circumstances
  /** What the caller left open is not compared when the reference is already known. */
  readonly open: Open
  readonly dryRun: boolean
  /** Names its account. */
  readonly account: string
  /** As in `around`. */
  readonly reference: string
  readonly line: ImportedLine | undefined
}

/** What is known of the line of a file that an operation came from. */
export interface ImportedLine {
  /** Stands for the line, whatever reference it is posted with. */
  readonly identity: () => string
  /** Why it was refused when its file was imported before. */
  readonly refused: Refusal | null
}

interface Open {
  readonly amount: boolean
  readonly at: boolean
  readonly reference: boolean
}

/** There are eight of them, and millions of lines. */
const OPEN: readonly Open[] = Array.from({length: 8}, (_, bits) => ({
  amount: (bits & 1) !== 0,
  at: (bits & 2) !== 0,
  reference: (bits & 4) !== 0,
}))

function openOf({amount, at, reference}: Operation): Open {
  const open = OPEN[(amount === null ? 1 : 0) + (at === null ? 2 : 0) + (reference === null ? 4 : 0)]
  if (open === undefined) throw new Error('There are eight')
  return open
}

/** Everything that is read before any lock is taken. */
export interface Prepared {
  readonly settings: Settings
  /** One for each operation, in order. */
  readonly items: readonly (Ready | Refusal)[]
}

/** People that were found before, so that a long file asks for each once. */
export interface KnownPeople {
  readonly clients: KnownClients
  readonly staff: Map<string, People['staff'] extends ReadonlyMap<string, infer T> ? T : never>
  /** The texts that meant nobody, or not one alone. */
  readonly refused: Set<string>
  /** The zone's rules, learnt on the way. */
  moments?: Moments
}

export function newPeople(): KnownPeople {
  return {clients: new KnownClients(), staff: new Map(), refused: new Set()}
}

/** Whoever was not found may be there by now. */
export function forgetRefused({clients, staff, refused}: KnownPeople): void {
  for (const text of refused) {
    clients.forgetRefusal(text)
    if (staff.get(text) instanceof Refusal) staff.delete(text)
  }
  refused.clear()
}

/** Those whom operations name, found before it is their turn; whoever is not found now may be there by then. */
export async function findAhead(db: CommonQueryMethods, operations: readonly Operation[]): Promise<KnownPeople> {
  const known = newPeople()
  await clientsOf(db, operations, known, await readSettings(db))
  forgetRefused(known)
  return known
}

export interface PrepareOptions {
  /** Those found before are not looked for again; those found now are added. */
  readonly known?: KnownPeople | undefined
  /** Where to look: a transaction that has added clients sees them, others do not. */
  readonly db?: CommonQueryMethods
  /** Where the caller has read them already. */
  readonly settings?: Settings
}

/** Reads all that the operations name. Refusals as in the single command: `topup` and `pay` in posting.ts. */
export async function prepareOperations(
  ledger: Ledger,
  operations: readonly Operation[],
  {known = newPeople(), db = ledger.pool, settings: given}: PrepareOptions = {},
): Promise<Prepared> {
  const settings = given ?? (await readSettings(db))
  const clients = await clientsOf(db, operations, known, settings)
  const now = ledger.now()
  known.moments ??= new Moments(settings.timeZone)
  const moments = await known.moments.read(
    operations.map(({at}) => at),
    now,
  )
  const units = new Map<string, Unit | Refusal>()
  const nowText = now.toISOString()
  const items = operations.map((operation, at): Ready | Refusal => {
    try {
      const unit = orThrow(operation.unit === null ? settings.unit : unitOf(operation.unit, units, settings))
      const client = orThrow(clients[at])
      const amount = amountOf(operation.amount, operation.kind, client, unit, settings)
      const staff = operation.staff === null ? null : orThrow(known.staff.get(operation.staff))
      const occurredAt = orThrow(moments[at] ?? nowText)
      const reference = operation.reference ?? newReference(now.getTime(), ledger.randomBytes(10))
      const {kind, method, note, dryRun} = operation
      return {
        kind,
        direction: kind === 'adjustment' ? (operation.direction ?? 'IN') : DIRECTIONS[kind],
        client: client.person,
        archived: client.archived,
        unit,
        amount,
        around: {staff, method, note, reference, occurredAt, operator: ledger.operator},
        open: openOf(operation),
        dryRun,
        account: unit === settings.unit ? client.account : accountName(client.person.id, unit),
        reference,
        line: undefined,
      }
    } catch (error) {
      if (error instanceof Refusal) return error
      throw error
    }
  })
  return {settings, items}
}

function orThrow<T>(value: T | Refusal | undefined): T {
  if (value === undefined) throw new Error('This was not asked for before')
  if (value instanceof Refusal) throw value
  return value
}

/** The client of each operation. Whoever is not known yet is looked for, staff as well. */
async function clientsOf(
  db: CommonQueryMethods,
  operations: readonly Operation[],
  known: KnownPeople,
  settings: Settings,
): Promise<readonly (KnownClient | Refusal | undefined)[]> {
  const clients = new Set<string>()
  const staff = new Set<string>()
  const all = operations.map((operation) => {
    const client = known.clients.get(operation.client)
    if (client === undefined) clients.add(operation.client)
    if (operation.staff !== null && !known.staff.has(operation.staff)) staff.add(operation.staff)
    return client
  })
  if (clients.size === 0 && staff.size === 0) return all
  const people = await findPeople(db, clients, staff, settings.unit)
  for (const [text, found] of people.clients) {
    known.clients.set(ownText(text), found instanceof Refusal ? found : knownClient(found, settings))
    if (found instanceof Refusal) known.refused.add(text)
  }
  for (const [text, found] of people.staff) {
    known.staff.set(ownText(text), found)
    if (found instanceof Refusal) known.refused.add(text)
  }
  return all.map((client, at) => client ?? known.clients.get(operations[at]?.client ?? ''))
}

/** A cell is a piece of a larger text, which would be kept with it. */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}

function unitOf(text: string, units: Map<string, Unit | Refusal>, settings: Settings): Unit | Refusal {
  const known = units.get(text)
  if (known !== undefined) return known
  const unit = valueOrRefusal(() => findUnit(text, settings.countedUnits))
  units.set(text, unit)
  return unit
}
