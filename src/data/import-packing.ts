/** Lines of a file as bytes, for as long as they wait: V8 would spend more on hundreds of thousands of objects than they say. */

import {Refusal, type RefusalCode} from '../core/refusal.ts'
import type {Packing} from './bulk-sweep.ts'
import type {Scratch} from './byte-queues.ts'
import {type Lines, type Said, WaitingLine} from './import-waiting.ts'
import {accountName} from './known-clients.ts'
import {packedMax, packText, unpackText} from './packed-text.ts'

/** Between texts; none of the database has it, and JSON writes it otherwise. */
const END = '\0'
/** Of RFC 3339 in UTC with milliseconds. */
const MOMENT_LENGTH = 24
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
    const {place, beginsOn, minor, occurredAt, reference, note, original} = said
    const why = refused === null ? '' : JSON.stringify([refused.code, refused.message, refused.hint])
    const own = `${occurredAt}${reference}${END}${note ?? ''}${END}${JSON.stringify(original)}`
    const text = `${client.name}${END}${why}${END}${own}`
    scratch.reserve(TEXT_AT + packedMax(text))
    const {bytes, words, doubles, bigints} = scratch
    const wide = packText(text, bytes, TEXT_AT)
    const flags = (wide ? FLAGS.wide : 0) + (note === null ? 0 : FLAGS.note) + (refused === null ? 0 : FLAGS.refused)
    words[WORDS.place] = place
    words[WORDS.beginsOn] = beginsOn
    words[WORDS.shape] = shape.index * FLAGS.all + flags
    doubles[MINOR_AT] = minor
    bigints[CLIENT_AT] = client.id
    return TEXT_AT + (wide ? text.length * 2 : text.length)
  }

  unpack({bytes, words, doubles, bigints}: Scratch, length: number): WaitingLine {
    const flagged = words[WORDS.shape] ?? 0
    const shape = this.lines.shapes.at(Math.floor(flagged / FLAGS.all))
    const text = unpackText(bytes, TEXT_AT, length, (flagged & FLAGS.wide) !== 0)
    const nameEnd = text.indexOf(END)
    const whyEnd = text.indexOf(END, nameEnd + 1)
    const id = bigints[CLIENT_AT] ?? 0n
    const client = {id, name: text.slice(0, nameEnd)}
    const [place, beginsOn, minor] = [words[WORDS.place] ?? 0, words[WORDS.beginsOn] ?? 0, doubles[MINOR_AT] ?? 0]
    const said = new PackedSaid({place, beginsOn, minor}, text, whyEnd + 1, (flagged & FLAGS.note) !== 0)
    const line = new WaitingLine(this.lines, shape, client, accountName(id, shape.unit), said)
    if ((flagged & FLAGS.refused) !== 0) line.refused = refusalOf(text.slice(nameEnd + 1, whyEnd))
    return line
  }
}

/** Its texts are cut out whenever they are looked at: more of them at once would have to be copied by V8. */
class PackedSaid implements Said {
  readonly place: number
  readonly beginsOn: number
  readonly minor: number
  private readonly text: string
  private readonly at: number
  private readonly hasNote: boolean

  constructor(numbers: Pick<Said, 'place' | 'beginsOn' | 'minor'>, text: string, at: number, hasNote: boolean) {
    this.place = numbers.place
    this.beginsOn = numbers.beginsOn
    this.minor = numbers.minor
    this.text = text
    this.at = at
    this.hasNote = hasNote
  }

  get occurredAt(): string {
    return this.text.slice(this.at, this.at + MOMENT_LENGTH)
  }

  get reference(): string {
    return this.text.slice(this.at + MOMENT_LENGTH, this.referenceEnd())
  }

  get note(): string | null {
    if (!this.hasNote) return null
    const start = this.referenceEnd() + 1
    return this.text.slice(start, this.text.indexOf(END, start))
  }

  get original(): Said['original'] {
    return JSON.parse(this.text.slice(this.text.lastIndexOf(END) + 1))
  }

  private referenceEnd(): number {
    return this.text.indexOf(END, this.at + MOMENT_LENGTH)
  }
}

function refusalOf(why: string): Refusal {
  const [code, message, hint]: readonly [RefusalCode, string, string | null] = JSON.parse(why)
  return new Refusal(code, message, hint === null ? {} : {hint})
}
