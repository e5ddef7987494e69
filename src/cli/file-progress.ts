/** How far a file is read: a bar in a terminal, a line every ten seconds in a log, nothing for scripts. */

import type {Format} from '../core/screen.ts'

const BAR_CELLS = 24
const TERMINAL_EVERY_MS = 100
const LOG_EVERY_MS = 10_000

export interface FileProgress {
  /** `part`: how much of the whole, from 0 to 1. */
  readonly tell: (lines: number, part: number) => void
  readonly end: () => void
}

export function fileProgress(name: string, format: Format): FileProgress {
  if (format === 'json' || format === 'jsonl') return {tell: () => {}, end: () => {}}
  const {stderr} = process
  const inTerminal = stderr.isTTY === true
  const started = performance.now()
  let told = started
  return {
    tell: (lines, part) => {
      const now = performance.now()
      if (now - told < (inTerminal ? TERMINAL_EVERY_MS : LOG_EVERY_MS)) return
      told = now
      const text = progressText(name, lines, part, (now - started) / 1000)
      stderr.write(inTerminal ? `\r\u001b[2K${text.slice(0, (stderr.columns || 80) - 1)}` : `${text}\n`)
    },
    end: () => {
      if (inTerminal && told !== started) stderr.write('\r\u001b[2K')
    },
  }
}

function progressText(name: string, lines: number, part: number, seconds: number): string {
  const whole = Math.min(1, Math.max(0, part))
  const filled = Math.round(whole * BAR_CELLS)
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled)
  const rate = Math.round(lines / Math.max(seconds, 0.001))
  const left = whole > 0.01 ? ` ${timeText((seconds / whole) * (1 - whole))} left` : ''
  return `${name} ${bar} ${Math.floor(whole * 100)} %  ${lines} lines  ${rate}/s${left}`
}

function timeText(seconds: number): string {
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
