/** What the columns of a file mean, told by their names in English, Russian and Azeri, or by the user. */

import {currencyIn, FIELDS, type Field, fieldNamed, simplified} from './import-titles.ts'
import {Refusal} from './refusal.ts'
import {quoted} from './text.ts'

/** Where each field is: the place of its column, from 0. */
export type Columns = {readonly [field in Field]?: number}

/** `--map amount=Сумма`: the column of that title, or of that number counted from 1. */
export interface Mapping {
  readonly field: Field
  readonly column: string
}

/** Refused (USAGE): anything but FIELD=COLUMN, and a field that does not exist. */
export function parseMapping(text: string): Mapping {
  const at = text.indexOf('=')
  const name = simplified(text.slice(0, Math.max(at, 0)))
  const field = FIELDS.find((one) => one.toLowerCase() === name) ?? fieldNamed(text.slice(0, Math.max(at, 0)))
  const column = text.slice(at + 1).trim()
  if (at < 1 || field === null || column === '') {
    throw new Refusal('USAGE', `${quoted(text)} maps nothing`, {
      hint: `Write FIELD=COLUMN, as in amount=Sum; the fields are: ${FIELDS.filter((one) => one !== 'reason').join(', ')}`,
    })
  }
  return {field, column}
}

/** What cannot be had twice without asking which one is meant. */
export const ONLY_ONE: ReadonlySet<Field> = new Set([
  'client',
  'amount',
  'in',
  'out',
  'kind',
  'direction',
  'unit',
  'reference',
])

/** A record, read as a header. */
export interface Header {
  readonly columns: Columns
  /** Titles that mean the same, so that one of them must be chosen: the field, and where they stand. */
  readonly doubled: readonly (readonly [field: Field, places: readonly number[]])[]
  /** Columns of a status besides the one among `columns`. */
  readonly statuses: readonly number[]
}

/** What a record means as a header; a mapping comes before a name. Null where it is none. */
export function readHeader(cells: readonly string[], mappings: readonly Mapping[]): Header | null {
  const columns: {[field in Field]?: number} = {}
  const taken = new Set<number>()
  const titles = cells.map(simplified)
  for (const {field, column} of mappings) {
    const at = titles.indexOf(simplified(column))
    const place = at === -1 && /^[1-9]\d{0,3}$/.test(column) ? Number(column) - 1 : at
    if (place === -1 || place >= cells.length) return null
    columns[field] = place
    taken.add(place)
  }
  const doubled = new Map<Field, number[]>()
  const statuses: number[] = []
  cells.forEach((title, at) => {
    const field = fieldNamed(title)
    if (field === null || taken.has(at)) return
    const before = columns[field]
    if (before === undefined) columns[field] = at
    else if (field === 'status') statuses.push(at)
    else if (ONLY_ONE.has(field) && !taken.has(before)) doubled.set(field, [...(doubled.get(field) ?? [before]), at])
  })
  const found = Object.keys(columns).length
  return found >= Math.min(2, cells.length) && found > 0 ? {columns, doubled: [...doubled], statuses} : null
}

const MONEY: readonly Field[] = ['amount', 'in', 'out', 'opening']

/** The currency that the titles of columns with money name; null without. Refused (INVALID_INPUT): several. */
export function titleUnit(titles: readonly string[], columns: Columns): string | null {
  const units = MONEY.flatMap((field) => currencyIn(titles[columns[field] ?? -1] ?? '') ?? [])
  const [unit, ...others] = new Set(units)
  if (others.length === 0) return unit ?? null
  throw new Refusal('INVALID_INPUT', `The titles name several currencies: ${[unit, ...others].join(', ')}`, {
    hint: 'Import them one after the other, each with --map and --unit',
  })
}

/** The columns of a file without a header: those that are mapped by number. */
export function numberedColumns(mappings: readonly Mapping[]): Columns {
  const columns: {[field in Field]?: number} = {}
  for (const {field, column} of mappings) {
    if (!/^[1-9]\d{0,3}$/.test(column)) {
      throw new Refusal('USAGE', `Without a header there is no column ${quoted(column)}`, {
        hint: `Name it by its number, as in: --map ${field}=1`,
      })
    }
    columns[field] = Number(column) - 1
  }
  return columns
}

/** The field that a key of a JSON line stands for. */
export function fieldOf(key: string, mappings: readonly Mapping[]): Field | null {
  const mapped = mappings.find(({column}) => column === key)
  if (mapped !== undefined) return mapped.field
  const field = fieldNamed(key)
  // As with titles: what the user says comes before a name.
  return mappings.some((mapping) => mapping.field === field) ? null : field
}
