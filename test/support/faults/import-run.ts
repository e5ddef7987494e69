/** Files of the load that are imported: how they are written, and what a run of `fleks import` told of one. */

import {pick, type Random} from '../random.ts'
import {type Answer, brokenEnd, type Ended, toldByEnd} from './answer.ts'
import {type Command, centsOf, centsText, STAFF} from './command.ts'

/** Each line is a command that is made by nothing else. */
export interface Imported {
  readonly path: string
  readonly lines: readonly Command[]
  readonly form: 'csv' | 'jsonl'
  /** Whether the lines bring references. */
  readonly referenced: boolean
  readonly atomic: boolean
  readonly runs: ImportTold[]
}

export type ImportTold =
  /** It ended, and accounted for its lines; null where the sabotage kept that from us. */
  | {readonly kind: 'ended'; readonly code: number; readonly summary: Summary | null}
  /** The database did not take it: of an atomic one nothing was written. */
  | {readonly kind: 'not done'; readonly code: string}
  | {readonly kind: 'unknown'; readonly why: string}
  | {readonly kind: 'hung'}
  | {readonly kind: 'broken'; readonly why: string}

interface Summary {
  readonly applied: number
  readonly replayed: number
  readonly refused: number
  readonly committed: boolean
  readonly inCents: number
  readonly outCents: number
  /** By the place of the line. */
  readonly refusals: ReadonlyMap<number, string>
}

export function contentOf({lines, form, referenced}: Pick<Imported, 'lines' | 'form' | 'referenced'>): string {
  const rows = lines.map(({verb, client, cents, name, reference}) => ({
    client: String(client),
    amount: `${verb === 'pay' ? '-' : ''}${centsText(cents ?? 0)}`,
    staff: verb === 'pay' ? STAFF : '',
    note: name,
    ...(referenced ? {reference} : {}),
  }))
  if (form === 'jsonl') return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  const header = Object.keys(rows[0] ?? {}).join(',')
  return `${header}\n${rows.map((row) => `${Object.values(row).join(',')}\n`).join('')}`
}

export function drawForm(random: Random): Pick<Imported, 'form' | 'referenced' | 'atomic'> {
  return {form: pick(random, ['csv', 'csv', 'jsonl']), referenced: random(2) === 0, atomic: random(4) === 0}
}

export function wordsOfImport({path, atomic}: Imported): readonly string[] {
  return ['import', path, ...(atomic ? ['--atomic'] : []), '--json']
}

export function importToldOf({lines, form, atomic}: Imported, ended: Ended): ImportTold {
  const {code, stdout, sabotage} = ended
  const byEnd = toldByEnd(ended)
  if (byEnd !== null) return byEnd
  const broken = (why: string) => brokenEnd(ended, why)
  if (sabotage === 'reader gone' && stdout === '') {
    if (code === 0 || code === 7) return {kind: 'ended', code, summary: null}
    return code === 9 ? {kind: 'unknown', why: 'exit 9'} : broken('an exit code that this cannot have')
  }
  try {
    const document = JSON.parse(stdout)
    if (code === 0 || code === 7) {
      const summary = summaryOf(document, form)
      const wrong = wrongIn(summary, {code, atomic, read: document.read}, lines)
      return wrong === null ? {kind: 'ended', code, summary} : broken(wrong)
    }
    const refusal = document.error.code
    if (code !== 9 || !['DATABASE_UNAVAILABLE', 'OUTCOME_UNKNOWN'].includes(refusal)) return broken('not earned')
    // What was not atomic may have been done in part.
    return refusal === 'OUTCOME_UNKNOWN' || !atomic
      ? {kind: 'unknown', why: refusal}
      : {kind: 'not done', code: refusal}
  } catch (error) {
    return broken(`the document cannot be read: ${error}`)
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the form of the document is what the caller is about to judge.
function summaryOf({files: [file]}: any, form: Imported['form']): Summary {
  const [money] = file.money
  const first = form === 'csv' ? 2 : 1
  return {
    applied: file.applied,
    replayed: file.replayed,
    refused: file.refused,
    committed: file.committed,
    inCents: money === undefined ? 0 : centsOf(money.in),
    outCents: money === undefined ? 0 : centsOf(money.out),
    refusals: new Map(
      file.refusals.map(({line, code}: {line: number; code: string}) => [Number(line) - first, String(code)]),
    ),
  }
}

function wrongIn(
  {applied, replayed, refused, committed, inCents, outCents, refusals}: Summary,
  {code, atomic, read}: {readonly code: number; readonly atomic: boolean; readonly read: number},
  lines: readonly Command[],
): string | null {
  if (read !== lines.length) return `it read ${read} of ${lines.length} lines`
  if (committed && applied + replayed + refused !== read) return 'its lines do not add up'
  if (committed === (atomic && refused > 0)) return 'it committed what it must not, or not what it must'
  if (refused > 0 !== (code === 7)) return 'its exit code does not tell of refused lines'
  if (refusals.size !== refused) return 'it does not tell of each refused line'
  if ([...refusals.values()].some((one) => one !== 'INSUFFICIENT_FUNDS')) return 'a refusal that nothing here earns'
  if (applied < lines.length) return null
  const sum = (verb: Command['verb']) =>
    lines.filter((line) => line.verb === verb).reduce((total, {cents}) => total + (cents ?? 0), 0)
  return inCents === sum('topup') && outCents === sum('pay') ? null : 'its money is not that of its lines'
}

/** What a run told of one line. */
export function answerOfLine(told: ImportTold, at: number): Answer {
  if (told.kind !== 'ended') return told
  const {code, summary} = told
  if (summary === null) {
    return code === 0 ? {kind: 'acknowledged', entries: null} : {kind: 'unknown', why: 'no reader'}
  }
  const refusal = summary.refusals.get(at)
  if (refusal !== undefined) return {kind: 'refused', code: refusal}
  return summary.committed ? {kind: 'acknowledged', entries: null} : {kind: 'not done', code: 'all or nothing'}
}
