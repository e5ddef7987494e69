/** Imports as people read them. */

import type {ImportedFile, RefusedRow} from '../core/import-report.ts'
import {amountText, amountWithUnit, type Money} from '../core/money.ts'
import {safeText} from '../core/safe-text.ts'
import type {Screen} from '../core/screen.ts'
import {findUnit, type Unit} from '../core/unit.ts'
import type {RunShown, UndoneShown} from './import-json.ts'
import {paintFor} from './paint.ts'
import {fieldsText} from './posting-text.ts'
import {type Column, tableText} from './table.ts'
import {timeText} from './values-text.ts'

const SHOWN_MAX = 20

export function importText(files: readonly ImportedFile[], screen: Screen): string {
  return files.map((file) => fileText(file, screen)).join('\n')
}

function fileText(file: ImportedFile, screen: Screen): string {
  const paint = paintFor(screen.colour)
  const {read, applied, replayed, refused, overlap, money, balances, refusals, rejects} = file
  const rows: readonly (readonly [string, string | null])[] = [
    ['Read', String(read)],
    ['Applied', String(applied)],
    ['Replayed', `${replayed}${replayed > 0 ? ' (posted before)' : ''}`],
    ['Refused', String(refused)],
    ['Overlap', overlapText(overlap)],
    ...money.flatMap(({unit, ...sides}) => [
      ['Money in', amountWithUnit(sides.in, unit)] as const,
      ['Money out', amountWithUnit(sides.out, unit)] as const,
    ]),
    ...balances.map(
      ({unit, before, after}) =>
        ['Balances', `${amountText(before, unit)} → ${amountText(after, unit)} ${unit.code}`] as const,
    ),
    ['Rejects', refused > 0 ? rejects : null],
  ]
  const title = `${paint.strong(`${titleOf(file)} ${safeText(file.file)}`)}${remark(file)}\n`
  return title + fieldsText(rows, screen) + refusalsText(refusals, refused, screen)
}

function titleOf({committed, runId}: ImportedFile): string {
  return committed ? (runId === null ? 'Would import' : `Import ${runId} of`) : 'Not imported:'
}

function remark({dryRun, committed}: ImportedFile): string {
  if (dryRun) return ' (dry run; nothing was written)'
  return committed ? '' : ' (all or nothing; nothing was written)'
}

function overlapText({lines, choice, files}: ImportedFile['overlap']): string | null {
  if (lines === 0) return null
  const names = files.map(({fileName, runId}) => `${fileName} (import ${runId})`).join(', ')
  return `${lines} lines also in ${names}, ${choice === 'post' ? 'posted once more' : 'left out'}`
}

function refusalsText(refusals: readonly RefusedRow[], refused: number, screen: Screen): string {
  if (refusals.length === 0) return ''
  const columns: readonly Column<RefusedRow>[] = [
    {title: 'Line', value: ({line}) => String(line), align: 'right'},
    {title: 'Column', value: ({column}) => column, flexible: true},
    {title: 'Code', value: ({refusal}) => refusal.code},
    {title: 'Why', value: ({refusal}) => refusal.message, flexible: true},
  ]
  const shown = refusals.slice(0, SHOWN_MAX)
  const more = refused - shown.length
  return `\n${tableText(columns, shown, screen)}${more > 0 ? `… and ${more} more\n` : ''}`
}

export function runsText(runs: readonly RunShown[], screen: Screen): string {
  if (runs.length === 0) return 'No file was imported yet\n'
  const number = (value: (counts: RunShown['counts']) => number) => (run: RunShown) => String(value(run.counts))
  const columns: readonly Column<RunShown>[] = [
    {title: 'Id', value: ({id}) => String(id), align: 'right'},
    {title: 'When', value: ({startedAt}) => timeText(startedAt, screen)},
    {title: 'File', value: ({fileName}) => fileName, flexible: true},
    {title: 'State', value: ({state}) => state},
    {title: 'Read', value: number(({read}) => read), align: 'right'},
    {title: 'Applied', value: number(({applied}) => applied), align: 'right'},
    {title: 'Replayed', value: number(({replayed}) => replayed), align: 'right', optional: 1},
    {title: 'Refused', value: number(({refused}) => refused), align: 'right'},
    {title: 'By', value: ({operator}) => operator, flexible: true, optional: 2},
  ]
  return tableText(columns, runs, screen)
}

export function runText(run: RunShown, counted: readonly Unit[], screen: Screen): string {
  const {counts} = run
  const rows: readonly (readonly [string, string | null])[] = [
    ['File', run.fileName],
    ['SHA-256', run.digest],
    ['State', run.state],
    ['Reason', run.reason],
    ['Read', String(counts.read)],
    ['Applied', String(counts.applied)],
    ['Replayed', String(counts.replayed)],
    ['Refused', String(counts.refused)],
    ...Object.entries(run.money).flatMap(([code, sides]) => {
      const unit = findUnit(code, counted)
      return [
        ['Money in', amountWithUnit(sides.in as Money, unit)] as const,
        ['Money out', amountWithUnit(sides.out as Money, unit)] as const,
      ]
    }),
    ['By', run.operator],
    ['Started', timeText(run.startedAt, screen)],
    ['Finished', run.finishedAt === null ? null : timeText(run.finishedAt, screen)],
  ]
  return `${paintFor(screen.colour).strong(`Import ${run.id}`)}\n${fieldsText(rows, screen)}`
}

export function undoneText({run, reversed, replayed, kept}: UndoneShown, screen: Screen): string {
  const state = kept.length === 0 ? 'undone' : 'undone in part; what has been spent stays'
  const title = `${paintFor(screen.colour).strong(`Import ${run.id} of ${safeText(run.fileName)}`)} (${state})\n`
  const rows: readonly (readonly [string, string | null])[] = [
    ['Reversed', String(reversed)],
    ['Before', replayed > 0 ? `${replayed} (reversed by an earlier try)` : null],
    ['Kept', String(kept.length)],
  ]
  const columns: readonly Column<UndoneShown['kept'][number]>[] = [
    {title: 'Entry', value: ({entry}) => entry},
    {title: 'Code', value: ({refusal}) => refusal.code},
    {title: 'Why', value: ({refusal}) => refusal.message, flexible: true},
  ]
  return title + fieldsText(rows, screen) + (kept.length === 0 ? '' : `\n${tableText(columns, kept, screen)}`)
}
