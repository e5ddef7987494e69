/** Keys that stand twice in one JSON object: what a parser makes of it is one of the two, and the other is lost. */

const QUOTE = 34
const BACKSLASH = 92
const OPENS = new Set([123, 91])
const CLOSES = new Set([125, 93])
const COLON = 58

/** The first key that the outermost object of valid JSON has twice; null where each stands once (RFC 8259, 4). */
export function repeatedKey(json: string): string | null {
  const keys = new Set<string>()
  let depth = 0
  let text: readonly [from: number, to: number] | null = null
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) {
      const end = textEnd(json, at)
      text = [at, end]
      at = end - 1
    } else if (code === COLON && depth === 1 && text !== null) {
      const key = String(JSON.parse(json.slice(...text)))
      if (keys.has(key)) return key
      keys.add(key)
    } else if (OPENS.has(code)) depth++
    else if (CLOSES.has(code)) depth--
  }
  return null
}

/** Where the text that begins at `from` has ended. */
function textEnd(json: string, from: number): number {
  let at = from + 1
  while (at < json.length && json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at + 1
}
