/** Journals for Beancount, which takes only some letters in the names of accounts and units (docs/EXPORT.md). */

import {createHash} from 'node:crypto'
import type {Unit} from '../core/unit.ts'
import {dayAfter, flat, type JournalAccount, type JournalDialect} from './journal.ts'

/** Before anything that fleks can record, whatever the zone. */
const OPENED = '1800-01-01'

/** `transliterate` makes ASCII of any text, as any-ascii does. */
export function beancount(transliterate: (text: string) => string): JournalDialect {
  const accountName = ({path}: JournalAccount) => path.map((part) => accountPart(transliterate(part))).join(':')
  const commodity = (unit: Unit) => commodityName(unit, transliterate)
  const balance: JournalDialect['balance'] = (day, client, amount, unit) =>
    `\n${dayAfter(day)} balance ${accountName(client)}  ${amount} ${commodity(unit)}\n`
  return {
    header: (title) => (title === null ? '' : `option "title" ${quoted(title)}\n\n`),
    openUnit: (unit) => `${OPENED} commodity ${commodity(unit)}\n  name: ${quoted(unit.code)}\n`,
    openAccount: (account) =>
      `${OPENED} open ${accountName(account)}\n${account.name === null ? '' : `  name: ${quoted(flat(account.name))}\n`}`,
    transaction: ({day, id, entry, client, contra, amount, contraAmount, unit, assertion}) => {
      const text = [
        '',
        `${day} * ${quoted(flat(entry.client.name))} ${quoted(entry.note === null ? '' : flat(entry.note))}`,
        `  id: ${quoted(id)}`,
        `  kind: ${quoted(entry.kind)}`,
        `  at: ${quoted(entry.occurredAt)}`,
        `  reference: ${quoted(flat(entry.reference))}`,
        `  ${accountName(client)}  ${amount} ${commodity(unit)}`,
        `  ${accountName(contra)}  ${contraAmount} ${commodity(unit)}`,
        '',
      ].join('\n')
      return assertion === null ? text : text + balance(day, client, assertion, unit)
    },
    balance,
  }
}

/** Letters, digits and `-`, beginning with a capital or a digit. */
function accountPart(ascii: string): string {
  const part = ascii.replace(/[^A-Za-z0-9]+/g, '-').replace(/-+$/, '')
  return part.charAt(0).toUpperCase() + part.slice(1)
}

/** These are values to Beancount. */
const RESERVED = ['TRUE', 'FALSE', 'NULL']
const READABLE_MAX = 15

/**
 * 2 to 24 capitals and digits. A currency is itself and `lesson` is LESSON; others end in six digits of their digest,
 * so that two names never become one: `занятие` is ZANYATIE-8ED71A.
 */
function commodityName({code}: Unit, transliterate: (text: string) => string): string {
  const upper = code.toUpperCase()
  if (/^[A-Za-z][A-Za-z0-9]{1,19}$/.test(code) && !RESERVED.includes(upper)) return upper
  const readable = transliterate(code)
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '')
    .slice(0, READABLE_MAX)
  const digest = createHash('sha256').update(code).digest('hex').slice(0, 6).toUpperCase()
  return `${/^[A-Z]/.test(readable) ? '' : 'U'}${readable}-${digest}`
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
