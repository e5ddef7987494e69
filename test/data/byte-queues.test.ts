import {randomBytes} from 'node:crypto'
import {expect} from 'chai'
import fc from 'fast-check'
import {ByteQueue, ByteQueues, Scratch} from '../../src/data/byte-queues.ts'

const QUEUES = 5

/** Adds to a queue a record of so many bytes, or takes one from it. */
const steps = fc.array(
  fc.record({
    queue: fc.nat({max: QUEUES - 1}),
    length: fc.option(fc.oneof(fc.integer({min: 4, max: 40}), fc.integer({min: 4, max: 3_000})), {freq: 3}),
  }),
  {maxLength: 200},
)

describe('queues of bytes', () => {
  it('give each record back as it was, in the order of its queue, and count what waits', () =>
    fc.assert(
      fc.property(steps, (course) => {
        const queues = new ByteQueues()
        const own = Array.from({length: QUEUES}, () => ({queue: new ByteQueue(), expected: [] as Buffer[]}))
        const take = ({queue, expected}: (typeof own)[number]) => {
          const record = expected.shift()
          if (record === undefined) return
          const scratch = new Scratch()
          expect(queues.take(queue, scratch)).to.equal(record.length)
          expect(scratch.bytes.subarray(4, record.length).equals(record.subarray(4))).to.equal(true)
        }
        for (const {queue: at, length} of course) {
          const one = own[at]
          if (one === undefined) continue
          if (length === null) {
            take(one)
            continue
          }
          const record = randomBytes(length)
          const scratch = new Scratch()
          scratch.reserve(length)
          record.copy(scratch.bytes)
          queues.add(one.queue, scratch, length)
          one.expected.push(record)
        }
        const waiting = own.reduce((sum, {expected}) => expected.reduce((all, {length}) => all + length, sum), 0)
        expect(queues.bytes).to.be.within(waiting, waiting + QUEUES * 512)
        for (const one of own) while (one.expected.length > 0) take(one)
        expect(queues.bytes).to.equal(0)
      }),
    ))

  it('need no more memory for a hundred megabytes than for what waits at once', () => {
    const queues = new ByteQueues()
    const queue = new ByteQueue()
    const scratch = new Scratch()
    scratch.reserve(100_000)
    const before = process.memoryUsage().arrayBuffers
    for (let n = 0; n < 1_000; n++) {
      queues.add(queue, scratch, 100_000)
      queues.take(queue, scratch)
    }

    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(10_000_000)
  })

  it('keep what is in the scratch when it grows', () => {
    const scratch = new Scratch()
    scratch.words[5] = 42
    scratch.reserve(1_000_000)

    expect(scratch.words[5]).to.equal(42)
    expect(scratch.bytes.length).to.be.at.least(1_000_000)
    expect(scratch.bytes.readUInt32LE(20)).to.equal(42)
  })

  it('hold more than one piece of memory', () => {
    const queues = new ByteQueues()
    const queue = new ByteQueue()
    const scratch = new Scratch()
    const count = 30_000
    for (let n = 0; n < count; n++) {
      scratch.words[1] = n
      queues.add(queue, scratch, 100)
    }

    for (let n = 0; n < count; n++) {
      queues.take(queue, scratch)
      if (scratch.words[1] !== n) expect(scratch.words[1]).to.equal(n)
    }
    expect(queues.bytes).to.equal(0)
  })
})
