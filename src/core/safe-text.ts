/** Makes text from the data harmless on a terminal: it shows, and never controls. */

/** Control characters, marks that reorder text, invisible characters, and codes that are no characters. */
const UNSAFE =
  /[\p{Cc}\p{Surrogate}\p{Noncharacter_Code_Point}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/gu

/** More marks than this on one letter are a smear over the lines around it. */
const MARKS_MAX = 8
const SMEAR = new RegExp(`(\\p{M}{${MARKS_MAX}})\\p{M}+`, 'gu')

/** Each unsafe character becomes a visible escape such as `\x1b` or `\u{202e}`. */
export function safeText(text: string): string {
  return text.replace(UNSAFE, escaped).replace(SMEAR, '$1')
}

/** JSON in which nothing controls a terminal either: JSON.stringify escapes the first 32 control characters alone. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}
