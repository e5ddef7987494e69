/** What became of the lines of an import: counted, added up, and told in the order of the file. */

import type {SourceRecord} from '../core/import-source.ts'
import type {Field} from '../core/import-titles.ts'
import type {Refusal} from '../core/refusal.ts'
import type {Settled} from './bulk-settled.ts'
import type {Counts, MoneyByUnit} from './import-runs.ts'

/** A line that was refused, and what about it. */
export interface RefusedLine {
  readonly record: Pick<SourceRecord, 'line' | 'place' | 'original' | 'problem'>
  readonly field: Field | null
  readonly refusal: Refusal
  /** What it would have been posted with; null where it brings a reference of its own. */
  readonly reference: string | null
}

export type OnRefused = (refused: RefusedLine) => void

export class Tally {
  private read = 0
  private applied = 0
  private replayed = 0
  private refused = 0
  private readonly sums: Record<string, {in: bigint; out: bigint}> = {}
  private pending: RefusedLine[] = []
  private readonly onRefused: OnRefused

  constructor(onRefused: OnRefused) {
    this.onRefused = onRefused
  }

  reading(lines: number): void {
    this.read += lines
  }

  /** `changed`: something was added for the line besides its entry. */
  posted(settled: Settled, changed: boolean): void {
    if (settled.replayed && !changed) this.replayed++
    else this.applied++
    if (settled.replayed) return
    this.sums[settled.unit.code] ??= {in: 0n, out: 0n}
    const sums = this.sums[settled.unit.code]
    if (sums === undefined) return
    if (settled.direction === 'IN') sums.in += settled.amount
    else sums.out += settled.amount
  }

  /** A line without money: a client or staff member, added or known. */
  placed(added: boolean): void {
    if (added) this.applied++
    else this.replayed++
  }

  refuse(line: RefusedLine): void {
    this.refused++
    // Until it is told it would hold all that was on the stack, and with it the whole chunk that it was refused in.
    line.refusal.stack = ''
    this.pending.push(line)
  }

  /** Tells the refused lines before `place`, which no line before it can join any more. */
  tell(place: number): void {
    const due = this.pending.filter(({record}) => record.place < place)
    if (due.length === 0) return
    this.pending = this.pending.filter(({record}) => record.place >= place)
    for (const one of due.sort((a, b) => a.record.place - b.record.place)) this.onRefused(one)
  }

  /** How many refused lines are still to be told. */
  get untold(): number {
    return this.pending.length
  }

  counts(): Counts {
    const {read, applied, replayed, refused} = this
    return {read, applied, replayed, refused}
  }

  money(): MoneyByUnit {
    return this.sums
  }
}
