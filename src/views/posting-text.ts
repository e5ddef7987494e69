/** A posting as the desk sees it: what moved, and the balance before and after. */

import type {Entry, Kind, Posting, TransferPosting} from '../core/entry.ts'
import {entryId} from '../core/entry-id.ts'
import {amountText, amountWithUnit} from '../core/money.ts'
import {safeText} from '../core/safe-text.ts'
import type {Screen} from '../core/screen.ts'
import {columnsOf} from '../core/text-width.ts'
import {padded} from './measure.ts'
import {type Paint, paintFor} from './paint.ts'
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
  const sibling = (seq: bigint) => entryId({...entry, seq}, screen.ownUnit)
  const sign = entry.direction === 'IN' ? paint.good : paint.bad
  const lines: readonly (readonly [string, string | null])[] = [
    ['Client', `${entry.client.name} (${entry.client.id})`],
    ['Amount', sign(`${signedText(entry.direction, entry.amount, unit)} ${unit.code}`)],
    ['Balance', balancesText(entry, paint)],
    ['Reverses', entry.reversesSeq === null ? null : sibling(entry.reversesSeq)],
    ['Reversed by', entry.reversedBySeqs.length === 0 ? null : entry.reversedBySeqs.map(sibling).join(', ')],
    ['Staff', entry.staff?.name ?? null],
    ['Method', entry.method],
    ['Note', entry.note],
    ['When', timeText(entry.occurredAt, screen)],
  ]
  const title = paint.strong(`${TITLES[entry.kind]} ${entryId(entry, screen.ownUnit)}`)
  return `${title}${remarkText({replayed, dryRun})}\n${fieldsText(lines, screen, [1, 2])}`
}

/** Both sides of a transfer, each with its balance before and after. */
export function transferText({entry, counterEntry, replayed, dryRun}: TransferPosting, screen: Screen): string {
  const paint = paintFor(screen.colour)
  const lines: readonly (readonly [string, string | null])[] = [
    ['From', `${entry.client.name} (${entry.client.id})`],
    ['Balance', balancesText(entry, paint)],
    ['To', `${counterEntry.client.name} (${counterEntry.client.id})`],
    ['Balance', balancesText(counterEntry, paint)],
    ['Amount', amountWithUnit(entry.amount, entry.unit)],
    ['Note', entry.note],
    ['When', timeText(entry.occurredAt, screen)],
  ]
  const ids = [entry, counterEntry].map((side) => entryId(side, screen.ownUnit)).join(' → ')
  const title = paint.strong(`${TITLES[entry.kind]} ${ids}`)
  return `${title}${remarkText({replayed, dryRun})}\n${fieldsText(lines, screen, [1, 3])}`
}

function balancesText({unit, balanceBefore, balanceAfter}: Entry, paint: Paint): string {
  return `${amountText(balanceBefore, unit)} → ${paint.strong(amountWithUnit(balanceAfter, unit))}`
}

function remarkText({replayed, dryRun}: Pick<Posting, 'replayed' | 'dryRun'>): string {
  if (replayed) return ' (already posted; nothing was written)'
  return dryRun ? ' (dry run; nothing was written)' : ''
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
