/** Chance that can be repeated by its seed. */

/** A whole number from 0 up to, without, `below`. */
export type Random = (below: number) => number

/** A small generator (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

export function pick<T>(random: Random, from: readonly T[]): T {
  const one = from[random(from.length)]
  if (one === undefined) throw new Error('There is nothing to pick from')
  return one
}

export function shuffled<T>(random: Random, all: readonly T[]): readonly T[] {
  const deck = [...all]
  for (let left = deck.length - 1; left > 0; left--) {
    const other = random(left + 1)
    const [a, b] = [deck[left], deck[other]]
    if (a !== undefined && b !== undefined) [deck[left], deck[other]] = [b, a]
  }
  return deck
}
