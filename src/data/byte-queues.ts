/**
 * Many queues of records in one piece of memory outside of V8's heap, which may grow long and are soon read: each is a
 * chain of cells, and a cell that was read is used again.
 */

const CELL_BYTES = 256
const SLAB_CELLS = 4_096
const NONE = -1
const LENGTH_BYTES = 4

/** One of them, empty at first. */
export class ByteQueue {
  /** The cells that are read and written next, and how far. */
  first = NONE
  firstAt = 0
  last = NONE
  lastAt = CELL_BYTES
}

/** Where a record is put together, or taken apart: its length and numbers, then what it says. */
export class Scratch {
  bytes = Buffer.alloc(0)
  words = new Uint32Array()
  doubles = new Float64Array()
  bigints = new BigInt64Array()

  constructor() {
    this.reserve(1_024)
  }

  /** Keeps what is there. */
  reserve(length: number): void {
    if (length <= this.bytes.length) return
    const memory = new ArrayBuffer(Math.ceil(length / 512) * 1_024)
    const bytes = Buffer.from(memory)
    this.bytes.copy(bytes)
    this.bytes = bytes
    this.words = new Uint32Array(memory)
    this.doubles = new Float64Array(memory)
    this.bigints = new BigInt64Array(memory)
  }
}

export class ByteQueues {
  private readonly slabs: Buffer[] = []
  /** For each cell the next one of its queue, or of those that are free. */
  private next = new Int32Array(SLAB_CELLS)
  private free = NONE
  private used = 0

  /** What the records take, in bytes. */
  get bytes(): number {
    return this.used * CELL_BYTES
  }

  /** Adds the first `length` bytes of `scratch`; its first word is overwritten. */
  add(queue: ByteQueue, scratch: Scratch, length: number): void {
    scratch.words[0] = length
    for (let from = 0; from < length; ) {
      if (queue.lastAt === CELL_BYTES) this.lengthen(queue)
      const some = Math.min(length - from, CELL_BYTES - queue.lastAt)
      const {slab, at} = this.cell(queue.last)
      scratch.bytes.copy(slab, at + queue.lastAt, from, from + some)
      queue.lastAt += some
      from += some
    }
  }

  /** Takes the next record of a queue that has one; returns its length. */
  take(queue: ByteQueue, scratch: Scratch): number {
    this.read(queue, scratch, 0, LENGTH_BYTES)
    const length = scratch.words[0] ?? 0
    scratch.reserve(length)
    this.read(queue, scratch, LENGTH_BYTES, length)
    return length
  }

  private read(queue: ByteQueue, scratch: Scratch, start: number, end: number): void {
    for (let to = start; to < end; ) {
      const some = Math.min(end - to, CELL_BYTES - queue.firstAt)
      const {slab, at} = this.cell(queue.first)
      slab.copy(scratch.bytes, to, at + queue.firstAt, at + queue.firstAt + some)
      queue.firstAt += some
      to += some
      if (queue.firstAt === (queue.first === queue.last ? queue.lastAt : CELL_BYTES)) this.shorten(queue)
    }
  }

  private lengthen(queue: ByteQueue): void {
    if (this.free === NONE) this.allocate()
    const cell = this.free
    this.free = this.next[cell] ?? NONE
    this.next[cell] = NONE
    this.used++
    if (queue.last === NONE) {
      queue.first = cell
      queue.firstAt = 0
    } else {
      this.next[queue.last] = cell
    }
    queue.last = cell
    queue.lastAt = 0
  }

  private shorten(queue: ByteQueue): void {
    const cell = queue.first
    queue.first = this.next[cell] ?? NONE
    queue.firstAt = 0
    if (queue.first === NONE) {
      queue.last = NONE
      queue.lastAt = CELL_BYTES
    }
    this.next[cell] = this.free
    this.free = cell
    this.used--
  }

  private allocate(): void {
    const from = this.slabs.length * SLAB_CELLS
    this.slabs.push(Buffer.allocUnsafeSlow(SLAB_CELLS * CELL_BYTES))
    if (from + SLAB_CELLS > this.next.length) {
      const next = new Int32Array(this.next.length * 2)
      next.set(this.next)
      this.next = next
    }
    for (let cell = from + SLAB_CELLS - 1; cell >= from; cell--) {
      this.next[cell] = this.free
      this.free = cell
    }
  }

  private cell(cell: number): {readonly slab: Buffer; readonly at: number} {
    const slab = this.slabs[Math.floor(cell / SLAB_CELLS)]
    if (slab === undefined) throw new Error('There is no such cell')
    return {slab, at: (cell % SLAB_CELLS) * CELL_BYTES}
  }
}
