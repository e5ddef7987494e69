/** How much money a line of a file moves, and which way. */

import type {Direction} from './entry.ts'
import {CellRefusal, type Cells, cellText, inField} from './import-cells.ts'
import type {LineRules} from './import-rules.ts'
import type {Field} from './import-titles.ts'
import {isNothing, parseSigned, type Signed} from './import-values.ts'
import {directionNamed} from './import-words.ts'
import {Refusal} from './refusal.ts'
import {quoted} from './text.ts'

export type PostingKind = 'topup' | 'payment' | 'refund' | 'opening'

export interface Movement {
  readonly kind: PostingKind
  readonly signed: Signed
  readonly field: Field
}

const DIRECTION_OF: Readonly<Record<PostingKind, Direction>> = {
  topup: 'IN',
  opening: 'IN',
  payment: 'OUT',
  refund: 'OUT',
}
const SIDES = {in: 'IN', out: 'OUT'} as const

/** All that a line says of which way its money went must agree: its kind, its sign, its column, and a column for it. */
export function movementOf(cells: Cells, rules: LineRules, said: PostingKind | 'money'): Movement {
  const one = cellText(cells, 'amount')
  const direction = directionOf(cells)
  const moved = one === null ? ofTwoColumns(cells, rules, said) : ofOneColumn(one, {rules, said, direction})
  if (direction !== null && DIRECTION_OF[moved.kind] !== direction) {
    const way = direction === 'IN' ? 'came in' : 'went out'
    const what = said === 'money' ? `has ${quoted(cellText(cells, moved.field) ?? '')}` : `is a ${said}`
    throw unlike('direction', `The line ${what}, and says that money ${way}`)
  }
  if (one !== null) refuseUnlikeSides(cells, rules, moved)
  return moved
}

function directionOf(cells: Cells): Direction | null {
  const said = cellText(cells, 'direction')
  if (said === null) return null
  const direction = directionNamed(said)
  if (direction !== null) return direction
  throw new CellRefusal(
    'direction',
    new Refusal('INVALID_INPUT', `${quoted(said)} does not say whether money came in or went out`, {
      hint: 'It is one of: IN, OUT, CR, DR, credit, debit',
    }),
  )
}

function unlike(field: Field, what: string): CellRefusal {
  return new CellRefusal(field, new Refusal('INVALID_AMOUNT', what, {hint: 'Correct one of the two'}))
}

/** An amount of its own beside two columns for what comes in and goes out. */
function refuseUnlikeSides(cells: Cells, rules: LineRules, {kind, signed}: Movement): void {
  for (const side of sidesOf(cells, rules)) {
    const isSame = compared(side.signed) === compared(signed) && SIDES[side.field] === DIRECTION_OF[kind]
    if (isSame) continue
    const other = `${quoted(cellText(cells, side.field) ?? '')} in another column`
    throw unlike(side.field, `The line has ${quoted(cellText(cells, 'amount') ?? '')}, and ${other}`)
  }
}

/** So that 5 and 5.00 are the same. */
function compared({amount: {digits, scale}}: Signed): bigint {
  return digits * 10n ** BigInt(4 - scale)
}

interface OneColumn {
  readonly rules: LineRules
  readonly said: PostingKind | 'money'
  readonly direction: Direction | null
}

function ofOneColumn(cell: string, {rules, said, direction}: OneColumn): Movement {
  const signed = inField('amount', () => parseSigned(cell, rules.mark))
  const goesOut = signed.negative || direction === 'OUT'
  if (said === 'money') return {kind: goesOut ? rules.outIs : 'topup', signed, field: 'amount'}
  // A file that has signs writes what goes out with a minus; a top-up with one contradicts itself.
  if (signed.negative && (said === 'topup' || said === 'opening')) {
    throw new CellRefusal(
      'amount',
      new Refusal('INVALID_AMOUNT', `A ${said} of ${quoted(cell)} is less than zero`, {
        hint: 'Take the sign away, or name another kind',
      }),
    )
  }
  return {kind: said, signed, field: 'amount'}
}

function ofTwoColumns(cells: Cells, rules: LineRules, said: PostingKind | 'money'): Movement {
  const [side, other] = sidesOf(cells, rules)
  if (side === undefined) {
    throw new CellRefusal(
      'amount',
      new Refusal('INVALID_AMOUNT', 'The line has no amount', {hint: 'Fill in its amount'}),
    )
  }
  if (other !== undefined) {
    throw new CellRefusal(
      'out',
      new Refusal('INVALID_AMOUNT', 'The line has money going in and out', {hint: 'Make two lines of it'}),
    )
  }
  // Some books write what goes out with a minus in its own column as well.
  if (side.field === 'in' && side.signed.negative) {
    throw new CellRefusal(
      'in',
      new Refusal('INVALID_AMOUNT', 'What goes in is less than zero', {hint: 'Move it to the other column'}),
    )
  }
  const kind = said !== 'money' ? said : side.field === 'in' ? 'topup' : rules.outIs
  // A bank calls what it received a payment.
  if (DIRECTION_OF[kind] !== SIDES[side.field]) {
    const way = side.field === 'in' ? 'comes in' : 'goes out'
    const field = cells.kind === undefined ? side.field : 'kind'
    throw unlike(field, `The line is a ${kind}, and its money stands where it ${way}`)
  }
  return {kind, signed: side.signed, field: side.field}
}

function sidesOf(cells: Cells, rules: LineRules) {
  return (['in', 'out'] as const).flatMap((field) => {
    const cell = cellText(cells, field)
    if (cell === null || isNothing(cell)) return []
    const signed = inField(field, () => parseSigned(cell, rules.mark))
    return signed.amount.digits === 0n ? [] : [{field, signed}]
  })
}
