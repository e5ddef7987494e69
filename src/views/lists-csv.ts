/** Which columns the lists have as CSV. */

import {csvLine, csvRows, csvText} from './csv.ts'

type Row = Readonly<Record<string, unknown>>

const CLIENT_COLUMNS = [
  'id',
  'name',
  'phone',
  'email',
  'code',
  'balance',
  'unit',
  'defaultPrice',
  'birthDate',
  'category',
  'source',
  'address',
  'note',
  'createdAt',
  'archived',
]

export function clientsCsv(rows: readonly Row[]): string {
  // A phone number is digits and marks by its making; an apostrophe before its + would only spoil it.
  return csvText(CLIENT_COLUMNS, rows, ['balance', 'defaultPrice', 'phone'])
}

const ENTRY_COLUMNS = [
  'id',
  'occurredAt',
  'client.id',
  'client.name',
  'kind',
  'direction',
  'amount',
  'unit',
  'balanceBefore',
  'balanceAfter',
  'staff.id',
  'staff.name',
  'method',
  'note',
  'reference',
  'reverses',
  'reversedBy',
  'counterpart',
  'recordedAt',
  'operator',
  'hash',
]

const ENTRY_NUMBERS = ['amount', 'balanceBefore', 'balanceAfter']

export function entriesCsv(rows: readonly Row[]): string {
  return csvText(ENTRY_COLUMNS, rows, ENTRY_NUMBERS)
}

/** The same list in pieces: its header, then rows. */
export function entriesCsvHeader(): string {
  return csvLine(ENTRY_COLUMNS)
}

export function entriesCsvRows(rows: readonly Row[]): string {
  return csvRows(ENTRY_COLUMNS, rows, ENTRY_NUMBERS)
}

export function staffCsv(rows: readonly Row[]): string {
  return csvText(['id', 'name', 'createdAt', 'archived'], rows, [])
}

export function settingsCsv(rows: readonly Row[]): string {
  return csvText(['key', 'value', 'source'], rows, [])
}

export function balancesCsv(rows: readonly Row[]): string {
  return csvText(['unit', 'balance'], rows, ['balance'])
}
