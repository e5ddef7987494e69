/** From the cells of one line to what it asks for: a posting, a client or a staff member. Pure. */

import type {Method} from './entry.ts'
import type {Field} from './import-columns.ts'
import {type DateReader, type DecimalMark, parseSigned, type Signed} from './import-values.ts'
import type {Decimal} from './money.ts'
import {parseReference} from './reference.ts'
import {Refusal} from './refusal.ts'
import {cleanText, NOTE_MAX, quoted} from './text.ts'

/** What a line is when nothing in it says so. */
export type LineKind = 'topup' | 'payment' | 'refund' | 'opening' | 'client' | 'staff'
export const LINE_KINDS: readonly LineKind[] = ['topup', 'payment', 'refund', 'opening', 'client', 'staff']

export interface LineRules {
  readonly dates: DateReader
  readonly mark: DecimalMark | null
  /** What every line is, where no column says so. */
  readonly kind: LineKind | null
  /** What money going out is, where a sign or a column tells only the direction. */
  readonly outIs: 'payment' | 'refund'
  /** Who did the work, where a line names nobody. */
  readonly staff: string | null
  readonly unit: string | null
  readonly method: Method | null
  /** Whether the columns have something that a posting needs. */
  readonly hasMoney: boolean
  readonly hasClient: boolean
}

/** The cells of a line by field; '' and undefined are nothing. */
export type Cells = {readonly [field in Field]?: string | undefined}

/** A person as a line describes them. Texts are as in the file, checked when one is to be added. */
export interface PersonLine {
  readonly name: string | null
  readonly phone: string | null
  readonly code: string | null
  readonly email: string | null
  readonly birthDate: string | null
  readonly category: string | null
  readonly source: string | null
  readonly address: string | null
  readonly note: string | null
  readonly defaultPrice: Decimal | null
}

export interface PostingLine {
  readonly kind: 'topup' | 'payment' | 'refund' | 'opening'
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

/** `posting` beside `person`: a client's opening balance. */
export type ImportLine =
  | {readonly what: 'posting'; readonly posting: PostingLine}
  | {
      readonly what: 'client'
      readonly client: string
      readonly person: PersonLine
      readonly posting: PostingLine | null
    }
  | {readonly what: 'staff'; readonly name: string}

/** A refusal that knows its column. */
export class CellRefusal extends Error {
  readonly field: Field | null
  readonly refusal: Refusal
  constructor(field: Field | null, refusal: Refusal) {
    super(refusal.message)
    this.field = field
    this.refusal = refusal
  }
}

const CELL_MAX = 5_000
const PERSON_MAX = 200

/** Throws CellRefusal: INVALID_INPUT, INVALID_AMOUNT, USAGE, each with the field it is about. */
export function readLine(cells: Cells, rules: LineRules): ImportLine {
  for (const field in cells) {
    const length = cells[field as Field]?.length ?? 0
    if (length > CELL_MAX) {
      throw new CellRefusal(
        field as Field,
        new Refusal('INVALID_INPUT', `The ${field} has ${length} characters`, {
          hint: `It can have at most ${NOTE_MAX}`,
        }),
      )
    }
  }
  const kind = kindOf(cells, rules)
  if (kind === 'staff') return {what: 'staff', name: needed(cells, 'name', ['client', 'staff'], PERSON_MAX)}
  if (kind === 'client') return clientLine(cells, rules, personOf(cells, rules))
  return {what: 'posting', posting: postingLine(cells, rules, kind)}
}

function text(cells: Cells, field: Field): string | null {
  const cell = cells[field]
  if (cell === undefined) return null
  const plain = unwrapped(cell).trim()
  return plain === '' ? null : plain
}

/** Spreadsheets keep leading zeros as ="007", and a leading apostrophe keeps a text from being run. */
function unwrapped(cell: string): string {
  const first = cell.charCodeAt(0)
  if (first === 61 /* = */) return /^="([^"]*)"$/.exec(cell)?.[1] ?? cell
  return first === 39 /* ' */ && /^'[=+\-@]/.test(cell) ? cell.slice(1) : cell
}

function needed(cells: Cells, field: Field, others: readonly Field[], max: number): string {
  const found = [field, ...others].map((one) => text(cells, one)).find((one) => one !== null)
  if (found === undefined || found === null) {
    throw new CellRefusal(field, new Refusal('USAGE', `The line has no ${field}`, {hint: `Fill in its ${field}`}))
  }
  return within(field, () => cleanText(field, found, max))
}

function within<T>(field: Field, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refusal) throw new CellRefusal(field, error)
    throw error
  }
}

const WORDS: Readonly<Record<LineKind, readonly string[]>> = {
  topup: [
    'topup',
    'top-up',
    'top up',
    'deposit',
    'credit',
    'in',
    'пополнение',
    'приход',
    'взнос',
    'зачисление',
    'поступление',
    'mədaxil',
    'artırma',
    'balans artımı',
  ],
  payment: [
    'payment',
    'charge',
    'visit',
    'service',
    'debit',
    'out',
    'списание',
    'расход',
    'визит',
    'услуга',
    'занятие',
    'məxaric',
    'xidmət',
    'silinmə',
    'ziyarət',
  ],
  refund: ['refund', 'возврат', 'qaytarma', 'geri qaytarma', 'geri ödəmə'],
  opening: ['opening', 'opening balance', 'начальный остаток', 'ilkin qalıq'],
  client: ['client', 'customer', 'клиент', 'müştəri'],
  staff: ['staff', 'employee', 'сотрудник', 'işçi', 'əməkdaş'],
}
const byWord = new Map(LINE_KINDS.flatMap((kind) => WORDS[kind].map((word) => [word, kind] as const)))

type Said = LineKind | 'money'

function kindOf(cells: Cells, rules: LineRules): Said {
  const said = text(cells, 'kind')
  const known = said === null ? undefined : byWord.get(said.normalize('NFC').replace('İ', 'i').toLowerCase())
  if (known !== undefined) return known
  if (said !== null && rules.kind === null && !/^[+\-\u2212(]/.test(cells.amount ?? '') && !inOut(cells)) {
    throw new CellRefusal(
      'kind',
      new Refusal('INVALID_INPUT', `${quoted(said)} is not a kind of line`, {
        hint: `It is one of: ${LINE_KINDS.join(', ')}`,
      }),
    )
  }
  if (rules.kind !== null) return rules.kind
  if (rules.hasMoney) return 'money'
  return rules.hasClient ? 'client' : 'staff'
}

function inOut(cells: Cells): boolean {
  return cells.in !== undefined || cells.out !== undefined
}

/** The person that a line describes, whatever else it says. */
export function personOf(cells: Cells, rules: LineRules): PersonLine {
  const price = text(cells, 'defaultPrice')
  return {
    name: text(cells, 'name'),
    phone: text(cells, 'phone'),
    code: text(cells, 'code'),
    email: text(cells, 'email'),
    birthDate: text(cells, 'birthDate'),
    category: text(cells, 'category'),
    source: text(cells, 'source'),
    address: text(cells, 'address'),
    note: text(cells, 'note'),
    defaultPrice: price === null || rules.hasMoney ? null : positive('defaultPrice', price, rules).amount,
  }
}

function clientText(cells: Cells): string {
  return needed(cells, 'client', ['code', 'phone', 'name'], PERSON_MAX)
}

function clientLine(cells: Cells, rules: LineRules, person: PersonLine): ImportLine {
  const client = clientText(cells)
  const name = person.name ?? (text(cells, 'client') === null ? null : client)
  const opening = text(cells, 'opening') ?? text(cells, 'amount')
  if (opening === null) return {what: 'client', client, person: {...person, name}, posting: null}
  const signed = within('opening', () => parseSigned(opening, rules.mark))
  if (signed.amount.digits === 0n) return {what: 'client', client, person: {...person, name}, posting: null}
  const {amount, unit} = positive('opening', opening, rules)
  const posting = {
    ...around(cells, rules, unit, 'openingDate'),
    kind: 'opening' as const,
    client,
    amount,
    staff: null,
    note: null,
    method: null,
  }
  return {what: 'client', client, person: {...person, name}, posting}
}

function positive(field: Field, cell: string, rules: LineRules): Signed {
  const signed = within(field, () => parseSigned(cell, rules.mark))
  if (signed.negative || signed.amount.digits === 0n) {
    const what = signed.negative ? 'less than zero' : 'zero'
    throw new CellRefusal(
      field,
      new Refusal('INVALID_AMOUNT', `The ${field} ${quoted(cell)} is ${what}`, {
        hint: 'It is more than zero, as in 12.50',
      }),
    )
  }
  return signed
}

function postingLine(cells: Cells, rules: LineRules, said: Exclude<Said, 'client' | 'staff'>): PostingLine {
  const {kind, signed, field} = movement(cells, rules, said)
  if (signed.amount.digits === 0n) {
    throw new CellRefusal(
      field,
      new Refusal('INVALID_AMOUNT', 'The amount is zero', {hint: 'An amount is more than zero, as in 12.50'}),
    )
  }
  const note = text(cells, 'note')
  return {
    ...around(cells, rules, signed.unit, 'at'),
    kind,
    client: clientText(cells),
    amount: signed.amount,
    staff:
      kind === 'opening' || kind === 'refund'
        ? staffText(cells, null)
        : staffText(cells, kind === 'payment' ? rules.staff : null),
    method: kind === 'payment' || kind === 'opening' ? null : methodOf(cells, rules),
    // A cell of a spreadsheet may have several lines; a note has one.
    note: note === null ? null : within('note', () => cleanText('note', note.replace(/[\t\r\n]+/g, ' '), NOTE_MAX)),
  }
}

function staffText(cells: Cells, otherwise: string | null): string | null {
  const staff = text(cells, 'staff')
  return staff === null ? otherwise : within('staff', () => cleanText('staff member', staff, PERSON_MAX))
}

function movement(
  cells: Cells,
  rules: LineRules,
  said: Exclude<Said, 'client' | 'staff'>,
): {readonly kind: PostingLine['kind']; readonly signed: Signed; readonly field: Field} {
  const one = text(cells, 'amount')
  if (one !== null) {
    const signed = within('amount', () => parseSigned(one, rules.mark))
    if (said === 'money') return {kind: signed.negative ? rules.outIs : 'topup', signed, field: 'amount'}
    // A file that has signs writes what goes out with a minus; a top-up with one contradicts itself.
    if (signed.negative && (said === 'topup' || said === 'opening')) {
      throw new CellRefusal(
        'amount',
        new Refusal('INVALID_AMOUNT', `A ${said} of ${quoted(one)} is less than zero`, {
          hint: 'Take the sign away, or name another kind',
        }),
      )
    }
    return {kind: said, signed, field: 'amount'}
  }
  const sides = (['in', 'out'] as const).flatMap((field) => {
    const cell = text(cells, field)
    if (cell === null) return []
    const signed = within(field, () => parseSigned(cell, rules.mark))
    return signed.amount.digits === 0n ? [] : [{field, signed}]
  })
  const [side, other] = sides
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
  return {
    kind: said !== 'money' ? said : side.field === 'in' ? 'topup' : rules.outIs,
    signed: side.signed,
    field: side.field,
  }
}

function around(cells: Cells, rules: LineRules, unitBeside: string | null, dateField: 'at' | 'openingDate') {
  const reference = text(cells, 'reference') ?? refusedReference(text(cells, 'reason'))
  return {
    unit: text(cells, 'unit') ?? unitBeside ?? rules.unit,
    reference: reference === null ? null : within('reference', () => parseReference(reference)),
    at: dateOf(cells, rules, dateField),
  }
}

/** The reference that a line was refused with: mended, it is the same line and not another one. */
export function refusedReference(reason: string | null): string | null {
  return reason === null ? null : (/\[(import:[0-9a-f]{16}(?:~\d+)?:\d+)\]$/.exec(reason)?.[1] ?? null)
}

function dateOf(cells: Cells, rules: LineRules, field: 'at' | 'openingDate'): string | null {
  const day = text(cells, field) ?? (field === 'openingDate' ? text(cells, 'at') : null)
  if (day === null) return null
  const date = within(field, () => rules.dates(day))
  const time = field === 'at' ? text(cells, 'time') : null
  return time !== null && /^\d{4}-\d\d-\d\d$/.test(date) ? `${date} ${time.length === 4 ? `0${time}` : time}` : date
}

const METHOD_WORDS: Readonly<Record<Method, readonly string[]>> = {
  cash: ['cash', 'наличные', 'наличными', 'нал', 'nağd'],
  card: ['card', 'карта', 'картой', 'безнал', 'kart', 'kartla'],
  transfer: ['transfer', 'bank', 'bank transfer', 'перевод', 'köçürmə'],
  other: ['other', 'другое', 'digər'],
}

function methodOf(cells: Cells, rules: LineRules): Method | null {
  const said = text(cells, 'method')
  if (said === null) return rules.method
  const word = said.replace('İ', 'i').toLowerCase()
  const methods = Object.keys(METHOD_WORDS) as Method[]
  const found = methods.find((method) => METHOD_WORDS[method].includes(word))
  if (found !== undefined) return found
  throw new CellRefusal(
    'method',
    new Refusal('INVALID_INPUT', `${quoted(said)} is not a method`, {hint: `It is one of: ${methods.join(', ')}`}),
  )
}
