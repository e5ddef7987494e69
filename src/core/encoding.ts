/** Which encoding the bytes of a file are in: by its mark, by being valid UTF-8, or by how its letters fall. */

import {isUtf8} from 'node:buffer'

export const ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1251',
  'windows-1252',
  'windows-1254',
  'ibm866',
  'koi8-r',
] as const
export type Encoding = (typeof ENCODINGS)[number]

/** Bytes that UTF-16 text of our alphabets is full of, and other text has none of. */
const NUL = 0

/** The encoding that a byte order mark names; null without one (Unicode 16, 23.8). */
export function markedEncoding(bytes: Uint8Array): Encoding | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return null
}

/** Judges a sample from the beginning of a file, which may end inside a character. */
export function detectEncoding(sample: Uint8Array): Encoding {
  const marked = markedEncoding(sample)
  if (marked !== null) return marked
  const wide = wideEncoding(sample)
  if (wide !== null) return wide
  if (isMostlyUtf8(sample)) return 'utf-8'
  if (isDosCyrillic(sample)) return 'ibm866'
  if (isKoi8(sample)) return 'koi8-r'
  return singleByteEncoding(sample)
}

/** UTF-16 without a mark: line breaks, digits and separators leave every other byte zero. */
function wideEncoding(sample: Uint8Array): Encoding | null {
  const zeros = [0, 0]
  const looked = Math.min(sample.length, 4096)
  for (let at = 0; at < looked; at++) if (sample[at] === NUL) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  if (Math.max(even, odd) < looked / 10 || looked < 4) return null
  if (odd > even * 10) return 'utf-16le'
  return even > odd * 10 ? 'utf-16be' : null
}

/** Valid, but for a torn end and some broken characters, as of a line in another encoding. */
function isMostlyUtf8(sample: Uint8Array): boolean {
  if (isUtf8(sample)) return true
  let valid = 0
  let broken = 0
  for (let at = 0; at < sample.length; ) {
    const byte = sample[at] ?? 0
    if (byte < 0x80) {
      at++
      continue
    }
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0
    const whole = length > 0 && isUtf8(sample.subarray(at, at + length))
    if (whole) valid++
    else if (at + 4 < sample.length) broken++
    at += whole ? length : 1
  }
  // In no other encoding do letters come to look like this, and a line that is none is refused.
  return valid > broken
}

/**
 * Code page 866, in which banks' programs of the nineties still write: its commonest letters are where Windows has marks
 * that never stand side by side, and it has none where Windows has its Cyrillic capitals or Latin letters.
 */
function isDosCyrillic(sample: Uint8Array): boolean {
  let high = 0
  let common = 0
  let besideLatin = 0
  for (let at = 0; at < sample.length; at++) {
    const byte = sample[at] ?? 0
    if (byte < 0x80) continue
    if (byte >= 0xc0 && byte <= 0xdf) return false
    high++
    if (byte >= 0xa0 && byte <= 0xaf && (sample[at + 1] ?? 0) >= 0x80) common++
    if (isLatin(sample[at - 1]) || isLatin(sample[at + 1])) besideLatin++
  }
  // Quotation marks stand beside a letter as well, but rarely.
  return common > 1 && common / high > 0.3 && besideLatin / high < 0.1
}

/** KOI8-R has its capitals where Windows has its small letters, and the other way round: nobody writes иВАНОВ. */
function isKoi8(sample: Uint8Array): boolean {
  const text = Buffer.from(sample).toString('latin1')
  const words = (pattern: RegExp) => text.match(pattern)?.length ?? 0
  const koi8 = words(/[\xe0-\xff][\xc0-\xdf]{2,}/g)
  return koi8 > 1 && koi8 > 4 * words(/[\xc0-\xdf][\xe0-\xff]{2,}/g)
}

/** In Cyrillic words every letter is a high byte; in Latin ones only those with marks are. */
function singleByteEncoding(sample: Uint8Array): Encoding {
  let high = 0
  let inRuns = 0
  let besideLatin = 0
  let turkish = 0
  for (let at = 0; at < sample.length; at++) {
    const byte = sample[at] ?? 0
    if (byte < 0xc0 && byte !== 0xa8 && byte !== 0xb8) continue
    high++
    if ((sample[at - 1] ?? 0) >= 0xc0 || (sample[at + 1] ?? 0) >= 0xc0) inRuns++
    if (isLatin(sample[at - 1]) || isLatin(sample[at + 1])) besideLatin++
    // Ğ İ Ş ğ ı ş in 1254; Icelandic letters in 1252.
    if (byte === 0xd0 || byte === 0xdd || byte === 0xde || byte === 0xf0 || byte === 0xfd || byte === 0xfe) turkish++
  }
  // Müşteri has its marked letters side by side as well, but between plain ones.
  if (high > 0 && inRuns / high > 0.7 && besideLatin / high < 0.3) return 'windows-1251'
  return turkish > 0 ? 'windows-1254' : 'windows-1252'
}

function isLatin(byte = 0): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
}
