/** A posting as the desk sees it: what moved, and the balance before and after. */

import type {Kind, Posting} from '../core/entry.ts'
import {entryId} from '../core/entry-id.ts'
import {amountText, amountWithUnit} from '../core/money.ts'
import {safeText} from '../core/safe-text.ts'
import type {Screen} from '../core/screen.ts'
import {columnsOf, padded} from './measure.ts'
import {paintFor} from './paint.ts'
import {signedText, timeText} from './values-text.ts'

const TITLES: Readonly<Record<Kind, string>> = {
  topup: 'Top-up',
  payment: 'Payment',
  reversal: 'Reversal',
  refund: 'Refund',
  adjustment: 'Adjustment',
  transfer: 'Transfer',
  opening: 'Opening balance',
}

export function postingText({entry, replayed, dryRun}: Posting, screen: Screen): string {
  const paint = paintFor(screen.colour)
  const {unit} = entry
  const remark = replayed ? ' (already posted; nothing was written)' : dryRun ? ' (dry run; nothing was written)' : ''
  const sign = entry.direction === 'IN' ? paint.good : paint.bad
  const lines: readonly (readonly [string, string | null])[] = [
    ['Client', `${entry.client.name} (${entry.client.id})`],
    ['Amount', sign(`${signedText(entry.direction, entry.amount, unit)} ${unit.code}`)],
    ['Balance', `${amountText(entry.balanceBefore, unit)} → ${paint.strong(amountWithUnit(entry.balanceAfter, unit))}`],
    ['Staff', entry.staff?.name ?? null],
    ['Method', entry.method],
    ['Note', entry.note],
    ['When', timeText(entry.occurredAt, screen)],
  ]
  const title = `${paint.strong(`${TITLES[entry.kind]} ${entryId(entry, screen.ownUnit)}`)}${remark}\n`
  return title + fieldsText(lines, screen, [1, 2])
}

/** Names and values in two columns; those in `painted` hold our own colour codes and no text from the data. */
export function fieldsText(
  fields: readonly (readonly [name: string, value: string | null])[],
  {colour}: Pick<Screen, 'colour'>,
  painted: readonly number[] = [],
): string {
  const paint = paintFor(colour)
  const width = Math.max(...fields.filter(([, value]) => value !== null).map(([name]) => columnsOf(name)))
  return fields
    .flatMap(([name, value], at) => {
      if (value === null) return []
      return [`  ${paint.quiet(padded(name, width, 'left'))}  ${painted.includes(at) ? value : safeText(value)}\n`]
    })
    .join('')
}
