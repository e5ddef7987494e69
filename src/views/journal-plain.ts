/** Journals for hledger and Ledger, whose form is nearly the same (docs/EXPORT.md). */

import type {Unit} from '../core/unit.ts'
import {flat, type JournalAccount, type JournalDialect, type JournalTransaction} from './journal.ts'

/** Ledger reads lines of 4096 bytes at most; a note may be as long by itself. */
const NOTE_SHOWN_MAX = 200

type CommodityName = (unit: Unit) => string

export const HLEDGER: JournalDialect = {
  // Without it `1.000` could be read as a thousand.
  header: (title) => `${titleLine(title)}decimal-mark .\n\n`,
  openUnit: (unit) => `commodity 1000.${'0'.repeat(unit.decimals)} ${quotedCode(unit)}\n`,
  openAccount,
  transaction: (transaction) => transactionText(transaction, quotedCode),
  balance: (day, client, amount, unit) => balanceText(day, client, amount, quotedCode(unit), unit),
}

export const LEDGER: JournalDialect = {
  // With --pedantic even the keys of comments must be declared.
  header: (title) => `${titleLine(title)}tag at\ntag kind\ntag reference\n\n`,
  openUnit: (unit) =>
    `commodity ${ledgerCommodity(unit)}\n    format 1000${unit.decimals === 0 ? '' : '.'}${'0'.repeat(unit.decimals)} ${ledgerCommodity(unit)}\n`,
  openAccount,
  transaction: (transaction) => transactionText(transaction, ledgerCommodity),
  balance: (day, client, amount, unit) => balanceText(day, client, amount, ledgerCommodity(unit), unit),
}

function titleLine(title: string | null): string {
  return title === null ? '' : `; ${title}\n`
}

function openAccount(account: JournalAccount): string {
  return `account ${accountName(account)}\n`
}

/** Two spaces end an account's name, `:` divides it, and `;` begins a comment. */
function accountName({path}: JournalAccount): string {
  return path.map((part) => part.replaceAll(':', '.').replaceAll(';', ',')).join(':')
}

/** In quotes, unless it is a currency's code: digits, `_` and some words mean something else outside of them. */
function quotedCode({code}: Unit): string {
  return /^[A-Z]{3}$/.test(code) ? code : `"${code}"`
}

/** Ledger converts hours, minutes and seconds into each other, even in quotes; no unit of ours has a space. */
function ledgerCommodity(unit: Unit): string {
  return /^[hms]$/.test(unit.code) ? `"unit ${unit.code}"` : quotedCode(unit)
}

function transactionText(transaction: JournalTransaction, commodityOf: CommodityName): string {
  const {day, id, entry, client, contra, unit} = transaction
  const commodity = commodityOf(unit)
  const note = entry.note === null ? '' : ` | ${shortened(flat(entry.note))}`
  const check = transaction.assertion === null ? '' : ` = ${transaction.assertion} ${commodity}`
  return [
    '',
    `${day} (${id}) ${described(flat(entry.client.name).replaceAll('|', '/') + note)}`,
    `    ; kind: ${entry.kind}`,
    `    ; at: ${entry.occurredAt}`,
    `    ; reference: ${tagValue(flat(entry.reference))}`,
    `    ${accountName(client)}  ${transaction.amount} ${commodity}${check}`,
    `    ${accountName(contra)}  ${transaction.contraAmount} ${commodity}`,
    '',
  ].join('\n')
}

function balanceText(day: string, client: JournalAccount, amount: string, commodity: string, unit: Unit): string {
  const nothing = unit.decimals === 0 ? '0' : `0.${'0'.repeat(unit.decimals)}`
  return `\n${day} balance\n    ${accountName(client)}  ${nothing} ${commodity} = ${amount} ${commodity}\n`
}

/** `;` begins a comment. */
function described(text: string): string {
  return text.replaceAll(';', ',')
}

/** A comma ends hledger's value, and Ledger reads a date between brackets. */
function tagValue(text: string): string {
  return text.replaceAll(',', ';').replaceAll('[', '(').replaceAll(']', ')')
}

function shortened(text: string): string {
  const characters = [...text]
  return characters.length > NOTE_SHOWN_MAX ? `${characters.slice(0, NOTE_SHOWN_MAX).join('')}…` : text
}
