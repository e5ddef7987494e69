/** Reads the lines of an exported ledger, each into what it stands for. Nothing is believed that is not checked. */

import * as z from 'zod/mini'
import type {StoredSeal} from './chain-check.ts'
import type {Settings} from './client.ts'
import {parseEntryId} from './entry-id.ts'
import {
  FILE_FORMAT,
  type FiledClient,
  type FiledRow,
  type FiledStaff,
  type FileEnd,
  type FileHeader,
} from './ledger-file.ts'
import {type Money, money} from './money.ts'
import {Refusal} from './refusal.ts'
import {quoted} from './text.ts'
import {findUnit, type Unit} from './unit.ts'

/** An entry as it is in the file: digits for numbers (minor units), times RFC 3339, hashes hex. */
export interface FiledEntry extends StoredSeal {
  readonly recordedAt: string
  /** The seqs of its reversals. */
  readonly reversedBySeqs: readonly string[]
}

export type FileLine =
  | {readonly is: 'header'; readonly header: FileHeader}
  | {readonly is: 'staff'; readonly staff: FiledStaff}
  | {readonly is: 'row'; readonly row: FiledRow}
  | {readonly is: 'client'; readonly client: FiledClient}
  | {readonly is: 'batch'; readonly batch: bigint | null}
  | {readonly is: 'entry'; readonly entry: FiledEntry}
  | {readonly is: 'end'; readonly end: FileEnd}

/** What is wrong with a line, as the end of a sentence that begins with its number. */
export class BadLine extends Error {}

const text = z.string()
const textOrNull = z.nullable(text)
const whole = z.int().check(z.nonnegative())
const id = z.int().check(z.positive())
const hash = text.check(z.regex(/^[0-9a-f]{64}$/))
const time = text.check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:\d{3})?Z$/))
const timeOrNull = z.nullable(time)

const headerShape = z.object({
  fleks: z.literal('ledger'),
  format: z.int(),
  version: text,
  exportedAt: time,
  scope: z.object({client: z.nullable(id), from: timeOrNull, to: timeOrNull}),
  settings: z.object({
    businessName: textOrNull,
    unit: text,
    timeZone: text,
    locale: textOrNull,
    countedUnits: z.array(z.object({code: text, decimals: whole})),
  }),
})
const staffShape = z.object({id, name: text, createdAt: time, archivedAt: timeOrNull})
const clientShape = z.object({
  id,
  name: text,
  phone: textOrNull,
  email: textOrNull,
  code: textOrNull,
  birthDate: textOrNull,
  category: textOrNull,
  source: textOrNull,
  address: textOrNull,
  note: textOrNull,
  defaultPrice: textOrNull,
  createdAt: time,
  archivedAt: timeOrNull,
  accounts: z.array(z.object({unit: text, balance: text, entries: whole, hash: z.nullable(hash)})),
})
const endShape = z.object({staff: whole, rows: whole, clients: whole, entries: whole, sha256: hash})

/** The first line. Refused (INVALID_INPUT): what no fleks has written, and what only a newer one can read. */
export function parseHeader(line: string): FileHeader {
  const parsed = z.safeParse(headerShape, jsonOrNull(line))
  const format = Number(Object(jsonOrNull(line)).format)
  if (Object(jsonOrNull(line)).fleks === 'ledger' && format > FILE_FORMAT) {
    throw new Refusal('INVALID_INPUT', `The file has format ${format}, and this fleks reads up to ${FILE_FORMAT}`, {
      hint: 'Install the newer fleks: npm install -g fleks@latest',
    })
  }
  if (!parsed.success) {
    throw new Refusal('INVALID_INPUT', 'This is not a ledger that fleks wrote', {
      hint: 'Write one with: fleks backup FILE',
    })
  }
  const {version, exportedAt, scope, settings} = parsed.data
  const {businessName, timeZone, locale, countedUnits} = settings
  return {
    version,
    exportedAt,
    scope: {...scope, client: scope.client === null ? null : BigInt(scope.client)},
    settings: {businessName, unit: findUnit(settings.unit, countedUnits), timeZone, locale, countedUnits},
  }
}

function jsonOrNull(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** Reads the lines after the first. Each throws BadLine where it is not what an export writes. */
export function lineReader(settings: Settings): (line: string) => FileLine {
  const units = new Map<string, Unit>()
  const unitOf = (code: string): Unit => {
    const known = units.get(code)
    if (known !== undefined) return known
    const unit = storedUnit(code, settings)
    units.set(code, unit)
    return unit
  }
  return (line) => {
    const value = parsedObject(line)
    if ('hash' in value) return {is: 'entry', entry: filedEntry(value, unitOf, settings)}
    if ('client' in value)
      return {is: 'client', client: filedClient(checked(clientShape, value.client, 'client'), unitOf, settings)}
    if ('batch' in value)
      return {is: 'batch', batch: value.batch === null ? null : BigInt(checked(id, value.batch, 'batch'))}
    if ('staff' in value) {
      const {id: staffId, ...staff} = checked(staffShape, value.staff, 'staff')
      return {is: 'staff', staff: {id: BigInt(staffId), ...staff}}
    }
    if ('table' in value) return {is: 'row', row: filedRow(value, line)}
    if ('end' in value) return {is: 'end', end: checked(endShape, value.end, 'end')}
    throw new BadLine('is of no kind that a ledger has')
  }
}

function parsedObject(line: string): Record<string, unknown> {
  const value = jsonOrNull(line)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new BadLine('is not a JSON object')
}

function checked<T extends z.ZodMiniType>(shape: T, value: unknown, what: string): z.output<T> {
  const parsed = z.safeParse(shape, value)
  if (parsed.success) return parsed.data
  const path = parsed.error.issues[0]?.path.join('.') ?? ''
  throw new BadLine(
    `has something else as ${[what, path].filter((part) => part !== '').join('.')} than an export writes`,
  )
}

/** Unlike what a person types, a stored code is taken as it stands. */
function storedUnit(code: string, settings: Settings): Unit {
  try {
    const unit = findUnit(code, settings.countedUnits)
    if (unit.code === code) return unit
  } catch {
    // Told below.
  }
  throw new BadLine(`has the unit ${quoted(code)}, which is neither a currency nor in the settings`)
}

/** The row stays the text that it is: reading it would round its numbers. */
function filedRow({table, row}: Record<string, unknown>, line: string): FiledRow {
  const named = typeof table === 'string' && /^import_[a-z_]{1,50}$/.test(table) ? table : null
  if (named === null || typeof row !== 'object' || row === null)
    throw new BadLine('is a row of no table that imports keep')
  const before = `{"table":"${named}","row":`
  if (!line.startsWith(before)) throw new BadLine('is a row in another form than an export writes')
  return {table: named, row: line.slice(before.length, -1)}
}

function filedClient(
  client: z.output<typeof clientShape>,
  unitOf: (code: string) => Unit,
  settings: Settings,
): FiledClient {
  return {
    ...client,
    id: BigInt(client.id),
    defaultPrice: client.defaultPrice === null ? null : storedMoney(client.defaultPrice, settings.unit),
    accounts: client.accounts.map(({unit, balance, entries, hash: lastHash}) => ({
      unitCode: unit,
      balance: storedMoney(balance, unitOf(unit)),
      lastSeq: BigInt(entries),
      lastHash,
    })),
  }
}

function storedMoney(value: string, unit: Unit): Money {
  return money(BigInt(minorDigits(value, unit)))
}

/** `12.50` → `1250`; exactly as many decimals as the unit has. */
function minorDigits(value: unknown, {code, decimals}: Unit): string {
  if (typeof value === 'string' && /^(?:0|[1-9]\d{0,18})(?:\.\d+)?$/.test(value)) {
    const point = value.indexOf('.')
    const found = point === -1 ? 0 : value.length - point - 1
    if (found === decimals) return value.replace('.', '').replace(/^0+(?=\d)/, '')
  }
  throw new BadLine(`has ${quoted(String(value))} where an amount in ${code} should be`)
}

function filedEntry(value: Record<string, unknown>, unitOf: (code: string) => Unit, {unit: own}: Settings): FiledEntry {
  const key = entryKey(value.id, own)
  const unit = unitOf(string(value, 'unit'))
  const client = personId(value, 'client')
  if (key.clientId !== client || key.unitCode !== unit.code) throw new BadLine('has an id that is of another account')
  const counter = value.counterpart === null ? null : entryKey(value.counterpart, own)
  const reversesSeq = value.reverses === null ? null : entryKey(value.reverses, own).seq
  const recordedAt = string(value, 'recordedAt')
  if (!z.safeParse(time, recordedAt).success) throw new BadLine('has no time of recording')
  return {
    clientId: client,
    unit: unit.code,
    seq: key.seq,
    kind: string(value, 'kind'),
    direction: string(value, 'direction'),
    amount: minorDigits(value.amount, unit),
    balanceBefore: minorDigits(value.balanceBefore, unit),
    balanceAfter: minorDigits(value.balanceAfter, unit),
    staffId: value.staff === null ? null : personId(value, 'staff'),
    method: stringOrNull(value, 'method'),
    note: stringOrNull(value, 'note'),
    reference: string(value, 'reference'),
    reversesSeq,
    counterClientId: counter?.clientId ?? null,
    counterSeq: counter?.seq ?? null,
    occurredAt: string(value, 'occurredAt'),
    operator: string(value, 'operator'),
    hash: string(value, 'hash'),
    recordedAt,
    reversedBySeqs: Array.isArray(value.reversedBy) ? value.reversedBy.map((one) => entryKey(one, own).seq) : [],
  }
}

function entryKey(value: unknown, own: Unit) {
  try {
    const {clientId, unitCode, seq} = parseEntryId(String(value))
    return {clientId: String(clientId), unitCode: unitCode ?? own.code, seq: String(seq)}
  } catch {
    throw new BadLine(`has ${quoted(String(value))} where the id of an entry should be`)
  }
}

function personId(value: Record<string, unknown>, key: string): string {
  const found = Object(value[key]).id
  if (Number.isSafeInteger(found) && found > 0) return String(found)
  throw new BadLine(`has no ${key}`)
}

function string(value: Record<string, unknown>, key: string): string {
  const found = value[key]
  if (typeof found === 'string') return found
  throw new BadLine(`has no ${key}`)
}

function stringOrNull(value: Record<string, unknown>, key: string): string | null {
  return value[key] === null || value[key] === undefined ? null : string(value, key)
}
