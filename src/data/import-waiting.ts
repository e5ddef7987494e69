/** Lines of a file on their way to be posted. */

import type {Person} from '../core/entry.ts'
import {amountField, fieldRefused} from '../core/import-refused.ts'
import type {SourceRecord} from '../core/import-source.ts'
import type {Field} from '../core/import-titles.ts'
import type {Circumstances, StaffOnDuty} from '../core/ledger.ts'
import type {Money} from '../core/money.ts'
import type {Refusal} from '../core/refusal.ts'
import {type ImportedLine, ownText, type Ready} from './bulk-requests.ts'
import type {Line} from './bulk-sweep.ts'
import type {Tally} from './import-tally.ts'

/** What lines have in common. */
export interface Lines {
  readonly tally: Tally
  /** What a line without a reference of its own is posted with. */
  readonly referenceAt: (place: number) => string
}

export interface ReadyLine {
  readonly record: SourceRecord
  readonly ready: Ready
  readonly changed: boolean
}

/** What lines that were read together are kept in. */
interface Kept {
  /** For each line, one after the other: when it happened, its reference, its note, and its record as JSON. */
  text: string
  readonly lines: Lines
  readonly operator: string
}

/**
 * The lines as small as they can be while they wait, a hundred thousand at a time: one object each, which holds nothing
 * of its own but numbers, and one text for all. With an object and a text for everything that a line says, V8 spent
 * half of an import on copying them about.
 */
export function waitingLines(read: readonly ReadyLine[], lines: Lines): readonly WaitingLine[] {
  const kept: Kept = {text: '', lines, operator: read[0]?.ready.around.operator ?? ''}
  const texts: string[] = []
  let at = 0
  const waiting = read.map((line) => {
    const {occurredAt, reference, note} = line.ready.around
    const original = JSON.stringify(line.record.original)
    texts.push(occurredAt, reference, note ?? '', original)
    const own = new WaitingLine(line, kept, at, original.length)
    at = own.end
    return own
  })
  kept.text = texts.join('')
  return waiting
}

/** Of RFC 3339 in UTC with milliseconds. */
const MOMENT_LENGTH = 24

/** What it asks for is made anew whenever it is looked at, and need not be kept while the database works on it. */
export class WaitingLine implements Ready, Line, ImportedLine {
  readonly place: number
  readonly client: Person
  /** Whether a client was added for it. */
  readonly changed: boolean
  refused: Refusal | null = null
  /** Where its part of the text ends. */
  readonly end: number
  private readonly kept: Kept
  private readonly at: number
  private readonly noteAt: number
  private readonly originalAt: number
  private readonly hasNote: boolean
  readonly hasOwnReference: boolean
  private readonly beginsOn: number
  /** In minor units; a number takes less room than a bigint, and is exact for every amount that there may be. */
  private readonly minor: number
  readonly account: string
  readonly amountField: Field
  readonly archived: boolean
  readonly direction: Ready['direction']
  readonly dryRun: boolean
  readonly kind: Ready['kind']
  private readonly method: Ready['around']['method']
  readonly open: Ready['open']
  private readonly staff: StaffOnDuty | null
  readonly unit: Ready['unit']

  constructor({record, ready, changed}: ReadyLine, kept: Kept, at: number, originalLength: number) {
    const {around} = ready
    this.place = record.place
    this.client = ready.client
    this.changed = changed
    this.kept = kept
    this.at = at
    this.noteAt = at + MOMENT_LENGTH + around.reference.length
    this.originalAt = this.noteAt + (around.note?.length ?? 0)
    this.end = this.originalAt + originalLength
    this.hasNote = around.note !== null
    this.hasOwnReference = record.cells.reference !== undefined
    this.beginsOn = record.line
    this.minor = Number(ready.amount)
    this.account = ready.account
    this.amountField = amountField(record.cells)
    this.archived = ready.archived
    this.direction = ready.direction
    this.dryRun = ready.dryRun
    this.kind = ready.kind
    this.method = around.method
    this.open = ready.open
    this.staff = around.staff
    this.unit = ready.unit
  }

  get amount(): Money {
    return BigInt(this.minor) as Money
  }

  get around(): Circumstances {
    const {kept, at} = this
    return {
      staff: this.staff,
      method: this.method,
      note: this.hasNote ? kept.text.slice(this.noteAt, this.originalAt) : null,
      reference: this.reference,
      occurredAt: kept.text.slice(at, at + MOMENT_LENGTH),
      operator: kept.operator,
    }
  }

  get line(): ImportedLine {
    return this
  }

  identity(): string {
    return this.kept.lines.referenceAt(this.place)
  }

  refuse(refusal: Refusal): void {
    const {beginsOn, place, kept} = this
    const original = JSON.parse(kept.text.slice(this.originalAt, this.end))
    const reference = this.hasOwnReference ? null : ownText(this.reference)
    const record = {line: beginsOn, place, original, problem: null}
    kept.lines.tally.refuse({record, field: fieldRefused(refusal, this), refusal, reference})
  }

  get reference(): string {
    return this.kept.text.slice(this.at + MOMENT_LENGTH, this.noteAt)
  }
}
