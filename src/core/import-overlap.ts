/**
 * Recognises lines that were imported before, in another file: by content and order, so that two equal visits on two
 * days stay two. Works on one hash per line.
 */

/** Lines of a file that stand in the same order in an earlier one. */
export interface Block {
  /** The first line in this file, from 0. */
  readonly at: number
  /** The same line in the earlier file, from 0. */
  readonly earlier: number
  readonly length: number
}

/** So many places of one repeated line are tried. */
const CANDIDATES_MAX = 64

/**
 * The blocks that `lines` has in common with `earlier`, in the order of both. A single line in common counts where
 * one file goes on where the other ends, or where it lies between blocks in step with them (its neighbours were
 * mended); elsewhere it may well be another visit.
 */
export function commonBlocks(lines: BigUint64Array, earlier: BigUint64Array): readonly Block[] {
  const places = placesOf(earlier)
  const blocks: Block[] = []
  let from = 0
  for (let at = 0; at < lines.length; ) {
    const block = longestBlock(lines, earlier, at, from, places)
    if (block === null || !counts(block, blocks.at(-1), lines.length, earlier.length)) {
      at++
      continue
    }
    blocks.push(block)
    at += block.length
    from = block.earlier + block.length
  }
  return blocks
}

function placesOf(lines: BigUint64Array): ReadonlyMap<bigint, number[]> {
  const places = new Map<bigint, number[]>()
  lines.forEach((hash, at) => {
    const known = places.get(hash)
    if (known === undefined) places.set(hash, [at])
    else known.push(at)
  })
  return places
}

function longestBlock(
  lines: BigUint64Array,
  earlier: BigUint64Array,
  at: number,
  from: number,
  places: ReadonlyMap<bigint, readonly number[]>,
): Block | null {
  const hash = lines[at]
  const candidates = hash === undefined ? [] : (places.get(hash) ?? [])
  let best: Block | null = null
  let tried = 0
  for (const place of candidates) {
    if (place < from) continue
    if (++tried > CANDIDATES_MAX) break
    let length = 1
    while (
      at + length < lines.length &&
      place + length < earlier.length &&
      lines[at + length] === earlier[place + length]
    ) {
      length++
    }
    if (best === null || length > best.length) best = {at, earlier: place, length}
  }
  return best
}

function counts(block: Block, before: Block | undefined, lines: number, earlier: number): boolean {
  if (block.length > 1) return true
  const inStep = before !== undefined && block.at - before.at === block.earlier - before.earlier
  const goesOn = block.at === 0 && block.earlier === earlier - 1
  const leadsTo = block.at === lines - 1 && block.earlier === 0
  return inStep || goesOn || leadsTo
}

/** The hash of a line's content: 64 bits, two rounds of a multiplying hash (murmur3's finaliser) over its UTF-16 units. */
export function lineHash(text: string): bigint {
  let a = 0x9e3779b1
  let b = 0x85ebca77
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    a = Math.imul(a ^ unit, 0x9e3779b1)
    b = Math.imul(b ^ unit, 0xc2b2ae3d)
    a = (a << 13) | (a >>> 19)
    b = (b << 15) | (b >>> 17)
  }
  return (BigInt(finished(a ^ text.length)) << 32n) | BigInt(finished(b ^ a))
}

function finished(value: number): number {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
