/** Tables: cli-table3 lays them out, by our own measure. */

import Table from 'cli-table3'
import {safeText} from '../core/safe-text.ts'
import type {Screen} from '../core/screen.ts'
import {columnsOf} from '../core/text-width.ts'
import {padded, wrapped} from './measure.ts'
import {type Paint, paintFor} from './paint.ts'

export interface Column<T> {
  readonly title: string
  readonly value: (row: T) => string | null
  readonly align?: 'right'
  /** May be wrapped when the terminal is narrow; others, such as ids and amounts, never are. */
  readonly flexible?: boolean
  /** Left out when the terminal is too narrow, the highest number first. */
  readonly optional?: number
  readonly paint?: (text: string, row: T, paint: Paint) => string
}

const GAP = 2
const FLEXIBLE_MIN = 8

/**
 * The rows under their titles, as wide as the screen at most; in a pipe nothing is wrapped or left out. Where even
 * the columns that matter do not fit side by side, each row becomes a block of lines, as in psql's expanded display.
 */
export function tableText<T>(columns: readonly Column<T>[], rows: readonly T[], screen: Screen): string {
  const filled = columns.filter(
    (column) => column.optional === undefined || rows.some((row) => column.value(row) !== null),
  )
  const fitting = fitColumns(filled, rows, screen.width)
  const paint = paintFor(screen.colour)
  if (fitting === null) return rows.map((row) => blockText(filled, row, screen.width ?? 0, paint)).join('\n')
  const titles = fitting.map(({column, width}) => cellOf(column.title, width, column.align, paint.heading))
  const rules = fitting.map(({width}) => cellOf('─'.repeat(width), width, undefined, paint.quiet))
  return laidOut([titles, rules, ...rows.flatMap((row) => rowLines(fitting, row, paint))], fitting)
}

const CORNERS = ['top', 'bottom', 'left', 'right', 'mid', 'left-mid', 'mid-mid', 'right-mid'] as const
const EDGES = ['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'] as const
const NO_LINES: Record<string, string> = {
  ...Object.fromEntries([...CORNERS, ...EDGES].map((name) => [name, ''])),
  middle: ' '.repeat(GAP),
}

/** More lines at once, and cli-table3 takes longer for each: 10,000 together take 6 s, in hundreds 0.2 s. */
const LAYOUT_LINES = 100

/**
 * cli-table3 gets stand-ins of the widths that we have measured, and each is replaced by its cell: by its own measure
 * 7 of 25 sample cells (emoji, Thai, Devanagari, fillers) ended a column or two away from the others.
 */
function laidOut<T>(lines: readonly (readonly string[])[], fitted: readonly Fitted<T>[]): string {
  const standIns = fitted.map(({width}) => 'x'.repeat(width))
  const cells = lines.flat()[Symbol.iterator]()
  let text = ''
  for (let from = 0; from < lines.length; from += LAYOUT_LINES) {
    const table = new Table({
      chars: NO_LINES,
      style: {border: [], compact: true, head: [], 'padding-left': 0, 'padding-right': 0},
    })
    for (const _ of lines.slice(from, from + LAYOUT_LINES)) table.push([...standIns])
    text += `${table.toString()}\n`
  }
  return text.replace(/x+/g, () => cells.next().value ?? '').replace(/ +$/gm, '')
}

interface Fitted<T> {
  readonly column: Column<T>
  readonly width: number
}

function cellText<T>(column: Column<T>, row: T): string {
  return safeText(column.value(row) ?? '')
}

/** Null where the columns that cannot be left out are too wide together. */
function fitColumns<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  screenWidth: number | null,
): readonly Fitted<T>[] | null {
  const fitted = columns.map((column) => ({
    column,
    width: rows.reduce((width, row) => Math.max(width, columnsOf(cellText(column, row))), columnsOf(column.title)),
  }))
  if (screenWidth === null) return fitted
  const tooWide = total(fitted) - screenWidth
  if (tooWide <= 0) return fitted
  const narrowest = fitted.map((one) =>
    one.column.flexible ? {...one, width: Math.min(one.width, FLEXIBLE_MIN)} : one,
  )
  if (total(narrowest) <= screenWidth) return shrink(fitted, tooWide)
  const least = columns.reduce((most, {optional}) => Math.max(most, optional ?? 0), 0)
  if (least === 0) return null
  return fitColumns(
    columns.filter(({optional}) => optional !== least),
    rows,
    screenWidth,
  )
}

function total<T>(fitted: readonly Fitted<T>[]): number {
  return fitted.reduce((sum, {width}) => sum + width, GAP * (fitted.length - 1))
}

/** Takes columns away from the widest flexible column until the table fits. */
function shrink<T>(fitted: readonly Fitted<T>[], excess: number): readonly Fitted<T>[] {
  const widths = fitted.map(({width}) => width)
  for (let left = excess; left > 0; left--) {
    let widest = -1
    fitted.forEach(({column}, at) => {
      if (column.flexible && (widest === -1 || (widths[at] ?? 0) > (widths[widest] ?? 0))) widest = at
    })
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return fitted.map(({column}, at) => ({column, width: widths[at] ?? 0}))
}

function rowLines<T>(fitted: readonly Fitted<T>[], row: T, paint: Paint): string[][] {
  const cells = fitted.map(({column, width}) => {
    const text = cellText(column, row)
    return column.flexible ? wrapped(text, width) : [text]
  })
  const height = Math.max(...cells.map((lines) => lines.length))
  return Array.from({length: height}, (_, line) =>
    fitted.map(({column, width}, at) =>
      cellOf(cells[at]?.[line] ?? '', width, column.align, brushOf(column, row, paint)),
    ),
  )
}

function brushOf<T>(column: Column<T>, row: T, paint: Paint): (text: string) => string {
  return (text) => column.paint?.(text, row, paint) ?? text
}

/** Only the text is painted, so that what trails it can be trimmed. */
function cellOf(
  text: string,
  width: number,
  align: 'left' | 'right' = 'left',
  brush: (text: string) => string,
): string {
  return text === '' ? ' '.repeat(width) : padded(text, width, align, brush)
}

function joined(cells: readonly string[]): string {
  return `${cells.join(' '.repeat(GAP)).replace(/ +$/, '')}\n`
}

/** One row as a line per column: every column that has a value, for there is room below. */
function blockText<T>(columns: readonly Column<T>[], row: T, screenWidth: number, paint: Paint): string {
  const longest = Math.max(...columns.map(({title}) => columnsOf(title)))
  const half = Math.max(2, Math.floor((screenWidth - GAP) / 2))
  const titleWidth = Math.min(longest, half)
  const valueWidth = Math.max(2, screenWidth - titleWidth - GAP)
  return columns
    .filter((column) => cellText(column, row) !== '')
    .flatMap((column) => {
      const titles = wrapped(column.title, titleWidth)
      const values = wrapped(cellText(column, row), valueWidth)
      return Array.from({length: Math.max(titles.length, values.length)}, (_, line) =>
        joined([
          cellOf(titles[line] ?? '', titleWidth, 'left', paint.heading),
          cellOf(values[line] ?? '', 0, 'left', brushOf(column, row, paint)),
        ]),
      )
    })
    .join('')
}
