/** From the cells of one line to what it asks for: a posting, a client or a staff member. Pure. */

import {KINDS} from './entry.ts'
import {CellRefusal, type Cells, cellText, neededText} from './import-cells.ts'
import {nameIn} from './import-identity.ts'
import {clientNamed, type PersonLine, personOf} from './import-person.ts'
import {openingOf, type PostingLine, postingOf} from './import-posting.ts'
import type {LineRules} from './import-rules.ts'
import type {Field} from './import-titles.ts'
import {isUndone, kindNamed, LINE_KINDS, type LineKind} from './import-words.ts'
import {Refusal} from './refusal.ts'
import {NOTE_MAX, quoted} from './text.ts'

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

const CELL_MAX = 5_000
const STAFF_MAX = 200

/** Throws CellRefusal: INVALID_INPUT, INVALID_AMOUNT, USAGE, each with the field it is about. */
export function readLine(cells: Cells, rules: LineRules): ImportLine {
  refuseUnusable(cells)
  // People have a status as well, and are who they are.
  if (rules.hasMoney || hasMoney(cells)) refuseUndone(cells)
  const kind = kindOf(cells, rules)
  if (kind === 'staff') return {what: 'staff', name: neededText(cells, 'name', ['client', 'staff'], STAFF_MAX)}
  if (kind === 'client') return clientLine(cells, rules)
  return {what: 'posting', posting: postingOf(cells, rules, kind)}
}

function refuseUndone(cells: Cells): void {
  const status = cellText(cells, 'status')
  if (status !== null && isUndone(status)) {
    throw new CellRefusal(
      'status',
      new Refusal('INVALID_INPUT', `The status of the line is ${quoted(status)}`, {
        hint: 'Leave such lines out; should it be posted all the same, empty its status',
      }),
    )
  }
}

/** What a spreadsheet writes where a formula failed or its column was too narrow, in English and Russian. */
const SPREADSHEET_ERROR =
  /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|ERROR!|Н\/Д|ССЫЛКА!|ЗНАЧ!|ИМЯ\?|ДЕЛ\/0!|ЧИСЛО!|ПУСТО!|#+)$/

function refuseUnusable(cells: Cells): void {
  for (const field in cells) {
    const cell = cells[field as Field] ?? ''
    if (cell.charCodeAt(0) === 35 /* # */ && field !== 'note' && SPREADSHEET_ERROR.test(cell.trim())) {
      throw new CellRefusal(
        field as Field,
        new Refusal('INVALID_INPUT', `${quoted(cell)} is what a spreadsheet writes for an error`, {
          hint: 'Put it right in the spreadsheet (a column may be too narrow), and save it again',
        }),
      )
    }
    const {length} = cell
    if (length > CELL_MAX) {
      throw new CellRefusal(
        field as Field,
        new Refusal('INVALID_INPUT', `The ${field} has ${length} characters`, {
          hint: `It can have at most ${NOTE_MAX}`,
        }),
      )
    }
  }
}

function kindOf(cells: Cells, rules: LineRules): LineKind | 'money' {
  const said = cellText(cells, 'kind')
  const known = said === null ? null : kindNamed(said)
  if (known !== null) return known
  if (
    said !== null &&
    rules.kind === null &&
    !/^[+\-\u2212\u2013(]/.test(cells.amount ?? '') &&
    !isDirected(cells, said)
  ) {
    throw new CellRefusal(
      'kind',
      new Refusal('INVALID_INPUT', `${quoted(said)} is not a kind of line`, {
        hint: `It is one of: ${LINE_KINDS.join(', ')}`,
      }),
    )
  }
  if (rules.kind !== null) return rules.kind
  // Lines of JSON need not all have the same keys.
  if (rules.hasMoney || hasMoney(cells)) return 'money'
  return rules.hasClient ? 'client' : 'staff'
}

/** Whether a column tells what came in from what went out, whatever a bank calls the line; our own words are more. */
function isDirected(cells: Cells, said: string): boolean {
  if (cells.in !== undefined || cells.out !== undefined) return true
  return cells.direction !== undefined && !KINDS.some((kind) => kind === said.toLowerCase())
}

function hasMoney({amount, in: comesIn, out}: Cells): boolean {
  return amount !== undefined || comesIn !== undefined || out !== undefined
}

function clientLine(cells: Cells, rules: LineRules): ImportLine {
  const client = clientNamed(cells)
  const person = personOf(cells, rules)
  const name = person.name ?? nameIn(cellText(cells, 'client') ?? '')
  return {what: 'client', client, person: {...person, name}, posting: openingOf(cells, rules, client)}
}
