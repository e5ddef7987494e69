/**
 * Posts a long stream of operations on several connections at once. A client always takes the same lane, so its lines
 * stay in order and no lane waits for another's locks; each chunk is short enough that a desk hardly waits for it.
 */

import type {Settings} from '../core/client.ts'
import type {Refusal} from '../core/refusal.ts'
import {postPrepared} from './bulk.ts'
import type {Settled} from './bulk-decide.ts'
import type {Ready} from './bulk-requests.ts'
import type {Ledger} from './ledger.ts'

/** How long one transaction should take, so that whoever waits for one of its clients waits about as long at most. */
const CHUNK_TARGET_MS = 120
const CHUNK_MIN = 250
const CHUNK_MAX = 4_000
const CHUNK_FIRST = 1_000
/** A rare lane is not left behind by more than this many lines: what is refused is told in the file's order. */
const BEHIND_MAX = 20_000

/** An operation with the place, among all, of the line it came from. */
export interface Line {
  readonly ready: Ready
  readonly place: number
}

/** Takes operations in the order of their lines and posts them when it will. */
export interface Poster<L extends Line> {
  readonly add: (line: L) => void
  /** Resolves when more may come; `place` is how far the lines are read. Throws what stopped a chunk. */
  readonly ready: (place: number) => Promise<void>
  /** Posts all that is left. */
  readonly finish: () => Promise<void>
  /** Every line before this place is settled; Infinity when all are. */
  readonly settledBefore: () => number
}

/** Told of the lines of a chunk, in order, each with its outcome. */
export type OnSettled<L extends Line> = (lines: readonly L[], settled: readonly (Settled | Refusal)[]) => void

export interface LanesOptions<L extends Line> {
  readonly count: number
  readonly settings: Settings
  /** The import that the entries belong to. */
  readonly batch: bigint | null
  readonly onSettled: OnSettled<L>
}

interface Lane<L> {
  readonly waiting: L[]
  /** The chunk on its way. */
  posting: readonly L[]
  size: number
  running: Promise<void> | null
}

export class Lanes<L extends Line> implements Poster<L> {
  private readonly lanes: readonly Lane<L>[]
  private readonly ledger: Ledger
  private readonly options: LanesOptions<L>
  private failure: {readonly error: unknown} | null = null

  constructor(ledger: Ledger, options: LanesOptions<L>) {
    this.ledger = ledger
    this.options = options
    this.lanes = Array.from({length: options.count}, () => ({
      waiting: [],
      posting: [],
      size: CHUNK_FIRST,
      running: null,
    }))
  }

  add(line: L): void {
    this.laneOf(line).waiting.push(line)
  }

  async ready(place: number): Promise<void> {
    for (const lane of this.lanes) {
      const [first] = lane.waiting
      const due = lane.waiting.length >= lane.size || (first !== undefined && place - first.place > BEHIND_MAX)
      if (!due) continue
      // One chunk runs while the next one fills up, and no more are kept in memory.
      if (lane.running !== null) await lane.running
      this.start(lane)
    }
    this.rethrow()
  }

  async finish(): Promise<void> {
    while (this.lanes.some(({waiting, running}) => waiting.length > 0 || running !== null)) {
      for (const lane of this.lanes) if (lane.running === null && lane.waiting.length > 0) this.start(lane)
      await Promise.race(this.lanes.flatMap(({running}) => (running === null ? [] : [running])))
      this.rethrow()
    }
  }

  settledBefore(): number {
    return Math.min(
      ...this.lanes.flatMap(({waiting, posting}) => [waiting[0], posting[0]].map((line) => line?.place ?? Infinity)),
    )
  }

  private laneOf({ready}: L): Lane<L> {
    const lane = this.lanes[Number(ready.client.id % BigInt(this.lanes.length))]
    if (lane === undefined) throw new Error('There is no lane')
    return lane
  }

  private rethrow(): void {
    if (this.failure !== null) throw this.failure.error
  }

  private start(lane: Lane<L>): void {
    if (this.failure !== null) return
    const lines = lane.waiting.splice(0, lane.size)
    lane.posting = lines
    lane.running = this.post(lane, lines)
      .catch((error: unknown) => {
        this.failure ??= {error}
      })
      .finally(() => {
        lane.running = null
        lane.posting = []
      })
  }

  private async post(lane: Lane<L>, lines: readonly L[]): Promise<void> {
    const {settings, batch, onSettled} = this.options
    const started = performance.now()
    const prepared = {settings, items: lines.map(({ready}) => ready)}
    const {settled} = await postPrepared(this.ledger, prepared, {batch, atomic: false, inFull: false})
    const tookMs = performance.now() - started
    const factor = Math.min(1.5, Math.max(0.5, CHUNK_TARGET_MS / tookMs))
    if (lines.length === lane.size || factor < 1) {
      lane.size = Math.round(Math.min(CHUNK_MAX, Math.max(CHUNK_MIN, lane.size * factor)))
    }
    onSettled(lines, settled)
  }
}
