/** Amounts: minor units as bigint, parsed once at the edge and formatted once in a view. */

import {Refusal} from './refusal.ts'
import {quoted} from './text.ts'
import type {Unit} from './unit.ts'

/** Minor units (cents, qəpik, whole lessons) of some unit; never a `number`. */
export type Money = bigint & {readonly __money: unique symbol}

/** The largest amount of one entry, in minor units; the database holds the same limit. */
export const AMOUNT_MAX = 999_999_999_999_999n
/** The largest balance, in minor units; the database holds the same limit. */
export const BALANCE_MAX = 900_000_000_000_000_000n

export function money(minor: bigint): Money {
  return minor as Money
}

/** A decimal as typed, before its unit is known: 12.50 is {digits: 1250n, scale: 2}. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

/** No ISO 4217 currency has more decimals than this. */
const SCALE_MAX = 4

/**
 * Reads an AMOUNT: digits, and at most one `.` or `,` with digits on both sides; the same in every locale.
 * Refused (INVALID_AMOUNT): signs, exponents, grouping, spaces, other scripts' digits, zero, and what is too long.
 */
export function parseDecimal(text: string): Decimal {
  const match = /^(\d{1,15})(?:[.,](\d{1,4}))?$/.exec(text)
  if (match === null) throw invalidAmount(text)
  const [, whole = '', fraction = ''] = match
  const digits = BigInt(whole + fraction)
  if (digits === 0n) {
    throw new Refusal('INVALID_AMOUNT', 'The amount is zero', {hint: 'An amount is more than zero, as in 12.50'})
  }
  return {digits, scale: fraction.length}
}

export interface SignedDecimal extends Decimal {
  readonly negative: boolean
}

/**
 * Reads the ±AMOUNT of an adjustment, whose sign is never left to be guessed: `+5`, `-12.50`, and `−5` with the
 * typographic minus. Refused (INVALID_AMOUNT): no sign, and all that `parseDecimal` refuses after it.
 */
export function parseSignedDecimal(text: string): SignedDecimal {
  const match = /^([+\-\u2212])(?![+-])(.*)$/su.exec(text)
  if (match === null) {
    throw new Refusal('INVALID_AMOUNT', `${quoted(text)} does not say whether it is added or taken`, {
      hint: 'Begin it with a sign: +12.50 adds, -12.50 takes',
    })
  }
  return {...parseDecimal(match[2] ?? ''), negative: match[1] !== '+'}
}

function invalidAmount(text: string): Refusal {
  return new Refusal('INVALID_AMOUNT', `${quoted(text)} is not an amount`, {hint: amountHint(text)})
}

function amountHint(text: string): string {
  if (/^[+-]/.test(text)) return 'An amount has no sign: the command says whether it is added or taken'
  if (/^\d{16,}/.test(text)) return 'An amount has at most 15 digits'
  if (new RegExp(`^\\d+[.,]\\d{${SCALE_MAX + 1},}$`).test(text)) return 'An amount has no more decimals than its unit'
  if (/^\d[\d.,' _\u00a0\u202f]*$/.test(text)) return 'Write it without grouping and spaces, as in 1234.56'
  return 'Write it as a plain number, as in 12.50'
}

/** The decimal as an amount of `unit`. Refused (INVALID_AMOUNT): more decimals than the unit has, or too much. */
export function toMoney({digits, scale}: Decimal, unit: Unit): Money {
  if (scale > unit.decimals) throw tooManyDecimals({digits, scale}, unit)
  const minor = scale === unit.decimals ? digits : digits * 10n ** BigInt(unit.decimals - scale)
  if (minor > AMOUNT_MAX) {
    throw new Refusal('INVALID_AMOUNT', `The amount ${decimalText(digits, scale)} ${unit.code} is too large`, {
      hint: `An amount is at most ${amountWithUnit(money(AMOUNT_MAX), unit)}`,
    })
  }
  return money(minor)
}

function tooManyDecimals({digits, scale}: Decimal, unit: Unit): Refusal {
  const allowed = unit.decimals === 0 ? 'no decimals' : `at most ${unit.decimals} decimals`
  return new Refusal('INVALID_AMOUNT', `${decimalText(digits, scale)} has more decimals than ${unit.code} has`, {
    hint: scale === 3 ? `${unit.code} has ${allowed}; write thousands without a mark` : `${unit.code} has ${allowed}`,
  })
}

/** Both steps at once, where the unit is known. */
export function parseAmount(text: string, unit: Unit): Money {
  return toMoney(parseDecimal(text), unit)
}

/** The amount with all decimals of its unit: `12.50`, `-0.05`, and `12` where the unit has none. */
export function amountText(amount: Money, unit: Unit): string {
  return minorText(amount.toString(), unit.decimals)
}

/** The same for an amount that was stored as digits, which need not be a number in between. */
export function minorText(minor: string, decimals: number): string {
  if (decimals === 0) return minor
  if (minor.startsWith('-')) return `-${minorText(minor.slice(1), decimals)}`
  const digits = minor.length > decimals ? minor : minor.padStart(decimals + 1, '0')
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** `12.50 AZN`. */
export function amountWithUnit(amount: Money | bigint, unit: Unit): string {
  return `${amountText(money(amount), unit)} ${unit.code}`
}

function decimalText(digits: bigint, scale: number): string {
  return minorText(digits.toString(), scale)
}
