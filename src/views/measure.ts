/** Pads and wraps text by the columns it takes on a terminal. */

import {columnsOf} from '../core/text-width.ts'

/** The text with spaces to `width` columns; `brush` may add colour to it, which takes no column. */
export function padded(
  text: string,
  width: number,
  align: 'left' | 'right',
  brush: (text: string) => string = (plain) => plain,
): string {
  const space = ' '.repeat(Math.max(0, width - columnsOf(text)))
  return align === 'right' ? space + brush(text) : brush(text) + space
}

/** Lines of at most `width` columns, broken between words where that is possible, else between characters. */
export function wrapped(text: string, width: number): readonly string[] {
  if (columnsOf(text) <= width) return [text]
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

/** A word in pieces of at most `width` columns, as long as no single code point is wider. */
function broken(word: string, width: number): readonly string[] {
  const pieces: string[] = []
  let piece = ''
  for (const character of charactersOf(word, width)) {
    if (piece !== '' && columnsOf(piece + character) > width) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...pieces, piece]
}

/** What belongs together, as people see it; apart only where together it is wider than the line. */
function charactersOf(word: string, width: number): readonly string[] {
  const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'})
  return [...graphemes.segment(word)].flatMap(({segment}) => (columnsOf(segment) > width ? [...segment] : [segment]))
}
