/** What a balance is counted in: an ISO 4217 currency or a count that the business introduced. */

import {isoCodes, isoDecimals} from './iso4217.ts'
import {Refusal} from './refusal.ts'
import {nearest} from './similarity.ts'
import {quoted} from './text.ts'

/** `decimals` is how many digits follow the decimal mark: JPY 0, AZN 2, KWD 3, lesson 0. */
export interface Unit {
  readonly code: string
  readonly decimals: number
}

/** The unit of a code: a currency in any case, or one of the counted units. Refused (INVALID_INPUT): any other. */
export function findUnit(text: string, counted: readonly Unit[]): Unit {
  const count = counted.find(({code}) => code === text)
  if (count !== undefined) return count
  const code = text.toUpperCase()
  const decimals = isoDecimals(code)
  if (decimals !== undefined) return {code, decimals}
  const near = nearest(text, [...counted.map((unit) => unit.code), ...isoCodes()], 3)
  throw new Refusal('INVALID_INPUT', `There is no unit ${quoted(text)}`, {
    hint:
      near.length === 0
        ? 'Use an ISO 4217 currency such as EUR, or introduce a count with: fleks config set counted-units lesson'
        : `Did you mean: ${near.join(', ')}?`,
  })
}

const COUNTED_UNIT = /^(\p{Ll}[\p{Ll}\p{Lo}\p{N}_]{0,19})(?::([0-4]))?$/u

/** Reads `lesson` (whole ones) or `hour:2` (two decimals). Refused (INVALID_INPUT): others, and a currency's code. */
export function parseCountedUnit(text: string): Unit {
  const match = COUNTED_UNIT.exec(text)
  if (match === null) {
    throw new Refusal('INVALID_INPUT', `${quoted(text)} cannot be the name of a counted unit`, {
      hint: 'Use lower-case letters, at most 20, and the number of decimals after a colon: lesson, hour:2',
    })
  }
  const [, code = '', decimals = '0'] = match
  if (isoDecimals(code.toUpperCase()) !== undefined) {
    throw new Refusal('INVALID_INPUT', `${code} is the code of a currency`, {hint: 'Choose another name for the count'})
  }
  return {code, decimals: Number(decimals)}
}
