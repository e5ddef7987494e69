/** A line on stderr that tells how far a long work is; only in a terminal. */

const REDRAW_MS = 200

export interface Progress {
  readonly tell: (text: string) => void
  /** Takes the line away. */
  readonly end: () => void
}

export function progressOnStderr(): Progress {
  const {stderr} = process
  let drawnAt = 0
  if (!stderr.isTTY) return {tell: () => {}, end: () => {}}
  return {
    tell: (text) => {
      const now = performance.now()
      if (now - drawnAt < REDRAW_MS) return
      drawnAt = now
      stderr.write(`\r\x1b[K${text}`)
    },
    end: () => {
      if (drawnAt > 0) stderr.write('\r\x1b[K')
    },
  }
}
