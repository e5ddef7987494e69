/** Single values as people read them. */

import type {Direction} from '../core/entry.ts'
import {amountText, type Money} from '../core/money.ts'
import type {Screen} from '../core/screen.ts'
import type {Unit} from '../core/unit.ts'

/** `2026-11-22 14:00` in the business's zone, or its locale's short form. */
export function timeText(rfc3339: string, {timeZone, locale}: Pick<Screen, 'timeZone' | 'locale'>): string {
  const date = new Date(rfc3339)
  if (locale !== null) {
    const form = new Intl.DateTimeFormat(locale, {timeZone, dateStyle: 'short', timeStyle: 'short'})
    // Right-to-left locales add marks that reorder text; they would be shown as escapes.
    return form.format(date).replace(/[\u061c\u200e\u200f]/g, '')
  }
  // The Swedish form is the ISO 8601 one.
  const parts = {year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit'} as const
  return new Intl.DateTimeFormat('sv-SE', {timeZone, ...parts}).format(date)
}

/** `+50.00` or `-12.50`: the sign tells IN from OUT without any colour. */
export function signedText(direction: Direction, amount: Money, unit: Unit): string {
  return `${direction === 'IN' ? '+' : '-'}${amountText(amount, unit)}`
}
