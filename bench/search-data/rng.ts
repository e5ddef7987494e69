/** Numbers that look random and are the same for the same seed. */

export interface Rng {
  /** In [0, 1). */
  readonly next: () => number
  /** A whole number below `bound`. */
  readonly below: (bound: number) => number
  readonly pick: <T>(from: readonly T[]) => T
  /** The first of the list far more often than the last, as names are. */
  readonly pickCommon: <T>(from: readonly T[]) => T
}

/** Mulberry32 (Tommy Ettinger, public domain). */
export function rng(seed: number): Rng {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (bound: number) => Math.floor(next() * bound)
  const at = <T>(from: readonly T[], index: number): T => {
    const picked = from[index]
    if (picked === undefined) throw new RangeError('Nothing to pick from')
    return picked
  }
  return {
    next,
    below,
    pick: (from) => at(from, below(from.length)),
    pickCommon: (from) => at(from, Math.floor(from.length * next() ** 1.5)),
  }
}
