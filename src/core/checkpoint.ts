/** A checkpoint: where every account's hash chain stood at one moment. Specified in docs/LEDGER-FORMAT.md. */

import {createHash} from 'node:crypto'

/** The end of one account's chain. The hash is 64 hex digits. */
export interface ChainHead {
  readonly clientId: bigint
  readonly unitCode: string
  readonly seq: bigint
  readonly hash: string
}

export interface Checkpoint {
  /** SHA-256 over all heads, 64 hex digits: the line to keep elsewhere. */
  readonly digest: string
  readonly accounts: bigint
  /** The sum of the heads' seqs. */
  readonly entries: bigint
}

/** `[42,"AZN",7,"3f2a…"]`: one head as it is digested, and as it stands in the file. */
export function headText({clientId, unitCode, seq, hash}: ChainHead): string {
  return `[${clientId},${JSON.stringify(unitCode)},${seq},"${hash}"]`
}

/** By client, then by the bytes of the unit's code: the same order whatever a database sorts by. */
export function compareHeads(a: ChainHead, b: ChainHead): number {
  if (a.clientId !== b.clientId) return a.clientId < b.clientId ? -1 : 1
  return Buffer.compare(Buffer.from(a.unitCode), Buffer.from(b.unitCode))
}

/** Digests heads, which come in the order of `compareHeads`. */
export class CheckpointDigest {
  readonly #hash = createHash('sha256').update('fleks:checkpoint:1\n')
  #accounts = 0n
  #entries = 0n

  add(head: ChainHead): void {
    this.#hash.update(`${headText(head)}\n`)
    this.#accounts++
    this.#entries += head.seq
  }

  /** Once, after the last head. */
  end(): Checkpoint {
    return {digest: this.#hash.digest('hex'), accounts: this.#accounts, entries: this.#entries}
  }
}

/** A head, or the digest of a checkpoint, wherever it stands in a JSON document. */
const PIECE =
  /\[\s*([1-9]\d{0,14})\s*,\s*("(?:[^"\\\n]|\\.){1,100}")\s*,\s*([1-9]\d{0,14})\s*,\s*"([0-9a-f]{64})"\s*\]|"digest"\s*:\s*"([0-9a-f]{64})"/g

/** A piece that a chunk cuts in two is shorter than this. */
const PIECE_LENGTH_MAX = 1_000

/**
 * Finds the heads and the digest in a checkpoint file, piece by piece, whether it is as `fleks verify` printed it or
 * laid out anew by another program. It need not be strict: what it misses or misreads, the digest tells.
 */
export class CheckpointScanner {
  readonly digests: string[] = []
  #rest = ''

  push(text: string): readonly ChainHead[] {
    const whole = this.#rest + text
    const heads: ChainHead[] = []
    let end = 0
    for (const match of whole.matchAll(PIECE)) {
      const [piece, client, unit, seq, hash, digest] = match
      end = match.index + piece.length
      if (digest !== undefined) this.digests.push(digest)
      else if (client !== undefined && unit !== undefined && seq !== undefined && hash !== undefined) {
        heads.push({clientId: BigInt(client), unitCode: unitCode(unit), seq: BigInt(seq), hash})
      }
    }
    this.#rest = whole.slice(Math.max(end, whole.length - PIECE_LENGTH_MAX))
    return heads
  }
}

function unitCode(json: string): string {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}
