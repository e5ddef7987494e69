/** How close two words are, and which of many come closest. */

/**
 * Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours, each counting one.
 * Answers `limit + 1` as soon as it is sure to be more than `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (a === b) return 0
  const far = limit + 1
  if (Math.abs(a.length - b.length) > limit) return far
  let beforeLast: number[] = []
  let last = Array.from({length: b.length + 1}, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min((last[j] ?? far) + 1, (row[j - 1] ?? far) + 1, (last[j - 1] ?? far) + cost)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) best = Math.min(best, (beforeLast[j - 2] ?? far) + 1)
      row.push(best)
    }
    if (Math.min(...row) > limit) return far
    beforeLast = last
    last = row
  }
  return Math.min(last[b.length] ?? far, far)
}

/** The candidates that `text` may be a mistyping of, nearest first: at most a third of its letters differ. */
export function nearest(text: string, candidates: readonly string[], most = 3): readonly string[] {
  const typed = text.toLowerCase()
  const limit = Math.max(1, Math.floor(typed.length / 3))
  return candidates
    .map((candidate) => ({candidate, distance: distanceOf(typed, candidate.toLowerCase(), limit)}))
    .filter(({distance}) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({candidate}) => candidate)
}

/** A word whose beginning was typed is as near as one typo. */
function distanceOf(typed: string, candidate: string, limit: number): number {
  const distance = editDistance(typed, candidate, limit)
  return typed.length >= 3 && candidate.startsWith(typed) ? Math.min(distance, 1) : distance
}
