/** Measures, wraps and cuts text by the columns it takes on a terminal. */

import stringWidth from 'string-width'

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'})

/** Columns of a text without line breaks. */
export function columnsOf(text: string): number {
  return stringWidth(text)
}

export function padded(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - columnsOf(text)))
  return align === 'right' ? space + text : text + space
}

/** Lines of at most `width` columns, broken between words where that is possible, else between characters. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (columnsOf(joined) <= width) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = broken(word, width)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
  }
  return [...lines, line]
}

/** A word in pieces; a character that is wider than the width stands alone. */
function broken(word: string, width: number): readonly string[] {
  const pieces: string[] = []
  let piece = ''
  for (const {segment} of graphemes.segment(word)) {
    if (piece !== '' && columnsOf(piece + segment) > width) {
      pieces.push(piece)
      piece = ''
    }
    piece += segment
  }
  return [...pieces, piece]
}

/** The beginning of a text, with … where something was cut. */
export function cut(text: string, width: number): string {
  if (columnsOf(text) <= width) return text
  let kept = ''
  for (const {segment} of graphemes.segment(text)) {
    if (columnsOf(kept + segment) > width - 1) break
    kept += segment
  }
  return `${kept}…`
}
