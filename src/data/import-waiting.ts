/** Lines of a file on their way to be posted. */

import type {Person} from '../core/entry.ts'
import {fieldRefused} from '../core/import-refused.ts'
import type {SourceRecord} from '../core/import-source.ts'
import type {Circumstances} from '../core/ledger.ts'
import type {Money} from '../core/money.ts'
import {Refusal, type RefusalCode} from '../core/refusal.ts'
import {type ImportedLine, ownText, type Ready} from './bulk-requests.ts'
import type {Line, Packing} from './bulk-sweep.ts'
import type {Scratch} from './byte-queues.ts'
import type {LineShapes, Shape} from './import-shapes.ts'
import type {Tally} from './import-tally.ts'
import {accountName} from './known-clients.ts'
import {packedMax, packText, unpackText} from './packed-text.ts'

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

/** Of RFC 3339 in UTC with milliseconds. */
const MOMENT_LENGTH = 24
/** Between texts; none of the database has it, and JSON writes it otherwise. */
const END = '\0'

export function waitingLines(read: readonly ReadyLine[], lines: Lines): readonly WaitingLine[] {
  return read.map(({record, ready, changed}) => {
    const {occurredAt, reference, note} = ready.around
    const said: Said = {
      place: record.place,
      beginsOn: record.line,
      minor: Number(ready.amount),
      hasNote: note !== null,
      text: `${occurredAt}${reference}${END}${note ?? ''}${END}${JSON.stringify(record.original)}`,
    }
    return new WaitingLine(lines, lines.shapes.shapeOf(record, ready, changed), ready.client, ready.account, said)
  })
}

/** What a line alone says. */
interface Said {
  readonly place: number
  readonly beginsOn: number
  /** In minor units; a number takes less room than a bigint, and is exact for every amount that there may be. */
  readonly minor: number
  readonly hasNote: boolean
  /** When it happened, its reference, its note, and its record as JSON. */
  readonly text: string
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
    const {text, hasNote} = this.said
    const referenceEnd = text.indexOf(END, MOMENT_LENGTH)
    return {
      staff,
      method,
      note: hasNote ? text.slice(referenceEnd + 1, text.indexOf(END, referenceEnd + 1)) : null,
      reference: text.slice(MOMENT_LENGTH, referenceEnd),
      occurredAt: text.slice(0, MOMENT_LENGTH),
      operator,
    }
  }

  get reference(): string {
    const {text} = this.said
    return text.slice(MOMENT_LENGTH, text.indexOf(END, MOMENT_LENGTH))
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
    const {beginsOn, place, text} = this.said
    const original = JSON.parse(text.slice(text.lastIndexOf(END) + 1))
    const reference = this.shape.hasOwnReference ? null : ownText(this.reference)
    const record = {line: beginsOn, place, original, problem: null}
    this.lines.tally.refuse({record, field: fieldRefused(refusal, this.shape), refusal, reference})
  }
}

/** A record: its length, its place and line, its shape and flags; its amount, its client; then texts. */
const WORDS = {place: 1, beginsOn: 2, shape: 3} as const
const MINOR_AT = 2
const CLIENT_AT = 3
const TEXT_AT = 32
const FLAGS = {wide: 1, note: 2, refused: 4, all: 8} as const

export class LinePacking implements Packing<WaitingLine> {
  private readonly lines: Lines

  constructor(lines: Lines) {
    this.lines = lines
  }

  pack({said, shape, client, refused}: WaitingLine, scratch: Scratch): number {
    const why = refused === null ? '' : JSON.stringify([refused.code, refused.message, refused.hint])
    const text = `${client.name}${END}${why}${END}${said.text}`
    scratch.reserve(TEXT_AT + packedMax(text))
    const {bytes, words, doubles, bigints} = scratch
    const wide = packText(text, bytes, TEXT_AT)
    const flags = (wide ? FLAGS.wide : 0) + (said.hasNote ? FLAGS.note : 0) + (refused === null ? 0 : FLAGS.refused)
    words[WORDS.place] = said.place
    words[WORDS.beginsOn] = said.beginsOn
    words[WORDS.shape] = shape.index * FLAGS.all + flags
    doubles[MINOR_AT] = said.minor
    bigints[CLIENT_AT] = client.id
    return TEXT_AT + (wide ? text.length * 2 : text.length)
  }

  unpack({bytes, words, doubles, bigints}: Scratch, length: number): WaitingLine {
    const flagged = words[WORDS.shape] ?? 0
    const shape = this.lines.shapes.at(Math.floor(flagged / FLAGS.all))
    const texts = unpackText(bytes, TEXT_AT, length, (flagged & FLAGS.wide) !== 0)
    const nameEnd = texts.indexOf(END)
    const whyEnd = texts.indexOf(END, nameEnd + 1)
    const id = bigints[CLIENT_AT] ?? 0n
    const line = new WaitingLine(this.lines, shape, {id, name: texts.slice(0, nameEnd)}, accountName(id, shape.unit), {
      place: words[WORDS.place] ?? 0,
      beginsOn: words[WORDS.beginsOn] ?? 0,
      minor: doubles[MINOR_AT] ?? 0,
      hasNote: (flagged & FLAGS.note) !== 0,
      text: texts.slice(whyEnd + 1),
    })
    if ((flagged & FLAGS.refused) !== 0) line.refused = refusalOf(texts.slice(nameEnd + 1, whyEnd))
    return line
  }
}

function refusalOf(why: string): Refusal {
  const [code, message, hint]: readonly [RefusalCode, string, string | null] = JSON.parse(why)
  return new Refusal(code, message, hint === null ? {} : {hint})
}
