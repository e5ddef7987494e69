/**
 * Runs a batch: takes the lines that wait, runs them together, and tells each outcome as soon as it is committed. While
 * the server works on some, the next ones are read and the last answers are written.
 */

import {setImmediate} from 'node:timers/promises'
import type {BatchAnswer} from '../core/batch.ts'
import {Refusal} from '../core/refusal.ts'
import {type BatchRequest, peopleAhead, runAtomicBatch, runBatch} from '../data/batch.ts'
import type {KnownPeople} from '../data/bulk-requests.ts'
import type {Ledger} from '../data/ledger.ts'
import {readSettings} from '../data/settings.ts'
import {batchRequest} from './batch-request.ts'
import {asRefusal, failureJson} from './failure.ts'
import {type InputLine, InputLines} from './input-lines.ts'

const LINE_LENGTH_MAX = 1_000_000
/** How long one transaction should take, so that whoever waits for one of its clients waits about as long at most. */
const CHUNK_TARGET_MS = 200
const CHUNK_FIRST = 1_000
const CHUNK_MIN = 100
const CHUNK_MAX = 5_000
/** Between so many lines the server is heard, so that it is not kept waiting by their reading and writing. */
const LINES_AT_ONCE = 200
/** To find the people of fewer lines in good time saves nothing. */
const PEOPLE_AHEAD_MIN = 200
/** After a pause the server may have been stopped. */
const IDLE_MS = 1_000
/** As much may wait for its reader in memory: a script that sends all its lines before it reads an answer must not hang. */
const UNREAD_BYTES_MAX = 64_000_000

type Outcome = BatchAnswer | Refusal
type Requests = readonly (BatchRequest | Refusal)[]

export class BatchLoop {
  refused = 0
  readonly #lines = new InputLines(process.stdin, LINE_LENGTH_MAX)
  readonly #json: (answer: BatchAnswer) => object
  #signal: NodeJS.Signals | null = null
  #lastRunAt = Number.NEGATIVE_INFINITY
  /** The last answers, until they are written. */
  #telling: Promise<void> = Promise.resolve()
  #size = CHUNK_FIRST
  /** What was read of the next chunk while another one ran. */
  #ready: (BatchRequest | Refusal)[] = []
  /** Those whom it names. */
  #people: KnownPeople | undefined

  constructor(json: (answer: BatchAnswer) => object) {
    this.#json = json
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      // What runs is finished and told; a second signal does not wait for it.
      process.removeAllListeners(signal)
      process.once(signal, () => {
        this.#signal = signal
        this.#lines.stop()
        process.once(signal, () => process.exit(exitCode(signal)))
      })
    }
  }

  /** Null, or the exit code of the signal that ended it. */
  get stoppedBy(): number | null {
    return this.#signal === null ? null : exitCode(this.#signal)
  }

  /** Until the input ends. May be called again with a ledger that answers: what was read is kept. */
  async run(ledger: Ledger): Promise<void> {
    await readSettings(ledger.pool)
    try {
      for (;;) {
        const requests = await this.#next(ledger)
        if (requests.length === 0 || this.#signal !== null) return
        await this.#runRequests(ledger, requests)
      }
    } finally {
      await this.#telling
    }
  }

  /** All of the input, or nothing. */
  async runAtomic(ledger: Ledger): Promise<void> {
    await readSettings(ledger.pool)
    const requests: (BatchRequest | Refusal)[] = []
    for (;;) {
      const lines = await this.#lines.next(CHUNK_MAX)
      if (this.#signal !== null) return
      if (lines.length === 0) break
      for (const line of lines) requests.push(requestOf(line, ledger))
    }
    await this.#tell(await runAtomicBatch(ledger, requests))
  }

  /** All that wait, as many as a chunk has at most; empty only at the end. */
  async #next(ledger: Ledger): Promise<Requests> {
    const requests = this.#ready
    this.#ready = []
    if (requests.length === 0 || (requests.length < this.#size && this.#lines.anyWait)) {
      for (const line of await this.#lines.next(this.#size - requests.length)) requests.push(requestOf(line, ledger))
    }
    return requests
  }

  /** Answers go first: they are late where their reader is kept waiting for lines of others. */
  async #readAhead(ledger: Ledger, running: Requests): Promise<void> {
    await this.#telling
    await setImmediate()
    while (this.#lines.anyWait && this.#ready.length < this.#size) {
      const lines = await this.#lines.next(Math.min(LINES_AT_ONCE, this.#size - this.#ready.length))
      for (const line of lines) this.#ready.push(requestOf(line, ledger))
      await setImmediate()
    }
    if (this.#ready.length >= PEOPLE_AHEAD_MIN) this.#people = await peopleAhead(ledger, running, this.#ready)
  }

  async #runRequests(ledger: Ledger, requests: Requests): Promise<void> {
    const started = performance.now()
    const isFull = requests.length >= this.#size
    let told = 0
    let reading: Promise<void> | null = null
    const known = this.#people
    this.#people = undefined
    try {
      if (started - this.#lastRunAt > IDLE_MS) await readSettings(ledger.pool)
      reading = this.#readAhead(ledger, requests)
      // Waited for below, however the lines before end.
      reading.catch(() => {})
      const tell = async (outcomes: readonly Outcome[]) => {
        told += outcomes.length
        await this.#tellSoon(outcomes)
      }
      await runBatch(ledger, requests, tell, {known})
    } catch (error) {
      // The lines that were not answered yet have their outcome in common; nothing after them is begun.
      const refusal = asRefusal(error, null)
      await this.#telling
      await this.#tell(requests.slice(told).map(() => refusal))
      throw refusal
    } finally {
      await reading
    }
    this.#lastRunAt = performance.now()
    const tookMs = this.#lastRunAt - started
    if (isFull) {
      const size = (requests.length * CHUNK_TARGET_MS) / tookMs
      this.#size = Math.round(Math.min(CHUNK_MAX, Math.max(CHUNK_MIN, size)))
    }
  }

  /**
   * As soon as nothing else is to be begun: where lines wait, the server has the next of them before these are written
   * out. One chunk at most is untold; where the reader is slow, the next one waits for it.
   */
  async #tellSoon(outcomes: readonly Outcome[]): Promise<void> {
    await this.#telling
    this.#telling = setImmediate().then(() => this.#tell(outcomes))
    // Told where it is waited for.
    this.#telling.catch(() => {})
  }

  async #tell(outcomes: readonly Outcome[]): Promise<void> {
    for (let at = 0; at < outcomes.length; at += LINES_AT_ONCE) {
      if (at > 0) await setImmediate()
      await this.#write(outcomes.slice(at, at + LINES_AT_ONCE))
    }
  }

  async #write(outcomes: readonly Outcome[]): Promise<void> {
    const text = outcomes.map((outcome) => {
      if (outcome instanceof Refusal) this.refused++
      return `${JSON.stringify(outcome instanceof Refusal ? failureJson(outcome) : this.#json(outcome))}\n`
    })
    const {stdout} = process
    if (stdout.write(text.join('')) || stdout.writableLength < UNREAD_BYTES_MAX) return
    await new Promise<void>((resolve) => {
      stdout.once('drain', resolve)
      stdout.once('close', resolve)
      stdout.once('error', () => resolve())
    })
  }
}

function requestOf(line: InputLine, ledger: Ledger): BatchRequest | Refusal {
  if (line !== null) return batchRequest(line, ledger.now())
  return new Refusal('INVALID_INPUT', `A line has more than ${LINE_LENGTH_MAX} characters`, {
    hint: 'One operation, one line',
  })
}

function exitCode(signal: NodeJS.Signals): number {
  return signal === 'SIGINT' ? 130 : 143
}
