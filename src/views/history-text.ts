/** The ledger's entries as a table. */

import type {Entry} from '../core/entry.ts'
import {entryId} from '../core/entry-id.ts'
import {amountText} from '../core/money.ts'
import type {Screen} from '../core/screen.ts'
import {type Column, tableText} from './table.ts'
import {signedText, timeText} from './values-text.ts'

export function historyText(entries: readonly Entry[], screen: Screen): string {
  if (entries.length === 0) return 'No entries.\n'
  const columns: readonly Column<Entry>[] = [
    {title: 'ENTRY', value: (entry) => entryId(entry, screen.ownUnit)},
    {title: 'WHEN', value: ({occurredAt}) => timeText(occurredAt, screen), optional: 4},
    {title: 'CLIENT', value: ({client}) => client.name, flexible: true},
    {title: 'KIND', value: ({kind}) => kind, optional: 5},
    {
      title: 'AMOUNT',
      value: ({direction, amount, unit}) => signedText(direction, amount, unit),
      align: 'right',
      paint: (text, {direction}, paint) => (direction === 'IN' ? paint.good(text) : paint.bad(text)),
    },
    {title: 'BALANCE', value: ({balanceAfter, unit}) => amountText(balanceAfter, unit), align: 'right'},
    {title: 'UNIT', value: ({unit}) => unit.code, optional: 3},
    {title: 'LINK', value: (entry) => linkText(entry, screen), flexible: true, optional: 2},
    {title: 'STAFF', value: ({staff}) => staff?.name ?? null, flexible: true, optional: 6},
    {title: 'METHOD', value: ({method}) => method, optional: 7},
    {title: 'NOTE', value: ({note}) => note, flexible: true, optional: 8},
  ]
  return tableText(columns, entries, screen)
}

/** What an entry has to do with another one, in words: a reversed entry shows without any colour. */
function linkText(entry: Entry, {ownUnit}: Screen): string | null {
  const sibling = (seq: bigint) => entryId({...entry, seq}, ownUnit)
  if (entry.reversesSeq !== null) return `reverses ${sibling(entry.reversesSeq)}`
  if (entry.counter !== null) {
    return `${entry.direction === 'OUT' ? 'to' : 'from'} ${entryId({...entry, ...entry.counter}, ownUnit)}`
  }
  return entry.reversedBySeqs.length === 0 ? null : `reversed by ${entry.reversedBySeqs.map(sibling).join(', ')}`
}
