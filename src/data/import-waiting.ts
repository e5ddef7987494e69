/** Lines of a file on their way to be posted. */

import type {Person} from '../core/entry.ts'
import {fieldRefused} from '../core/import-refused.ts'
import type {SourceRecord} from '../core/import-source.ts'
import type {Circumstances} from '../core/ledger.ts'
import type {Money} from '../core/money.ts'
import type {Refusal} from '../core/refusal.ts'
import {type ImportedLine, ownText, type Ready} from './bulk-requests.ts'
import type {Line} from './bulk-sweep.ts'
import type {LineShapes, Shape} from './import-shapes.ts'
import type {Tally} from './import-tally.ts'

/** What lines have in common. */
export interface Lines {
  readonly tally: Tally
  /** What a line without a reference of its own is posted with. */
  readonly referenceAt: (place: number) => string
  readonly shapes: LineShapes
}

export interface ReadyLine {
  readonly record: SourceRecord
  readonly ready: Ready
  readonly changed: boolean
}

/** What a line alone says. */
export interface Said {
  readonly place: number
  readonly beginsOn: number
  /** In minor units; a number takes less room than a bigint, and is exact for every amount that there may be. */
  readonly minor: number
  readonly occurredAt: string
  readonly reference: string
  readonly note: string | null
  readonly original: SourceRecord['original']
}

export function waitingLines(read: readonly ReadyLine[], lines: Lines): readonly WaitingLine[] {
  return read.map(({record, ready, changed}) => {
    const {occurredAt, reference, note} = ready.around
    const said: Said = {
      place: record.place,
      beginsOn: record.line,
      minor: Number(ready.amount),
      occurredAt,
      reference,
      note,
      original: record.original,
    }
    return new WaitingLine(lines, lines.shapes.shapeOf(record, ready, changed), ready.client, ready.account, said)
  })
}

/** What it asks for is made anew whenever it is looked at, and need not be kept while the database works on it. */
export class WaitingLine implements Ready, Line, ImportedLine {
  readonly place: number
  readonly client: Person
  readonly account: string
  readonly shape: Shape
  readonly said: Said
  refused: Refusal | null = null
  private readonly lines: Lines

  constructor(lines: Lines, shape: Shape, client: Person, account: string, said: Said) {
    this.place = said.place
    this.client = client
    this.account = account
    this.shape = shape
    this.said = said
    this.lines = lines
  }

  get amount(): Money {
    return BigInt(this.said.minor) as Money
  }

  get around(): Circumstances {
    const {staff, method, operator} = this.shape
    const {note, reference, occurredAt} = this.said
    return {staff, method, note, reference, occurredAt, operator}
  }

  get reference(): string {
    return this.said.reference
  }

  get archived(): boolean {
    return this.shape.archived
  }

  /** Whether a client was added for it. */
  get changed(): boolean {
    return this.shape.changed
  }

  get direction(): Ready['direction'] {
    return this.shape.direction
  }

  get dryRun(): boolean {
    return this.shape.dryRun
  }

  get kind(): Ready['kind'] {
    return this.shape.kind
  }

  get open(): Ready['open'] {
    return this.shape.open
  }

  get unit(): Ready['unit'] {
    return this.shape.unit
  }

  get line(): ImportedLine {
    return this
  }

  identity(): string {
    return this.lines.referenceAt(this.place)
  }

  refuse(refusal: Refusal): void {
    const {beginsOn, place, original, reference} = this.said
    const record = {line: beginsOn, place, original, problem: null}
    const own = this.shape.hasOwnReference ? null : ownText(reference)
    this.lines.tally.refuse({record, field: fieldRefused(refusal, this.shape), refusal, reference: own})
  }
}
