/** Lines of a file on their way to be posted. */

import type {Person} from '../core/entry.ts'
import type {SourceRecord} from '../core/import-source.ts'
import type {StaffOnDuty} from '../core/ledger.ts'
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

/** A line whose outcome is still to come. */
export interface OpenLine {
  /** Whether a client was added for it. */
  readonly changed: boolean
  readonly refuse: (refusal: Refusal) => void
}

export interface ReadyLine {
  readonly record: SourceRecord
  readonly ready: Ready
  readonly changed: boolean
}

/** A line that was just read, with all that is known of it. */
export class FreshLine implements OpenLine, ImportedLine {
  readonly ready: Ready
  readonly record: SourceRecord
  readonly place: number
  readonly changed: boolean
  refused: Refusal | null = null
  readonly lines: Lines

  constructor({record, ready, changed}: ReadyLine, lines: Lines) {
    this.ready = ready
    this.record = record
    this.place = record.place
    this.changed = changed
    this.lines = lines
    ready.line = this
  }

  identity(): string {
    return this.lines.referenceAt(this.place)
  }

  refuse(refusal: Refusal): void {
    const {record, ready} = this
    const reference = hasOwnReference(record) ? null : ready.around.reference
    this.lines.tally.refuse({record, field: null, refusal, reference})
  }
}

function hasOwnReference({cells}: SourceRecord): boolean {
  return cells.reference !== undefined
}

/** What lines that were read together are kept in. */
interface Kept {
  /** For each line, one after the other: when it happened, its reference, its note, and its record as JSON. */
  text: string
  readonly lines: Lines
  readonly operator: string
}

/**
 * The same lines as small as they can be while they wait, a hundred thousand at a time: one object each, which holds
 * nothing of its own but numbers, and one text for all. With an object and a text for everything that a line says, V8
 * spent half of an import on copying them about.
 */
export function waitingLines(fresh: readonly FreshLine[]): readonly WaitingLine[] {
  const [first] = fresh
  if (first === undefined) return []
  const kept: Kept = {text: '', lines: first.lines, operator: first.ready.around.operator}
  const texts: string[] = []
  let at = 0
  const waiting = fresh.map((line) => {
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

export class WaitingLine implements Line, OpenLine, ImportedLine {
  readonly place: number
  readonly client: Person
  readonly changed: boolean
  readonly refused: Refusal | null
  /** Where its part of the text ends. */
  readonly end: number
  private readonly kept: Kept
  private readonly at: number
  private readonly noteAt: number
  private readonly originalAt: number
  private readonly hasNote: boolean
  private readonly hasOwnReference: boolean
  private readonly line: number
  /** In minor units; a number takes less room than a bigint, and is exact for every amount that there may be. */
  private readonly amount: number
  private readonly account: string
  private readonly archived: boolean
  private readonly direction: Ready['direction']
  private readonly dryRun: boolean
  private readonly kind: Ready['kind']
  private readonly method: Ready['around']['method']
  private readonly open: Ready['open']
  private readonly staff: StaffOnDuty | null
  private readonly unit: Ready['unit']

  constructor({record, ready, place, changed, refused}: FreshLine, kept: Kept, at: number, originalLength: number) {
    const {around} = ready
    this.place = place
    this.client = ready.client
    this.changed = changed
    this.refused = refused
    this.kept = kept
    this.at = at
    this.noteAt = at + MOMENT_LENGTH + around.reference.length
    this.originalAt = this.noteAt + (around.note?.length ?? 0)
    this.end = this.originalAt + originalLength
    this.hasNote = around.note !== null
    this.hasOwnReference = hasOwnReference(record)
    this.line = record.line
    this.amount = Number(ready.amount)
    this.account = ready.account
    this.archived = ready.archived
    this.direction = ready.direction
    this.dryRun = ready.dryRun
    this.kind = ready.kind
    this.method = around.method
    this.open = ready.open
    this.staff = around.staff
    this.unit = ready.unit
  }

  /** What it asks for. */
  ready(): Ready {
    const {kept, at} = this
    return {
      kind: this.kind,
      direction: this.direction,
      client: this.client,
      archived: this.archived,
      unit: this.unit,
      amount: BigInt(this.amount) as Money,
      around: {
        staff: this.staff,
        method: this.method,
        note: this.hasNote ? kept.text.slice(this.noteAt, this.originalAt) : null,
        reference: this.reference(),
        occurredAt: kept.text.slice(at, at + MOMENT_LENGTH),
        operator: kept.operator,
      },
      open: this.open,
      dryRun: this.dryRun,
      account: this.account,
      line: this,
    }
  }

  identity(): string {
    return this.kept.lines.referenceAt(this.place)
  }

  refuse(refusal: Refusal): void {
    const {line, place, kept} = this
    const original = JSON.parse(kept.text.slice(this.originalAt, this.end))
    const reference = this.hasOwnReference ? null : ownText(this.reference())
    kept.lines.tally.refuse({record: {line, place, original, problem: null}, field: null, refusal, reference})
  }

  private reference(): string {
    return this.kept.text.slice(this.at + MOMENT_LENGTH, this.noteAt)
  }
}
