/** Reads a checkpoint that `fleks verify --checkpoint --json` printed into a file. */

import {type FileHandle, open, stat} from 'node:fs/promises'
import {pipeline} from 'node:stream'
import {createGunzip} from 'node:zlib'
import {type ChainHead, type Checkpoint, CheckpointDigest, CheckpointScanner, compareHeads} from '../core/checkpoint.ts'
import {Refusal} from '../core/refusal.ts'
import {quoted} from '../core/text.ts'

export interface CheckpointFile {
  readonly checkpoint: Checkpoint
  /** Its heads, read again. */
  readonly heads: () => AsyncIterable<readonly ChainHead[]>
}

/** A checkpoint is heads and little else; a file that goes on and on without any is not read to its end. */
const CHARACTERS_WITHOUT_HEADS_MAX = 16_777_216

/**
 * Reads the file once to see that it is a whole checkpoint and what its own digest says, so that nothing is compared
 * with a damaged one. Packed by gzip or not. Refused (INVALID_INPUT): anything else.
 */
export async function readCheckpointFile(path: string): Promise<CheckpointFile> {
  const digest = new CheckpointDigest()
  const scanner = new CheckpointScanner()
  let last: ChainHead | null = null
  for await (const heads of headsIn(path, scanner)) {
    for (const head of heads) {
      if (last !== null && compareHeads(last, head) >= 0) throw unusable(path, 'is not in the order of a checkpoint')
      digest.add(head)
      last = head
    }
  }
  const checkpoint = digest.end()
  const [written, another] = scanner.digests
  if (written === undefined || another !== undefined) throw unusable(path, 'is not a checkpoint')
  if (written !== checkpoint.digest) throw unusable(path, 'is not whole, or was changed: its digest does not fit')
  return {checkpoint, heads: () => headsIn(path, new CheckpointScanner())}
}

async function* headsIn(path: string, scanner: CheckpointScanner): AsyncGenerator<readonly ChainHead[]> {
  try {
    // Asked before it is opened: opening a pipe that nobody writes to waits for ever.
    if (!(await stat(path)).isFile()) throw unusable(path, 'is not a file, which could be read twice')
    const file = await open(path)
    try {
      const packed = await isPacked(file)
      const bytes = file.createReadStream({start: 0, autoClose: false})
      const plain = packed ? pipeline(bytes, createGunzip(), () => {}) : bytes
      let withoutHeads = 0
      for await (const text of plain.setEncoding('utf8')) {
        const heads = scanner.push(text)
        withoutHeads = heads.length > 0 ? 0 : withoutHeads + text.length
        // No text has a NUL; a file with holes is full of them.
        if (withoutHeads > CHARACTERS_WITHOUT_HEADS_MAX || text.includes('\0'))
          throw unusable(path, 'is not a checkpoint')
        yield heads
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw error instanceof Refusal ? error : unusable(path, `cannot be read: ${reason(error)}`, error)
  }
}

/** Told by the first bytes (RFC 1952, 2.3.1). */
async function isPacked(file: FileHandle): Promise<boolean> {
  const {buffer, bytesRead} = await file.read(Buffer.alloc(2), 0, 2, 0)
  return bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}

function unusable(path: string, what: string, cause?: unknown): Refusal {
  return new Refusal('INVALID_INPUT', `The file ${quoted(path)} ${what}`, {
    hint: 'Make one with: fleks verify --checkpoint --json > FILE',
    cause,
  })
}
