/**
 * Texts by text, outside of V8's heap: with half a million of them in a `Map`, collecting garbage and looking them up
 * took a third of an import's time. A hash table with open addressing; nothing is taken out but all at once.
 */

import {isPacked, packedMax, packText, unpackText} from './packed-text.ts'

/** A record, of whole words: its lengths in bytes (negative where the text is wide), the key, the text. */
const WORD = 4
const KEY_LENGTH_AT = 0
const TEXT_LENGTH_AT = 1
const HEADER_WORDS = 2
const SLAB_WORDS = 256 * 1024
const SLOTS_MIN = 1024
const EMPTY = -1

interface Slab {
  readonly bytes: Buffer
  readonly words: Int32Array
}

export class TextTable {
  /** For each slot where its record begins, in words, and the hash of its key. */
  private places = new Int32Array(SLOTS_MIN).fill(EMPTY)
  private hashes = new Int32Array(SLOTS_MIN)
  /** Of SLAB_WORDS each, but for one that holds nothing but a longer record. */
  private slabs: Slab[] = []
  private end = SLAB_WORDS
  private count = 0

  get size(): number {
    return this.count
  }

  /** What it takes, in bytes. */
  get bytes(): number {
    return this.slabs.reduce((sum, {bytes}) => sum + bytes.length, this.places.byteLength + this.hashes.byteLength)
  }

  get(key: string): string | undefined {
    const place = this.places[this.slotOf(key, hashOf(key))] ?? EMPTY
    if (place === EMPTY) return undefined
    const {bytes, words} = this.slabOf(place)
    const at = place % SLAB_WORDS
    const keyLength = words[at + KEY_LENGTH_AT] ?? 0
    const length = words[at + TEXT_LENGTH_AT] ?? 0
    const start = (at + HEADER_WORDS) * WORD + Math.abs(keyLength)
    return unpackText(bytes, start, start + Math.abs(length), length < 0)
  }

  /** The last one counts; one that was there before still takes its room. */
  set(key: string, text: string): void {
    const hash = hashOf(key)
    const slot = this.slotOf(key, hash)
    if (this.places[slot] === EMPTY) this.count++
    this.places[slot] = this.write(key, text)
    this.hashes[slot] = hash
    if (this.count * 2 > this.places.length) this.grow()
  }

  clear(): void {
    this.places = new Int32Array(SLOTS_MIN).fill(EMPTY)
    this.hashes = new Int32Array(SLOTS_MIN)
    this.slabs = []
    this.end = SLAB_WORDS
    this.count = 0
  }

  /** Where the key is, or would be. */
  private slotOf(key: string, hash: number): number {
    const mask = this.places.length - 1
    let slot = hash & mask
    for (;;) {
      const place = this.places[slot] ?? EMPTY
      if (place === EMPTY || (this.hashes[slot] === hash && this.isAt(place, key))) return slot
      slot = (slot + 1) & mask
    }
  }

  private isAt(place: number, key: string): boolean {
    const {bytes, words} = this.slabOf(place)
    const at = place % SLAB_WORDS
    const length = words[at + KEY_LENGTH_AT] ?? 0
    const wide = length < 0
    const isLong = Math.abs(length) === key.length * (wide ? 2 : 1)
    return isLong && isPacked(key, bytes, (at + HEADER_WORDS) * WORD, wide)
  }

  private slabOf(place: number): Slab {
    const slab = this.slabs[Math.floor(place / SLAB_WORDS)]
    if (slab === undefined) throw new Error('There is no such record')
    return slab
  }

  private write(key: string, text: string): number {
    const most = HEADER_WORDS + Math.ceil((packedMax(key) + packedMax(text)) / WORD)
    if (this.end + most > SLAB_WORDS) {
      const memory = new ArrayBuffer(Math.max(SLAB_WORDS, most) * WORD)
      this.slabs.push({bytes: Buffer.from(memory), words: new Int32Array(memory)})
      this.end = 0
    }
    const place = (this.slabs.length - 1) * SLAB_WORDS + this.end
    const {bytes, words} = this.slabOf(place)
    const at = this.end
    const keyStart = (at + HEADER_WORDS) * WORD
    const wideKey = packText(key, bytes, keyStart)
    const keyBytes = wideKey ? key.length * 2 : key.length
    const wide = packText(text, bytes, keyStart + keyBytes)
    const textBytes = wide ? text.length * 2 : text.length
    words[at + KEY_LENGTH_AT] = wideKey ? -keyBytes : keyBytes
    words[at + TEXT_LENGTH_AT] = wide ? -textBytes : textBytes
    this.end = at + HEADER_WORDS + Math.ceil((keyBytes + textBytes) / WORD)
    return place
  }

  private grow(): void {
    const {places, hashes} = this
    this.places = new Int32Array(places.length * 2).fill(EMPTY)
    this.hashes = new Int32Array(places.length * 2)
    const mask = this.places.length - 1
    places.forEach((place, old) => {
      if (place === EMPTY) return
      const hash = hashes[old] ?? 0
      let slot = hash & mask
      while (this.places[slot] !== EMPTY) slot = (slot + 1) & mask
      this.places[slot] = place
      this.hashes[slot] = hash
    })
  }
}

/** FNV-1a of its UTF-16 units, with the bits that decide on the slot mixed once more. */
function hashOf(text: string): number {
  const {length} = text
  let hash = 0x811c9dc5
  for (let at = 0; at < length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash ^ (hash >>> 15)
}
