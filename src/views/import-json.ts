/** Imports as JSON (docs/schemas). */

import type {ImportedFile} from '../core/import-report.ts'
import {amountText, type Money} from '../core/money.ts'
import {findUnit, type Unit} from '../core/unit.ts'

export function importJson(files: readonly ImportedFile[]) {
  const sum = (value: (file: ImportedFile) => number) => files.reduce((total, file) => total + value(file), 0)
  return {
    read: sum(({read}) => read),
    applied: sum(({applied}) => applied),
    replayed: sum(({replayed}) => replayed),
    refused: sum(({refused}) => refused),
    dryRun: files.some(({dryRun}) => dryRun),
    files: files.map(fileJson),
  }
}

function fileJson({file, runId, overlap, money, balances, refusals, ...same}: ImportedFile) {
  const {read, applied, replayed, refused, rejects, committed} = same
  return {
    file,
    import: runId === null ? null : Number(runId),
    read,
    applied,
    replayed,
    refused,
    committed,
    overlap: {
      lines: overlap.lines,
      choice: overlap.choice,
      files: overlap.files.map((one) => ({import: Number(one.runId), file: one.fileName, lines: one.lines})),
    },
    money: money.map(({unit, ...sides}) => ({
      unit: unit.code,
      in: amountText(sides.in, unit),
      out: amountText(sides.out, unit),
    })),
    balances: balances.map(({unit, before, after}) => ({
      unit: unit.code,
      before: amountText(before, unit),
      after: amountText(after, unit),
    })),
    refusals: refusals.map(({line, column, refusal: {code, message, hint}}) => ({line, column, code, message, hint})),
    rejects,
  }
}

/** An import as it is remembered. */
export interface RunShown {
  readonly id: bigint
  readonly fileName: string
  readonly digest: string
  readonly operator: string
  readonly state: string
  readonly counts: {
    readonly read: number
    readonly applied: number
    readonly replayed: number
    readonly refused: number
  }
  readonly money: Readonly<Record<string, {readonly in: bigint; readonly out: bigint}>>
  readonly reason: string | null
  readonly startedAt: string
  readonly finishedAt: string | null
}

export function runJson(run: RunShown, counted: readonly Unit[]) {
  const {id, fileName, digest, operator, state, counts, money, reason, startedAt, finishedAt} = run
  return {
    id: Number(id),
    file: fileName,
    digest,
    operator,
    state,
    ...counts,
    money: Object.entries(money).map(([code, sides]) => {
      const unit = findUnit(code, counted)
      return {unit: code, in: amountText(sides.in as Money, unit), out: amountText(sides.out as Money, unit)}
    }),
    reason,
    startedAt,
    finishedAt,
  }
}

export interface UndoneShown {
  readonly run: RunShown
  readonly reversed: number
  readonly replayed: number
  readonly kept: readonly {
    readonly entry: string
    readonly refusal: {readonly code: string; readonly message: string; readonly hint: string | null}
  }[]
}

export function undoneJson({run, reversed, replayed, kept}: UndoneShown, counted: readonly Unit[]) {
  return {
    import: runJson(run, counted),
    reversed,
    replayed,
    kept: kept.map(({entry, refusal: {code, message, hint}}) => ({entry, code, message, hint})),
  }
}
