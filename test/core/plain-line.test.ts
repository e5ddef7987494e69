import {expect} from 'chai'
import fc from 'fast-check'
import {chainRoot, entryHash, type Sealed} from '../../src/core/hash-chain.ts'
import {money} from '../../src/core/money.ts'
import {PlainLine} from '../../src/core/plain-line.ts'
import {copyLine, storedSeal} from '../support/copy-line.ts'

const UNITS = [
  {code: 'AZN', decimals: 2},
  {code: 'lesson', decimals: 0},
  {code: 'KWD', decimals: 3},
]

const sound = {
  clientId: fc.bigInt(1n, 999_999_999_999_999n),
  unit: fc.constantFrom(...UNITS),
  seq: fc.bigInt(1n, 999_999_999_999_999n),
  kind: fc.constantFrom('topup', 'payment', 'adjustment', 'opening'),
  direction: fc.constantFrom('IN', 'OUT'),
  amount: fc.bigInt(0n, 999_999_999_999_999n).map(money),
  balanceBefore: fc.bigInt(0n, 999_999_999_999_999n).map(money),
  balanceAfter: fc.bigInt(0n, 999_999_999_999_999n).map(money),
  staff: fc.option(fc.record({id: fc.bigInt(1n, 99_999n)})),
  method: fc.option(fc.constantFrom('cash', 'card')),
  note: fc.option(fc.constantFrom('deep massage', 'Əliyeva, ☕️', '')),
  reference: fc.string({unit: fc.constantFrom('a', 'Я', '-', '7', '🎟'), minLength: 1, maxLength: 200}),
  reversesSeq: fc.constant(null),
  counter: fc.constant(null),
  occurredAt: fc
    .date({min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true})
    .map((date) => date.toISOString()),
  operator: fc.constantFrom('root', 'Ina'),
}

/** Whatever a text may hold, and links. */
const strange = {
  ...sound,
  kind: fc.constantFrom('topup', 'transfer', 'reversal', 'refund', ''),
  balanceBefore: fc.bigInt(-5n, 900_000_000_000_000_000n).map(money),
  note: fc.option(fc.string({unit: 'binary', maxLength: 200})),
  reference: fc.string({unit: 'binary', maxLength: 50}),
  reversesSeq: fc.option(fc.bigInt(1n, 99n)),
  counter: fc.option(fc.record({clientId: fc.bigInt(1n, 99n), seq: fc.bigInt(1n, 99n)})),
  operator: fc.string({unit: 'binary', maxLength: 50}),
}

function lineOf(entry: Sealed): PlainLine {
  const line = new PlainLine()
  line.begin(entry.clientId, entry.unit)
  return line
}

describe('a line of COPY', () => {
  it('is sealed as the entry itself is, and read as it stands', () => {
    fc.assert(
      fc.property(fc.record(sound), (entry) => {
        const before = chainRoot(entry.clientId, entry.unit)
        const hash = entryHash(before, entry).toString('hex')
        const bytes = Buffer.from(`x\n${copyLine(storedSeal(entry, hash))}`)
        const line = lineOf(entry)

        expect(line.read(bytes, 2)).to.equal(true)
        expect(line.isSealedAfter(before.toString('hex'))).to.equal(true)
        expect({
          seq: BigInt(line.seq),
          direction: line.incoming ? 'IN' : 'OUT',
          amount: BigInt(line.amount),
          balanceBefore: BigInt(line.balanceBefore),
          balanceAfter: BigInt(line.balanceAfter),
          staffId: line.staffId === null ? null : BigInt(line.staffId),
          reference: line.reference,
        }).to.deep.equal({
          seq: entry.seq,
          direction: entry.direction,
          amount: entry.amount,
          balanceBefore: entry.balanceBefore,
          balanceAfter: entry.balanceAfter,
          staffId: entry.staff?.id ?? null,
          reference: entry.reference,
        })
        expect([line.hash, line.end]).to.deep.equal([hash, bytes.length])
      }),
    )
  })

  it('is never taken for sealed where the entry is not, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.record(strange), fc.record(strange), fc.boolean(), (entry, other, same) => {
        const before = chainRoot(entry.clientId, entry.unit)
        const hash = entryHash(before, same ? entry : other).toString('hex')
        const line = lineOf(entry)
        const bytes = Buffer.from(copyLine(storedSeal(entry, hash)))

        const taken = line.read(bytes, 0) && line.isSealedAfter(before.toString('hex'))

        if (taken) expect(entryHash(before, entry).toString('hex')).to.equal(hash)
        if (taken) expect([entry.reversesSeq, entry.counter]).to.deep.equal([null, null])
      }),
    )
  })

  it('of another account is not read', () => {
    const [entry] = fc.sample(fc.record(sound), 1)
    if (entry === undefined) throw new Error('There is no sample')
    const bytes = Buffer.from(copyLine(storedSeal(entry, '0'.repeat(64))))
    const other = new PlainLine()
    other.begin(entry.clientId + 1n, entry.unit)

    expect(other.read(bytes, 0)).to.equal(false)
    expect(lineOf(entry).read(bytes, 0)).to.equal(true)
  })

  it('that was changed in any byte is not taken for sealed', () => {
    fc.assert(
      fc.property(fc.record(sound), fc.nat(), fc.integer({min: 32, max: 126}), (entry, place, byte) => {
        const before = chainRoot(entry.clientId, entry.unit)
        const bytes = Buffer.from(copyLine(storedSeal(entry, entryHash(before, entry).toString('hex'))))
        const at = place % (bytes.length - 1)
        fc.pre(bytes[at] !== 0x09 && bytes[at] !== byte && !isPunctuationOfTime(bytes, at))
        bytes[at] = byte
        const line = lineOf(entry)

        expect(line.read(bytes, 0) && line.isSealedAfter(before.toString('hex'))).to.equal(false)
      }),
      {numRuns: 1000},
    )
  })
})

/** The space, the point and the zone, which PostgreSQL always writes alike. */
function isPunctuationOfTime(bytes: Buffer, at: number): boolean {
  const tabs = [...bytes.entries()].filter(([, byte]) => byte === 0x09).map(([index]) => index)
  const start = (tabs[14] ?? 0) + 1
  const end = tabs[15] ?? 0
  return at === start + 10 || at === start + 19 || (at >= end - 3 && at < end)
}
