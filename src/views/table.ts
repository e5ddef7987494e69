/** Tables: cli-table3 draws, we measure, because its own measure is off for emoji and its wrapping drops CJK text. */

import Table from 'cli-table3'
import {safeText} from '../core/safe-text.ts'
import type {Screen} from '../core/screen.ts'
import {columnsOf, cut, padded, wrapped} from './measure.ts'
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

/** The rows under their titles, as wide as the screen at most; in a pipe nothing is wrapped or cut. */
export function tableText<T>(columns: readonly Column<T>[], rows: readonly T[], screen: Screen): string {
  const filled = columns.filter(
    (column) => column.optional === undefined || rows.some((row) => column.value(row) !== null),
  )
  const fitting = fitColumns(filled, rows, screen.width)
  const paint = paintFor(screen.colour)
  const table = new Table({
    chars: NO_LINES,
    style: {border: [], compact: true, head: [], 'padding-left': 0, 'padding-right': 0},
  })
  table.push(fitting.map(({column, width}) => paint.heading(padded(column.title, width, column.align ?? 'left'))))
  table.push(fitting.map(({width}) => paint.quiet('─'.repeat(width))))
  for (const row of rows) for (const line of linesOf(fitting, row, paint)) table.push(line)
  return table
    .toString()
    .split('\n')
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

const CORNERS = ['top', 'bottom', 'left', 'right', 'mid', 'left-mid', 'mid-mid', 'right-mid'] as const
const EDGES = ['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'] as const
const NO_LINES: Record<string, string> = {
  ...Object.fromEntries([...CORNERS, ...EDGES].map((name) => [name, ''])),
  middle: ' '.repeat(GAP),
}

interface Fitted<T> {
  readonly column: Column<T>
  readonly width: number
}

function cellText<T>(column: Column<T>, row: T): string {
  return safeText(column.value(row) ?? '')
}

function fitColumns<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  screenWidth: number | null,
): readonly Fitted<T>[] {
  const fitted = columns.map((column) => ({
    column,
    width: Math.max(columnsOf(column.title), ...rows.map((row) => columnsOf(cellText(column, row)))),
  }))
  if (screenWidth === null) return fitted
  const tooWide = total(fitted) - screenWidth
  if (tooWide <= 0) return fitted
  const narrowest = fitted.map((one) =>
    one.column.flexible ? {...one, width: Math.min(one.width, FLEXIBLE_MIN)} : one,
  )
  if (total(narrowest) <= screenWidth) return shrink(fitted, tooWide)
  const least = columns.reduce((most, {optional}) => Math.max(most, optional ?? 0), 0)
  // Nothing more can be left out: the last resort is to cut, and a terminal this narrow expects it.
  if (least === 0) return narrowest
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

function linesOf<T>(fitted: readonly Fitted<T>[], row: T, paint: Paint): string[][] {
  const cells = fitted.map(({column, width}) => {
    const text = cellText(column, row)
    return column.flexible ? wrapped(text, width).map((line) => cut(line, width)) : [text]
  })
  const height = Math.max(...cells.map((lines) => lines.length))
  return Array.from({length: height}, (_, line) =>
    fitted.map(({column, width}, at) => {
      const text = padded(cells[at]?.[line] ?? '', width, column.align ?? 'left')
      return column.paint === undefined ? text : column.paint(text, row, paint)
    }),
  )
}
