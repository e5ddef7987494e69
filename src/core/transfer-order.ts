/**
 * Puts entries in an order in which they can be written: both sides of a transfer side by side, each account still in
 * its own order. They come account by account, and the database takes the two sides only together.
 */

export interface Linkable {
  readonly clientId: string
  readonly unit: string
  readonly seq: string
  readonly counterClientId: string | null
  readonly counterSeq: string | null
}

export class TransferOrder<T extends Linkable> {
  /** By account, what waits behind a transfer whose other side has not come yet; the transfer is the first of them. */
  readonly #waiting = new Map<string, T[]>()

  /** The entries that may be written now, given one more. What comes from one call is to be written together. */
  add(entry: T): readonly T[] {
    const ready: T[] = []
    // What an account that waited has behind its transfer comes before anything that is read later.
    const lists = [{entries: [entry] as readonly T[], at: 0}]
    for (let list = lists.at(-1); list !== undefined; list = lists.at(-1)) {
      const one = list.entries[list.at++]
      if (one === undefined) {
        lists.pop()
        continue
      }
      const account = accountKey(one.clientId, one.unit)
      const queue = this.#waiting.get(account)
      if (queue !== undefined) queue.push(one)
      else if (one.counterSeq === null || one.counterClientId === null) ready.push(one)
      else {
        const other = accountKey(one.counterClientId, one.unit)
        const behind = this.#waiting.get(other)
        const [first] = behind ?? []
        if (behind === undefined || first?.seq !== one.counterSeq) this.#waiting.set(account, [one])
        else {
          ready.push(first, one)
          this.#waiting.delete(other)
          lists.push({entries: behind, at: 1})
        }
      }
    }
    return ready
  }

  /** After the last entry: a transfer that never met its other side, or null. */
  get unmatched(): T | null {
    const [queue] = this.#waiting.values()
    return queue?.[0] ?? null
  }
}

function accountKey(clientId: string, unit: string): string {
  return `${clientId} ${unit}`
}
