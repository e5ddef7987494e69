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

/** Heads as text, each on a line of its own; kept as bytes, because there is one for every account. */
export class HeadLines {
  readonly #pieces: Buffer[] = []
  #lines: string[] = []

  add(head: ChainHead): void {
    this.#lines.push(headText(head))
    if (this.#lines.length === 1_000) this.#close()
  }

  /** The document with the heads in their place, in pieces. */
  *within(document: ReturnType<typeof verificationJson>): Generator<string> {
    this.#close()
    const [before, after] = JSON.stringify(document).split('"heads":null')
    if (after === undefined) {
      yield `${before}\n`
      return
    }
    yield `${before}"heads":[`
    for (const [at, piece] of this.#pieces.entries()) yield `${at === 0 ? '\n' : ',\n'}${piece.toString()}`
    yield `\n]${after}\n`
  }

  #close(): void {
    if (this.#lines.length > 0) this.#pieces.push(Buffer.from(this.#lines.join(',\n')))
    this.#lines = []
  }
}
