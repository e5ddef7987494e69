/** A line of a file on its way to be posted, with as little as telling of it takes: a hundred thousand wait at a time. */

import type {SourceRecord} from '../core/import-source.ts'
import type {Refusal} from '../core/refusal.ts'
import type {ImportedLine, Ready} from './bulk-requests.ts'
import type {Line} from './bulk-sweep.ts'
import type {Tally} from './import-tally.ts'

/** What lines have in common. */
export interface Lines {
  readonly tally: Tally
  /** What a line without a reference of its own is posted with. */
  readonly referenceAt: (place: number) => string
}

export interface Wait {
  readonly record: SourceRecord
  readonly ready: Ready
  /** Whether a client was added for it. */
  readonly changed: boolean
}

export class WaitingLine implements Line, ImportedLine {
  readonly ready: Ready
  readonly place: number
  readonly changed: boolean
  refused: Refusal | null = null
  private readonly line: number
  /** The reference is one of the file's own. */
  private readonly named: boolean
  /** As one text: cells would each keep the whole piece of the file that they were cut from. */
  private readonly original: string
  private readonly lines: Lines

  constructor({record, ready, changed}: Wait, lines: Lines) {
    this.ready = ready
    this.place = record.place
    this.changed = changed
    this.line = record.line
    this.named = record.cells.reference !== undefined
    this.original = JSON.stringify(record.original)
    this.lines = lines
  }

  identity(): string {
    return this.lines.referenceAt(this.place)
  }

  refuse(refusal: Refusal): void {
    const {line, place} = this
    const record = {line, place, original: JSON.parse(this.original), problem: null}
    this.lines.tally.refuse({record, field: null, refusal, reference: this.named ? null : this.ready.around.reference})
  }
}
