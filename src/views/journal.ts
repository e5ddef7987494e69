/** The ledger as a double-entry journal for other programs, entry by entry; what differs between them is a dialect. */

import type {Settings} from '../core/client.ts'
import {type Contra, contraOf} from '../core/contra.ts'
import type {Entry, Person} from '../core/entry.ts'
import {entryId} from '../core/entry-id.ts'
import type {ExportedEntry} from '../core/export-form.ts'
import {amountText, type Money, money} from '../core/money.ts'
import {safeText} from '../core/safe-text.ts'
import type {Unit} from '../core/unit.ts'

/** An account by its place in the tree, and for one of a person the name as it is kept. */
export interface JournalAccount {
  readonly path: readonly string[]
  readonly name: string | null
}

export interface JournalTransaction {
  /** YYYY-MM-DD in the business's zone. */
  readonly day: string
  readonly id: string
  readonly entry: Entry
  readonly client: JournalAccount
  /** Signed, of the client's account: owed money is negative in every one of these programs. */
  readonly amount: string
  readonly contra: JournalAccount
  readonly contraAmount: string
  readonly unit: Unit
  /** What the client's account holds afterwards, where the program can be made to check it here. */
  readonly assertion: string | null
}

export interface JournalDialect {
  readonly header: (title: string | null) => string
  readonly openUnit: (unit: Unit) => string
  readonly openAccount: (account: JournalAccount) => string
  readonly transaction: (transaction: JournalTransaction) => string
  /** Checks a balance at the end of a day, apart from any transaction. */
  readonly balance: (day: string, client: JournalAccount, amount: string, unit: Unit) => string
}

export interface Journal {
  readonly header: () => string
  readonly entry: (exported: ExportedEntry) => string
  readonly end: () => string
}

/**
 * A journal of entries that come account by account, each in its order. Whatever it uses is declared before its first
 * use. With `whole` accounts the balance of each is checked at its end by the program that reads the journal.
 */
export function journalIn(dialect: JournalDialect, settings: Settings, options: {readonly whole: boolean}): Journal {
  const dayOf = dayFormatter(settings.timeZone)
  const declared = new Set<string>()
  let waiting: JournalTransaction | null = null
  let lastDay = ''

  function declare(key: string, text: () => string): string {
    if (declared.has(key)) return ''
    declared.add(key)
    return text()
  }

  /** Writes the transaction that waited; the last one of an account with its balance, to be checked. */
  function flush(next: Entry | null): string {
    if (waiting === null) return ''
    const {entry, day, client, unit} = waiting
    if (next !== null && isSameAccount(entry, next)) return dialect.transaction(waiting)
    if (!options.whole) return dialect.transaction(waiting)
    const balance = signed(-entry.balanceAfter, unit)
    // Programs check balances in the order of days: only the latest day's last transaction has them all before it.
    return day >= lastDay
      ? dialect.transaction({...waiting, assertion: balance})
      : dialect.transaction(waiting) + dialect.balance(lastDay, client, balance, unit)
  }

  function openings({entry}: ExportedEntry, client: JournalAccount, contra: JournalAccount): string {
    const previous = waiting?.entry.clientId
    return [
      declare(`unit ${entry.unit.code}`, () => dialect.openUnit(entry.unit)),
      // Clients are many and come one after the other; the other accounts are few.
      previous === entry.clientId ? '' : dialect.openAccount(client),
      declare(`account ${contra.path.join(':')}`, () => dialect.openAccount(contra)),
    ].join('')
  }

  return {
    header: () => dialect.header(settings.businessName === null ? null : flat(settings.businessName)),
    entry: (item) => {
      const {entry, reversed} = item
      const client = clientAccount(entry.client)
      const contra = contraAccount(contraOf(entry, reversed))
      const before = flush(entry) + openings(item, client, contra)
      const day = dayOf(entry.occurredAt)
      lastDay = waiting !== null && isSameAccount(waiting.entry, entry) && lastDay > day ? lastDay : day
      const sign = entry.direction === 'IN' ? -1n : 1n
      const unit = entry.unit
      waiting = {
        day,
        id: entryId(entry, settings.unit),
        entry,
        client,
        amount: signed(sign * entry.amount, unit),
        contra,
        contraAmount: signed(-sign * entry.amount, unit),
        unit,
        assertion: null,
      }
      return before
    },
    end: () => flush(null),
  }
}

function isSameAccount(a: Entry, b: Entry): boolean {
  return a.clientId === b.clientId && a.unit.code === b.unit.code
}

function signed(minor: bigint, unit: Unit): string {
  return amountText(money(minor) as Money, unit)
}

function clientAccount(client: Person): JournalAccount {
  return {path: ['liabilities', 'clients', personPart(client)], name: client.name}
}

function contraAccount(contra: Contra): JournalAccount {
  switch (contra.of) {
    case 'cash':
      return {path: ['assets', 'cash', contra.method ?? 'unspecified'], name: null}
    case 'income':
      return contra.staff === null
        ? {path: ['income', 'unspecified'], name: null}
        : {path: ['income', personPart(contra.staff)], name: contra.staff.name}
    case 'adjustments':
      return {path: ['expenses', 'adjustments'], name: null}
    case 'openings':
      return {path: ['equity', 'openings'], name: null}
    case 'transfers':
      return {path: ['equity', 'transfers'], name: null}
  }
}

/** The id makes it unique, so the name may lose characters that a program does not take. */
function personPart({id, name}: Person): string {
  return `${id} ${flat(name)}`
}

/** One line without anything that controls, reorders or hides. */
export function flat(text: string): string {
  return safeText(text.replace(/[\s\p{Cc}\p{Z}]+/gu, ' ').trim())
}

/** Of a moment (RFC 3339), its calendar day in a zone. One formatter for all: making one costs more than a line. */
function dayFormatter(timeZone: string): (moment: string) => string {
  if (timeZone === 'UTC') return (moment) => moment.slice(0, 10)
  // The Swedish form of a date is the ISO 8601 one.
  const format = new Intl.DateTimeFormat('sv-SE', {timeZone, year: 'numeric', month: '2-digit', day: '2-digit'})
  return (moment) => format.format(new Date(moment))
}

/** The day after. */
export function dayAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + 1)
  return date.toISOString().slice(0, 10)
}
