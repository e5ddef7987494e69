/**
 * Texts as bytes outside of V8's heap, which it neither looks through nor copies when it collects garbage: a byte for
 * each character where all are of Latin-1, two for each UTF-16 unit otherwise. UTF-8 would be read more slowly.
 */

const LATIN1_MAX = 0xff

/** As many bytes as it may take. */
export function packedMax(text: string): number {
  return text.length * 2
}

/** Writes it at `start`; whether it was wide, which whoever reads it has to know. */
export function packText(text: string, bytes: Buffer, start: number): boolean {
  const {length} = text
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code > LATIN1_MAX) {
      bytes.write(text, start, 'utf16le')
      return true
    }
    bytes[start + at] = code
  }
  return false
}

export function unpackText(bytes: Buffer, start: number, end: number, wide: boolean): string {
  return bytes.toString(wide ? 'utf16le' : 'latin1', start, end)
}

/** Whether the text stands there. */
export function isPacked(text: string, bytes: Buffer, start: number, wide: boolean): boolean {
  const {length} = text
  for (let at = 0; at < length; at++) {
    const byte = start + (wide ? at * 2 : at)
    const code = (bytes[byte] ?? 0) + (wide ? (bytes[byte + 1] ?? 0) * 256 : 0)
    if (text.charCodeAt(at) !== code) return false
  }
  return true
}
