/** The demo's own words, between the outputs of the commands. */

import {amountWithUnit} from '../core/money.ts'
import type {Refusal} from '../core/refusal.ts'
import {safeText} from '../core/safe-text.ts'
import type {Screen} from '../core/screen.ts'
import type {Total} from './client-json.ts'
import {wrapped} from './measure.ts'
import {paintFor} from './paint.ts'

/** Prose is read best at this width, also where the terminal is wider. */
const PROSE_WIDTH = 78

export function sceneText(title: string, text: string, {colour, width}: Screen): string {
  const paint = paintFor(colour)
  const lines = wrapped(text, Math.min(width ?? PROSE_WIDTH, PROSE_WIDTH))
  return `\n${paint.heading(`── ${title} ──`)}\n${lines.map((line) => `${paint.quiet(line)}\n`).join('')}`
}

export function commandText(command: string, {colour}: Screen): string {
  const paint = paintFor(colour)
  return `\n${paint.quiet('$')} ${paint.strong(command)}\n`
}

/** Success goes without saying. */
export function exitText(exit: number, {colour}: Screen): string {
  return exit === 0 ? '' : paintFor(colour).quiet(`(exit code ${exit})\n`)
}

interface LoadedFile {
  readonly file: string
  readonly lines: number
  readonly refused: readonly {readonly line: number; readonly refusal: Refusal}[]
}

export function loadedText({file, lines, refused}: LoadedFile, {colour}: Screen): string {
  const paint = paintFor(colour)
  const counts = `${lines} lines, ${lines - refused.length} written, ${refused.length} refused`
  const reasons = refused.map(({line, refusal}) => `  ${paint.bad(`line ${line}:`)} ${safeText(refusal.message)}\n`)
  return `\n${paint.strong(file)}: ${counts}\n${reasons.join('')}`
}

interface Played {
  readonly loaded: readonly LoadedFile[]
  readonly steps: readonly unknown[]
  readonly entries: number
  readonly totals: readonly Total[]
}

/** `program` is what the reader types for fleks. */
export function farewellText({steps, entries, totals}: Played, program: string, screen: Screen): string {
  const paint = paintFor(screen.colour)
  const owed = totals.map(({unit, balance}) => amountWithUnit(balance, unit)).join(' and ')
  const next = ['client add "Anna Petrova"', 'topup anna 50', 'history anna', '--help']
  return `${sceneText(
    'That was the demo',
    `${steps.length} commands, ${entries} entries, ${owed} owed to clients, on a PostgreSQL of its own that is stopped and removed again. Nothing of yours was touched. Next, your own ledger:`,
    screen,
  )}\n${next.map((words) => `  ${paint.strong(`${program} ${words}`)}\n`).join('')}`
}
