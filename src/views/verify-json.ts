/** The answer of `verify` as JSON (docs/schemas), and its checkpoint, which may be long. */

import {type ChainHead, type Checkpoint, headText} from '../core/checkpoint.ts'
import type {Damage} from '../core/damage.ts'
import type {Person} from '../core/entry.ts'
import {personJson} from './entry-json.ts'

/** What `verify` found, as far as it is shown. */
export interface Findings {
  readonly client: Person | null
  readonly entries: number
  readonly accounts: number
  readonly damages: readonly Damage[]
  readonly damageCount: number
  readonly checkpoint: Checkpoint | null
  readonly takenAt: string
}

/** The earlier checkpoint that the ledger was held against. */
export interface Against {
  readonly checkpoint: Checkpoint
  readonly contained: boolean
}

export function verificationJson(findings: Findings, against: Against | null) {
  const {client, entries, accounts, damages, damageCount, checkpoint, takenAt} = findings
  return {
    ok: damageCount === 0,
    client: client === null ? null : personJson(client),
    entries,
    accounts,
    takenAt,
    damageCount,
    damages: damages.map(({entry, clientId, kind, message}) => ({entry, client: Number(clientId), kind, message})),
    against:
      against === null
        ? null
        : {
            // Not named digest: a checkpoint file has one digest, its own.
            earlierDigest: against.checkpoint.digest,
            ...countsJson(against.checkpoint),
            contained: against.contained,
          },
    checkpoint:
      checkpoint === null
        ? null
        : {version: 1, ...countsJson(checkpoint), digest: checkpoint.digest, heads: null as readonly HeadJson[] | null},
  }
}

/** Client, unit, seq and hash of the last entry of an account. */
type HeadJson = readonly [number, string, number, string]

function countsJson({entries, accounts}: Checkpoint) {
  return {entries: Number(entries), accounts: Number(accounts)}
}

/** What a piece of the heads holds, and more than any one head takes. */
const PIECE_BYTES = 64 * 1024
const HEAD_BYTES_MAX = 1024

/** Heads as text, each on a line of its own; kept as bytes and at once, because there is one for every account. */
export class HeadLines {
  readonly #pieces: Buffer[] = []
  #piece = Buffer.allocUnsafe(PIECE_BYTES)
  #length = 0
  #empty = true

  add(head: ChainHead): void {
    if (this.#length + HEAD_BYTES_MAX > PIECE_BYTES) {
      this.#pieces.push(this.#piece.subarray(0, this.#length))
      this.#piece = Buffer.allocUnsafe(PIECE_BYTES)
      this.#length = 0
    }
    this.#length += this.#piece.write(`${this.#empty ? '\n' : ',\n'}${headText(head)}`, this.#length)
    this.#empty = false
  }

  /** The document with the heads in their place, in pieces. */
  *within(document: ReturnType<typeof verificationJson>): Generator<string | Buffer> {
    const [before, after] = JSON.stringify(document).split('"heads":null')
    if (after === undefined) {
      yield `${before}\n`
      return
    }
    yield `${before}"heads":[`
    yield* this.#pieces
    yield this.#piece.subarray(0, this.#length)
    yield `\n]${after}\n`
  }
}
