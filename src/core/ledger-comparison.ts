/** Tells whether two exports hold the same ledger, whatever order their lines have. */

import {hash} from 'node:crypto'

const NEWLINE = 10

/** Takes lines as they are written, whole ones at a time. */
export class LedgerSum {
  #lines = 0
  #sum = 0n
  #settings = ''

  add(bytes: Uint8Array): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let start = 0; start < buffer.length; ) {
      const end = buffer.indexOf(NEWLINE, start)
      this.#line(buffer.subarray(start, end))
      start = end + 1
    }
  }

  /** Equal for equal ledgers. */
  get text(): string {
    return `${this.#settings} ${this.#lines} ${BigInt.asUintN(128, this.#sum).toString(16)}`
  }

  #line(line: Buffer): void {
    // Of the first line only what it says of the ledger: not when and by whom it was written. The last one sums up.
    if (line.subarray(0, 8).toString() === '{"fleks"') {
      this.#settings = JSON.stringify(JSON.parse(line.toString()).settings)
    } else if (line.subarray(0, 6).toString() !== '{"end"') {
      this.#lines++
      this.#sum += hash('sha256', line, 'buffer').readBigUInt64LE(0)
    }
  }
}
