/** The person that a line of a file is about. */

import {type Cells, cellText, neededText, positiveAmount} from './import-cells.ts'
import type {LineRules} from './import-rules.ts'
import type {Field} from './import-titles.ts'
import type {Decimal} from './money.ts'

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

const CLIENT_MAX = 200
/** What a client is looked up by: the first that a line has. */
const NAMED_BY: readonly Field[] = ['client', 'code', 'phone', 'name']

/** The person that a line describes, whatever else it says. Throws CellRefusal (INVALID_AMOUNT). */
export function personOf(cells: Cells, rules: LineRules): PersonLine {
  const price = cellText(cells, 'defaultPrice')
  return {
    name: cellText(cells, 'name'),
    phone: cellText(cells, 'phone'),
    code: cellText(cells, 'code'),
    email: cellText(cells, 'email'),
    birthDate: cellText(cells, 'birthDate'),
    category: cellText(cells, 'category'),
    source: cellText(cells, 'source'),
    address: cellText(cells, 'address'),
    note: cellText(cells, 'note'),
    defaultPrice: price === null || rules.hasMoney ? null : positiveAmount('defaultPrice', price, rules.mark).amount,
  }
}

/** Throws CellRefusal (USAGE, INVALID_INPUT). */
export function clientNamed(cells: Cells): string {
  return neededText(cells, 'client', NAMED_BY, CLIENT_MAX)
}

/** Everything that a line names its client by, the first to look by first. */
export function clientNames(cells: Cells): readonly string[] {
  const names = NAMED_BY.map((field) => cellText(cells, field)).filter((text) => text !== null)
  return [...new Set(names)].filter((text) => text.length <= CLIENT_MAX)
}
