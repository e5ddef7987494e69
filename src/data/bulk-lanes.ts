/**
 * Posts a long stream of operations on several connections at once. A client always takes the same lane, so its lines
 * stay in order and no lane waits for another's locks; each chunk is short enough that a desk hardly waits for it.
 */

import {setImmediate} from 'node:timers/promises'
import type {Settings} from '../core/client.ts'
import {postPrepared} from './bulk.ts'
import {blockOf, Sweep} from './bulk-sweep.ts'
import {LinePacking} from './import-packing.ts'
import type {OnSettled, Poster} from './import-posters.ts'
import type {Lines, WaitingLine} from './import-waiting.ts'
import type {Ledger} from './ledger.ts'

/** How long one transaction should take, so that whoever waits for one of its clients waits about as long at most. */
const CHUNK_TARGET_MS = 120
const CHUNK_MIN = 250
const CHUNK_MAX = 4_000
const CHUNK_FIRST = 1_000
/** So many bytes of a lane's lines are kept in memory: the more, the closer together are those that are posted at once. */
const LANE_MAX_BYTES = 32 * 1024 * 1024
/** A lane posts its first chunk when it has so many lines, and for each line that it posts waits for so many more. */
const LANE_FIRST = 24_000
const LANE_GROWTH = 1
/** With so many refused lines in memory no more lines are read. */
const REFUSED_MAX = 20_000

export interface LanesOptions {
  readonly count: number
  readonly settings: Settings
  readonly lines: Lines
  /** The import that the entries belong to. */
  readonly batch: bigint | null
  readonly onSettled: OnSettled
}

interface Lane {
  readonly waiting: Sweep<WaitingLine>
  /** The first place of the chunk on its way. */
  postingFrom: number
  /** How many lines the next chunk has. */
  size: number
  /** Fewer lines than this wait for more, unless they take all the memory there is. */
  enough: number
  /** The chunk on its way; null while the lane waits for lines. */
  running: Promise<void> | null
}

export class Lanes implements Poster {
  private readonly lanes: readonly Lane[]
  private readonly ledger: Ledger
  private readonly options: LanesOptions
  private failure: {readonly error: unknown} | null = null
  private finishing = false

  constructor(ledger: Ledger, options: LanesOptions) {
    this.ledger = ledger
    this.options = options
    this.lanes = Array.from({length: options.count}, () => ({
      waiting: new Sweep(new LinePacking(options.lines)),
      postingFrom: Number.POSITIVE_INFINITY,
      size: CHUNK_FIRST,
      enough: LANE_FIRST,
      running: null,
    }))
  }

  add(lines: readonly WaitingLine[]): void {
    for (const line of lines) {
      const lane = this.lanes[blockOf(line) % this.lanes.length]
      if (lane === undefined) throw new Error('There is no lane')
      lane.waiting.add(line)
    }
  }

  async ready(): Promise<boolean> {
    // Lines that are read from memory would leave no moment for the answers of the server.
    await setImmediate()
    for (const lane of this.lanes) if (this.hasEnough(lane)) this.goOn(lane)
    const full = this.lanes.filter((lane) => this.isFull(lane))
    for (const lane of full) this.goOn(lane)
    if (full.length > 0) await Promise.race(full.map(({running}) => running))
    this.rethrow()
    return full.length === 0
  }

  async finish(): Promise<void> {
    this.finishing = true
    for (const lane of this.lanes) this.goOn(lane)
    while (this.lanes.some(({running}) => running !== null)) {
      await Promise.all(this.lanes.map(({running}) => running))
    }
    this.rethrow()
  }

  settledBefore(): number {
    return Math.min(...this.lanes.map(({waiting, postingFrom}) => Math.min(postingFrom, waiting.oldest())))
  }

  private hasEnough(lane: Lane): boolean {
    return lane.waiting.size >= lane.enough || this.isFull(lane)
  }

  /** Refused lines are told in the order of the file, so they wait for those before them. */
  private isFull({waiting}: Lane): boolean {
    const {tally} = this.options.lines
    return waiting.bytes >= LANE_MAX_BYTES || (waiting.size > 0 && tally.untold > REFUSED_MAX)
  }

  private rethrow(): void {
    if (this.failure !== null) throw this.failure.error
  }

  /** Posts the next chunk unless one is on its way, and the one after it for as long as enough lines wait. */
  private goOn(lane: Lane): void {
    if (this.failure !== null || lane.running !== null || lane.waiting.size === 0) return
    const lines = lane.waiting.take(lane.size)
    lane.enough += lines.length * LANE_GROWTH
    lane.postingFrom = lines.reduce((first, {place}) => Math.min(first, place), Number.POSITIVE_INFINITY)
    lane.running = this.post(lane, lines)
      .catch((error: unknown) => {
        this.failure ??= {error}
      })
      .then(() => {
        lane.running = null
        lane.postingFrom = Number.POSITIVE_INFINITY
        if (this.finishing || this.hasEnough(lane)) this.goOn(lane)
      })
  }

  private async post(lane: Lane, lines: readonly WaitingLine[]): Promise<void> {
    const {settings, batch, onSettled} = this.options
    const started = performance.now()
    const prepared = {settings, items: lines}
    const {settled} = await postPrepared(this.ledger, prepared, {batch, atomic: false, inFull: false})
    const tookMs = performance.now() - started
    const factor = Math.min(1.5, Math.max(0.5, CHUNK_TARGET_MS / tookMs))
    if (lines.length === lane.size || factor < 1) {
      lane.size = Math.round(Math.min(CHUNK_MAX, Math.max(CHUNK_MIN, lane.size * factor)))
    }
    onSettled(lines, settled)
  }
}
