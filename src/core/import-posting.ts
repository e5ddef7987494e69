/** The posting that a line of a file asks for. */

import {currencyCode} from './currency-signs.ts'
import {METHODS, type Method} from './entry.ts'
import {CellRefusal, type Cells, cellText, inField, isRounded, positiveAmount} from './import-cells.ts'
import {movementOf, type PostingKind} from './import-movement.ts'
import {clientNamed} from './import-person.ts'
import type {LineRules} from './import-rules.ts'
import type {Field} from './import-titles.ts'
import {isNothing, parseSigned} from './import-values.ts'
import {methodNamed} from './import-words.ts'
import type {Decimal} from './money.ts'
import {parseReference} from './reference.ts'
import {Refusal} from './refusal.ts'
import {cleanText, NOTE_MAX, quoted} from './text.ts'

export interface PostingLine {
  readonly kind: PostingKind
  /** What the client is looked up by. */
  readonly client: string
  readonly amount: Decimal
  readonly unit: string | null
  readonly staff: string | null
  readonly method: Method | null
  readonly note: string | null
  readonly reference: string | null
  readonly at: string | null
}

const STAFF_MAX = 200

/** `said`: what the line says it is; `money` where only its sign or column can tell. Throws CellRefusal. */
export function postingOf(cells: Cells, rules: LineRules, said: PostingKind | 'money'): PostingLine {
  const {kind, signed, field} = movementOf(cells, rules, said)
  if (signed.amount.digits === 0n) {
    throw new CellRefusal(
      field,
      new Refusal('INVALID_AMOUNT', 'The amount is zero', {hint: 'An amount is more than zero, as in 12.50'}),
    )
  }
  // What stands first is refused first.
  return {
    unit: unitOf(cells, rules, field, signed.unit),
    reference: referenceOf(cells),
    at: dateOf(cells, rules, 'at'),
    kind,
    client: clientNamed(cells),
    amount: signed.amount,
    staff: staffOf(cells, kind === 'payment' ? rules.staff : null),
    method: kind === 'payment' || kind === 'opening' ? null : methodOf(cells, rules),
    note: noteOf(cells),
  }
}

/** A cell of a spreadsheet may have several lines; a note has one. */
function noteOf(cells: Cells): string | null {
  const note = cellText(cells, 'note')
  return note === null ? null : inField('note', () => cleanText('note', note.replace(LINE_BREAKS, ' '), NOTE_MAX))
}

const LINE_BREAKS = /[\t\r\n\v\f\u0085\u2028\u2029]+/g

/** The balance that a line about a client brings; null where it brings none. Throws CellRefusal. */
export function openingOf(cells: Cells, rules: LineRules, client: string): PostingLine | null {
  const opening = cellText(cells, 'opening') ?? cellText(cells, 'amount')
  if (opening === null || isNothing(opening)) return null
  const signed = inField('opening', () => parseSigned(opening, rules.mark))
  if (signed.amount.digits === 0n) return null
  const {amount, unit} = positiveAmount('opening', opening, rules.mark)
  return {
    unit: unitOf(cells, rules, 'opening', unit),
    reference: referenceOf(cells),
    at: dateOf(cells, rules, 'openingDate'),
    kind: 'opening',
    client,
    amount,
    staff: null,
    note: null,
    method: null,
  }
}

function referenceOf(cells: Cells): string | null {
  const reference = cellText(cells, 'reference') ?? refusedReference(cellText(cells, 'reason'))
  if (reference === null) return null
  if (isRounded(reference)) {
    throw new CellRefusal(
      'reference',
      new Refusal('INVALID_INPUT', `The reference ${quoted(reference)} was rounded by a spreadsheet`, {
        hint: 'Format the column as text or as a whole number there, and save it again',
      }),
    )
  }
  return inField('reference', () => parseReference(reference))
}

/** `beside`: a currency that stands beside the amount, in the column of `field`. */
function unitOf(cells: Cells, rules: LineRules, field: Field, beside: string | null): string | null {
  const column = cellText(cells, 'unit')
  const titleUnit = rules.titleUnit ?? null
  if (column === null && beside === null && titleUnit === null && rules.unit === null) return null
  const code = (of: Field, text: string | null) =>
    text === null ? null : inField(of, () => currencyCode(text, rules.ownUnit ?? ''))
  const said = code('unit', column)
  const written = code(field, beside)
  const titled = code(field, titleUnit)
  if (areTwo(said, written)) throw twoUnits('unit', `The line says ${said}, and beside its amount ${written}`)
  if (areTwo(said, titled)) throw twoUnits('unit', `The line says ${said}, and the title of its amount ${titled}`)
  if (areTwo(written, titled)) throw twoUnits(field, `The amount is in ${written}, and its title says ${titled}`)
  return said ?? written ?? titled ?? code('unit', rules.unit)
}

function areTwo(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one.toUpperCase() !== other.toUpperCase()
}

function twoUnits(field: Field, what: string): CellRefusal {
  return new CellRefusal(
    field,
    new Refusal('INVALID_INPUT', what, {hint: 'Take one of them away, or say the unit with: --unit'}),
  )
}

/** Whether a reference stands for a line of a file that brings none. */
export function isImportReference(reference: string): boolean {
  return /^import:[0-9a-f]{16}(?:~\d+)?:\d+$/.test(reference)
}

/** The reference that a line was refused with: mended, it is the same line and not another one. */
export function refusedReference(reason: string | null): string | null {
  return reason === null ? null : (/\[(import:[0-9a-f]{16}(?:~\d+)?:\d+)\]$/.exec(reason)?.[1] ?? null)
}

function dateOf(cells: Cells, rules: LineRules, field: 'at' | 'openingDate'): string | null {
  const day = cellText(cells, field) ?? (field === 'openingDate' ? cellText(cells, 'at') : null)
  if (day === null) return null
  const date = inField(field, () => rules.dates(day))
  const time = field === 'at' ? cellText(cells, 'time') : null
  return time !== null && /^\d{4}-\d\d-\d\d$/.test(date) ? `${date} ${time.length === 4 ? `0${time}` : time}` : date
}

function staffOf(cells: Cells, otherwise: string | null): string | null {
  const staff = cellText(cells, 'staff')
  return staff === null ? otherwise : inField('staff', () => cleanText('staff member', staff, STAFF_MAX))
}

function methodOf(cells: Cells, rules: LineRules): Method | null {
  const said = cellText(cells, 'method')
  if (said === null) return rules.method
  const method = methodNamed(said)
  if (method !== null) return method
  throw new CellRefusal(
    'method',
    new Refusal('INVALID_INPUT', `${quoted(said)} is not a method`, {hint: `It is one of: ${METHODS.join(', ')}`}),
  )
}
