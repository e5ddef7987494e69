/** The whole ledger as JSON lines, from which it can be rebuilt (docs/EXPORT.md). */

import type {Settings} from '../core/client.ts'
import type {Entry, Person} from '../core/entry.ts'
import {entryId} from '../core/entry-id.ts'
import {
  FILE_FORMAT,
  type FiledAccount,
  type FiledClient,
  type FiledRow,
  type FiledStaff,
  type FileEnd,
  type FileHeader,
} from '../core/ledger-file.ts'
import {amountText} from '../core/money.ts'
import {findUnit, type Unit} from '../core/unit.ts'

export function headerLine({version, exportedAt, scope, settings}: FileHeader): string {
  const {businessName, unit, timeZone, locale, countedUnits} = settings
  return line({
    fleks: 'ledger',
    format: FILE_FORMAT,
    version,
    exportedAt,
    scope: {client: scope.client === null ? null : Number(scope.client), from: scope.from, to: scope.to},
    settings: {businessName, unit: unit.code, timeZone, locale, countedUnits},
  })
}

export function staffLine({id, ...staff}: FiledStaff): string {
  return line({staff: {id: Number(id), ...staff}})
}

/** The row is JSON already. */
export function rowLine({table, row}: FiledRow): string {
  return `{"table":"${table}","row":${row}}\n`
}

export function clientLine({id, defaultPrice, accounts, ...client}: FiledClient, settings: Settings): string {
  return line({
    client: {
      id: Number(id),
      ...client,
      defaultPrice: defaultPrice === null ? null : amountText(defaultPrice, settings.unit),
      accounts: accounts.map((account) => accountJson(account, settings)),
    },
  })
}

function accountJson({unitCode, balance, lastSeq, lastHash}: FiledAccount, {countedUnits}: Settings) {
  const unit = findUnit(unitCode, countedUnits)
  return {unit: unitCode, balance: amountText(balance, unit), entries: Number(lastSeq), hash: lastHash}
}

/** Which import the entries of the account came with from here on; at its beginning, none. */
export function batchLine(batch: bigint | null): string {
  return line({batch: batch === null ? null : Number(batch)})
}

/**
 * An entry as every command shows it: the text that JSON.stringify makes of `entryJson`, written out because a million
 * of them take a third of the time so.
 */
export function entryLine(entry: Entry, ownUnit: Unit): string {
  const {clientId, client, unit, kind, direction, staff, method, counter, reversesSeq} = entry
  const sibling = (of: bigint, seq: bigint) => quoted(entryId({clientId: of, unit, seq}, ownUnit))
  return (
    `{"id":${quoted(entryId(entry, ownUnit))},"client":${personText(client)},"kind":"${kind}","direction":"${direction}"` +
    `,"amount":"${amountText(entry.amount, unit)}","unit":${quoted(unit.code)}` +
    `,"balanceBefore":"${amountText(entry.balanceBefore, unit)}","balanceAfter":"${amountText(entry.balanceAfter, unit)}"` +
    `,"staff":${staff === null ? 'null' : personText(staff)},"method":${method === null ? 'null' : `"${method}"`}` +
    `,"note":${entry.note === null ? 'null' : quoted(entry.note)},"reference":${quoted(entry.reference)}` +
    `,"reverses":${reversesSeq === null ? 'null' : sibling(clientId, reversesSeq)}` +
    `,"reversedBy":[${entry.reversedBySeqs.map((seq) => sibling(clientId, seq)).join(',')}]` +
    `,"counterpart":${counter === null ? 'null' : sibling(counter.clientId, counter.seq)}` +
    `,"occurredAt":${quoted(entry.occurredAt)},"recordedAt":${quoted(entry.recordedAt)}` +
    `,"operator":${quoted(entry.operator)},"hash":"${entry.hash}"}\n`
  )
}

function personText({id, name}: Person): string {
  return `{"id":${id},"name":${quoted(name)}}`
}

/** Nearly every text is as it is between its quotes. */
function quoted(text: string): string {
  return /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(text) ? `"${text}"` : JSON.stringify(text)
}

export function endLine(end: FileEnd): string {
  return line({end})
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`
}
