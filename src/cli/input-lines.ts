/** Lines of stdin as they come, for whoever takes all that wait at once. */

import type {Readable} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'

/** A line, or null for one that is too long to be read. */
export type InputLine = string | null

/** More lines than this wait in the pipe and not in memory. */
const WAITING_MAX = 20_000

export class InputLines {
  #waiting: InputLine[] = []
  #rest = ''
  #skipping = false
  #ended = false
  #wake: (() => void) | null = null
  readonly #source: Readable
  readonly #lengthMax: number

  constructor(source: Readable, lengthMax: number) {
    this.#source = source
    this.#lengthMax = lengthMax
    const decoder = new StringDecoder('utf8')
    source.on('data', (bytes: Buffer) => this.#take(decoder.write(bytes)))
    const end = () => {
      if (this.#ended) return
      this.#take(decoder.end())
      if (this.#rest !== '' || this.#skipping) this.#push()
      this.stop()
    }
    source.on('end', end)
    source.on('error', end)
  }

  get anyWait(): boolean {
    return this.#waiting.length > 0
  }

  /** All that wait, `most` at most; empty only at the end. */
  async next(most: number): Promise<readonly InputLine[]> {
    while (this.#waiting.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const taken = this.#waiting.splice(0, most)
    if (this.#waiting.length < WAITING_MAX) this.#source.resume()
    return taken
  }

  /** Takes no more lines in. */
  stop(): void {
    this.#ended = true
    this.#source.pause()
    this.#wake?.()
  }

  #take(text: string): void {
    const lines = text.split('\n')
    for (let at = 0; at < lines.length; at++) {
      if (!this.#skipping) this.#rest += lines[at]
      if (this.#rest.length > this.#lengthMax) {
        this.#skipping = true
        this.#rest = ''
      }
      if (at < lines.length - 1) this.#push()
    }
    if (this.#waiting.length >= WAITING_MAX) this.#source.pause()
    if (this.#waiting.length > 0) this.#wake?.()
  }

  #push(): void {
    // Empty lines are nothing; a last line needs no end.
    const line = this.#rest.trim()
    if (this.#skipping) this.#waiting.push(null)
    else if (line !== '') this.#waiting.push(line)
    this.#rest = ''
    this.#skipping = false
  }
}
