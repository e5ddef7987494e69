/** Which lines of a file were imported before with another file, and under which references. */

import type {CommonQueryMethods} from 'slonik'
import {type Block, commonBlocks} from '../core/import-overlap.ts'
import {type Adopted, type EarlierLines, earlierLines} from './import-runs.ts'

/** Lines that this file and an earlier one have in common. */
interface Overlap {
  readonly runId: bigint
  readonly fileName: string
  readonly startedAt: string
  readonly lines: number
}

export interface Overlaps {
  readonly files: readonly Overlap[]
  /** How many lines of this file are known. */
  readonly lines: number
  /** What the known lines stand under, in the order of the file. */
  readonly adopted: readonly Adopted[]
}

/** `before`: the first import of this very file, so that a later one sees what that one saw. */
export async function findOverlaps(
  db: CommonQueryMethods,
  digest: string,
  hashes: BigUint64Array,
  before: bigint | null,
): Promise<Overlaps> {
  const files: Overlap[] = []
  const known = new Uint8Array(hashes.length)
  const adopted: Adopted[] = []
  const sorted = hashes.toSorted()
  for await (const earlier of earlierLines(db, digest, before)) {
    if (!earlier.hashes.some((hash) => contains(sorted, hash))) continue
    let lines = 0
    for (const block of commonBlocks(hashes, earlier.hashes)) {
      for (const {at, earlier: place, length} of unknownParts(block, known)) {
        known.fill(1, at, at + length)
        adopted.push(...standing(earlier, at, place, length))
        lines += length
      }
    }
    const {id, fileName, startedAt} = earlier
    if (lines > 0) files.push({runId: id, fileName, startedAt, lines})
  }
  adopted.sort((a, b) => a[0] - b[0])
  return {files, lines: files.reduce((sum, file) => sum + file.lines, 0), adopted}
}

function* unknownParts(block: Block, known: Uint8Array): Generator<Block> {
  let start = 0
  for (let step = 0; step <= block.length; step++) {
    if (step < block.length && known[block.at + step] === 0) continue
    if (step > start) yield {at: block.at + start, earlier: block.earlier + start, length: step - start}
    start = step + 1
  }
}

/** What lines of an earlier file stand under: its own references, or those that it had adopted itself. */
function standing({adopted, referenceKey}: EarlierLines, at: number, place: number, length: number): Adopted[] {
  const parts: Adopted[] = []
  let from = place
  const end = place + length
  for (const [first, count, key, there] of adopted) {
    const low = Math.max(first, from)
    const high = Math.min(first + count, end)
    if (low >= high) continue
    if (low > from) parts.push([at + from - place, low - from, referenceKey, from])
    parts.push([at + low - place, high - low, key, there + low - first])
    from = high
  }
  if (from < end) parts.push([at + from - place, end - from, referenceKey, from])
  return parts
}

/** What stands for a line: the file's key and the line's place among its records, or what it was adopted under. */
export function lineReference(key: string, adopted: readonly Adopted[], place: number): string {
  let low = 0
  let high = adopted.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const [at, count, adoptedKey, there] = adopted[middle] ?? [0, 0, '', 0]
    if (place < at) high = middle - 1
    else if (place >= at + count) low = middle + 1
    else return `${adoptedKey}:${there + place - at + 1}`
  }
  return `${key}:${place + 1}`
}

function contains(sorted: BigUint64Array, hash: bigint): boolean {
  let low = 0
  let high = sorted.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = sorted[middle] ?? 0n
    if (found === hash) return true
    if (found < hash) low = middle + 1
    else high = middle - 1
  }
  return false
}
