/** Files of a ledger, packed: written while they are made, read while they are used. */

import {once} from 'node:events'
import {createReadStream} from 'node:fs'
import type {FileHandle} from 'node:fs/promises'
import {stat} from 'node:fs/promises'
import {pipeline} from 'node:stream/promises'
import {constants, createGunzip, createZstdCompress, createZstdDecompress} from 'node:zlib'
import {Refusal} from '../core/refusal.ts'
import {shownPath} from '../core/text.ts'
import {memoryKeeper} from './memory.ts'

/** Gives `work` a function to write with; all of it is in the file, packed, when this resolves. */
export async function packedInto<T>(
  file: FileHandle,
  work: (write: (bytes: Uint8Array) => Promise<void>) => Promise<T>,
): Promise<T> {
  // The checksum tells a damaged block from a whole one before anything in it is believed.
  const packer = createZstdCompress({params: {[constants.ZSTD_c_checksumFlag]: 1}})
  // Not through a stream of the file's own: closing the handle would wait for that stream for ever.
  const packed = (async () => {
    for await (const bytes of packer) await file.writeFile(bytes)
  })()
  // Awaited below, or by whoever waits for room.
  packed.catch(() => {})
  try {
    const answer = await work(async (bytes) => {
      if (!packer.write(bytes)) await Promise.race([once(packer, 'drain'), packed])
    })
    packer.end()
    await packed
    return answer
  } catch (error) {
    packer.destroy()
    throw error
  }
}

const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b])

/** The bytes of a file, unpacked where they are packed (zstd or gzip); `-` is stdin. Refused: INVALID_INPUT, INTEGRITY. */
export async function* unpackedFrom(path: string): AsyncGenerator<Uint8Array> {
  const source = path === '-' ? process.stdin : await opened(path)
  const chunks: AsyncIterator<Buffer> = source[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (head.length < ZSTD_MAGIC.length) {
    const next = await attempt(path, () => chunks.next())
    if (next.done) break
    head = Buffer.concat([head, next.value])
  }
  const whole = rejoined(path, head, chunks)
  const unpacker = unpackerFor(head)
  if (unpacker === null) {
    yield* sparing(whole)
    return
  }
  const unpacked = pipeline(whole, unpacker)
  unpacked.catch(() => {})
  try {
    yield* sparing(unpacker)
    await unpacked
  } catch (error) {
    throw isPackingError(error) ? torn(path, error) : error
  }
}

/** A ledger of 5,000,000 entries was restored in 600 MB, half of them garbage. */
async function* sparing(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const keepMemory = memoryKeeper()
  for await (const piece of pieces) {
    keepMemory()
    yield piece
  }
}

function unpackerFor(head: Buffer) {
  if (head.subarray(0, 4).equals(ZSTD_MAGIC)) return createZstdDecompress()
  return head.subarray(0, 2).equals(GZIP_MAGIC) ? createGunzip() : null
}

async function* rejoined(path: string, head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head
  for (;;) {
    const next = await attempt(path, () => rest.next())
    if (next.done) return
    yield next.value
  }
}

async function opened(path: string) {
  const found = await attempt(path, () => stat(path))
  if (found.isDirectory()) throw new Refusal('INVALID_INPUT', `${path} is a directory`, {hint: 'Name a file'})
  return createReadStream(path, {highWaterMark: 256 * 1024})
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    const what =
      code === 'ENOENT' ? `There is no file ${shownPath(path)}` : `The file ${shownPath(path)} cannot be read: ${code}`
    throw new Refusal('INVALID_INPUT', what, {hint: 'Check its name', cause: error})
  }
}

function isPackingError(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && /^(Z_|ZSTD_|ERR_ZLIB|ERR_STREAM_PREMATURE)/.test(String(error.code))
  )
}

function torn(path: string, cause: unknown): Refusal {
  return new Refusal('INTEGRITY', `The file ${shownPath(path)} is torn or damaged: it cannot be unpacked to its end`, {
    hint: 'Use another backup',
    cause,
  })
}
