/**
 * Posts the lines of a file that was here before. Those whose entries are there already are found without any lock, in
 * the order of the file; the others go on to be posted.
 */

import type {Refusal} from '../core/refusal.ts'
import {knownAlready} from './bulk.ts'
import type {Settled} from './bulk-settled.ts'
import {type Poster, type PosterOptions, recallRefusals} from './import-posters.ts'
import type {FreshLine} from './import-waiting.ts'
import type {Ledger} from './ledger.ts'

/** So many lines are looked for in one statement, while the next ones are read. */
const LOOK_LINES = 2_000

export class FirstLook implements Poster {
  private readonly ledger: Ledger
  private readonly next: Poster
  private readonly options: PosterOptions
  private waiting: FreshLine[] = []
  /** The first place of the lines that are being looked for. */
  private lookingFrom = Number.POSITIVE_INFINITY
  private looking: Promise<void> | null = null
  /** Once nothing is known, the earlier import was broken off there. */
  private anyKnown = true
  private failure: {readonly error: unknown} | null = null

  constructor(ledger: Ledger, next: Poster, options: PosterOptions) {
    this.ledger = ledger
    this.next = next
    this.options = options
  }

  add(lines: readonly FreshLine[]): void {
    for (const line of lines) this.waiting.push(line)
  }

  async ready(place: number): Promise<void> {
    if (this.waiting.length >= LOOK_LINES) await this.goOn()
    await this.next.ready(place)
  }

  async finish(): Promise<void> {
    await this.goOn()
    await this.lookedFor()
    await this.next.finish()
  }

  settledBefore(): number {
    return Math.min(firstPlace(this.waiting), this.lookingFrom, this.next.settledBefore())
  }

  /** Looks for the lines that wait, once those before them are found. */
  private async goOn(): Promise<void> {
    await this.lookedFor()
    const lines = this.waiting
    this.waiting = []
    this.lookingFrom = firstPlace(lines)
    this.looking = this.look(lines)
      .catch((error: unknown) => {
        this.failure ??= {error}
      })
      .then(() => {
        this.lookingFrom = Number.POSITIVE_INFINITY
      })
  }

  private async lookedFor(): Promise<void> {
    await this.looking
    if (this.failure !== null) throw this.failure.error
  }

  private async look(lines: readonly FreshLine[]): Promise<void> {
    const {settings, decidedBefore, onSettled} = this.options
    const {pool} = this.ledger
    const items = lines.map(({ready}) => ready)
    const known = this.anyKnown ? await knownAlready(pool, {settings, items}) : []
    const found: FreshLine[] = []
    const outcomes: (Settled | Refusal)[] = []
    const rest: FreshLine[] = []
    lines.forEach((line, at) => {
      const outcome = known[at] ?? null
      if (outcome === null) {
        rest.push(line)
      } else {
        found.push(line)
        outcomes.push(outcome)
      }
    })
    this.anyKnown = found.length > 0
    if (decidedBefore && rest.length > 0) await recallRefusals(pool, rest)
    this.next.add(rest)
    onSettled(found, outcomes)
  }
}

function firstPlace(lines: readonly FreshLine[]): number {
  return lines.reduce((first, {place}) => Math.min(first, place), Number.POSITIVE_INFINITY)
}
