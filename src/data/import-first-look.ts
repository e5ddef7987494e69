/**
 * Posts the lines of a file that was here before. Those whose entries are there already are found without any lock, in
 * the order of the file; the others go on to be posted.
 */

import type {Refusal} from '../core/refusal.ts'
import {knownAlready} from './bulk.ts'
import type {Settled} from './bulk-settled.ts'
import {type Poster, type PosterOptions, recallRefusals} from './import-posters.ts'
import type {WaitingLine} from './import-waiting.ts'
import type {Ledger} from './ledger.ts'

/** So many lines are looked for in one statement. */
const LOOK_LINES = 2_000
/** So many statements are on their way while the next lines are read. */
const LOOKS_MAX = 3

/** A look on its way; `done` when its lines are settled or handed on, after those of all looks before. */
interface Look {
  readonly from: number
  readonly done: Promise<void>
}

export class FirstLook implements Poster {
  private readonly ledger: Ledger
  private readonly next: Poster
  private readonly options: PosterOptions
  private waiting: WaitingLine[] = []
  private looks: readonly Look[] = []
  /** Once nothing is known, the earlier import was broken off there. */
  private anyKnown = true
  private failure: {readonly error: unknown} | null = null

  constructor(ledger: Ledger, next: Poster, options: PosterOptions) {
    this.ledger = ledger
    this.next = next
    this.options = options
  }

  add(lines: readonly WaitingLine[]): void {
    for (const line of lines) this.waiting.push(line)
  }

  async ready(): Promise<boolean> {
    if (this.waiting.length >= LOOK_LINES) {
      if (this.looks.length === LOOKS_MAX) await this.looks[0]?.done
      this.look()
    }
    this.rethrow()
    return this.next.ready()
  }

  async finish(): Promise<void> {
    if (this.waiting.length > 0) this.look()
    await this.looks.at(-1)?.done
    this.rethrow()
    await this.next.finish()
  }

  settledBefore(): number {
    return Math.min(firstPlace(this.waiting), ...this.looks.map(({from}) => from), this.next.settledBefore())
  }

  private rethrow(): void {
    if (this.failure !== null) throw this.failure.error
  }

  private look(): void {
    const lines = this.waiting
    this.waiting = []
    const {settings} = this.options
    const found = this.anyKnown ? knownAlready(this.ledger.pool, {settings, items: lines}) : NOTHING
    const before = this.looks.at(-1)?.done
    const done = Promise.all([found, before])
      .then(([known]) => (this.failure === null ? this.settle(lines, known) : undefined))
      .catch((error: unknown) => {
        this.failure ??= {error}
      })
      .then(() => {
        this.looks = this.looks.slice(1)
      })
    this.looks = [...this.looks, {from: firstPlace(lines), done}]
  }

  private async settle(lines: readonly WaitingLine[], known: readonly (Settled | Refusal | null)[]): Promise<void> {
    const {decidedBefore, onSettled} = this.options
    const found: WaitingLine[] = []
    const outcomes: (Settled | Refusal)[] = []
    const rest: WaitingLine[] = []
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
    if (decidedBefore && rest.length > 0) await recallRefusals(this.ledger.pool, rest)
    this.next.add(rest)
    onSettled(found, outcomes)
  }
}

const NOTHING: Promise<readonly null[]> = Promise.resolve([])

function firstPlace(lines: readonly WaitingLine[]): number {
  return lines.reduce((first, {place}) => Math.min(first, place), Number.POSITIVE_INFINITY)
}
