/** The one form in which benchmarks say what they found: a table for people, and rows for docs/PERFORMANCE.md. */

import {appendFileSync} from 'node:fs'
import type {Measured} from './interleave.ts'

/** What the ratio to the baseline has to keep to. */
export interface Limit {
  readonly at: 'most' | 'least'
  readonly ratio: number
}

export interface Row {
  /** What this and its baseline are about; one table each. */
  readonly title: string
  readonly name: string
  readonly unit: string
  readonly median: number
  readonly quartiles: readonly [number, number]
  /** Null for the baseline. */
  readonly ratio: number | null
  /** Null where nothing was promised. */
  readonly limit: Limit | null
  readonly kept: boolean | null
}

export interface Report {
  readonly title: string
  /** Of the values; left out, milliseconds. */
  readonly unit?: string
  /** By the name of what was measured. */
  readonly limits?: Readonly<Record<string, Limit>>
}

export const atMost = (ratio: number): Limit => ({at: 'most', ratio})
export const atLeast = (ratio: number): Limit => ({at: 'least', ratio})

/** Prints a table; the first of `measured` is the baseline. The file that BENCH_ROWS names gets a JSON line for each row. */
export function report(measured: readonly Measured[], {title, unit = 'ms', limits = {}}: Report): void {
  const rows = measured.map(({name, median, quartiles, ratio}, at): Row => {
    const limit = limits[name] ?? null
    const kept = limit === null ? null : keeps(ratio, limit)
    return {title, name, unit, median, quartiles, ratio: at === 0 ? null : ratio, limit, kept}
  })
  process.stdout.write(`${title}\n${rows.map(rowText).join('')}\n`)
  const file = process.env.BENCH_ROWS
  if (file) appendFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
}

function keeps(ratio: number, limit: Limit): boolean {
  return limit.at === 'most' ? ratio <= limit.ratio : ratio >= limit.ratio
}

function rowText({name, unit, median, quartiles: [low, high], ratio, limit, kept}: Row): string {
  const verdict = limit === null ? '' : `at ${limit.at} ${limit.ratio}: ${kept ? 'kept' : 'MISSED'}`
  const versus = ratio === null ? 'baseline' : `× ${ratio.toFixed(2)}  ${verdict}`
  return `  ${name.padEnd(36)} ${shown(median).padStart(8)} ${unit}  (${shown(low)}–${shown(high)})  ${versus}\n`
}

/** Four digits are more than any of these is worth. */
export function shown(value: number): string {
  return value >= 1000 ? String(Math.round(value)) : value.toFixed(value >= 100 ? 0 : 1)
}
