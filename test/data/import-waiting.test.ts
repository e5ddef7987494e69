import {expect} from 'chai'
import fc from 'fast-check'
import {AMOUNT_MAX, type Money} from '../../src/core/money.ts'
import {Refusal} from '../../src/core/refusal.ts'
import {findUnit} from '../../src/core/unit.ts'
import {Scratch} from '../../src/data/byte-queues.ts'
import {LinePacking} from '../../src/data/import-packing.ts'
import {LineShapes} from '../../src/data/import-shapes.ts'
import {type RefusedLine, Tally} from '../../src/data/import-tally.ts'
import {type Lines, type ReadyLine, type WaitingLine, waitingLines} from '../../src/data/import-waiting.ts'

const CLIENTS = [
  {id: 1n, name: 'Anna'},
  {id: 9_007_199_254_740_993n, name: 'Əliyeva Günel'},
  {id: -1n, name: 'Zoë'},
]
const GONE = new Refusal('INSUFFICIENT_FUNDS', 'Gone, “sold” and ə', {hint: 'none'})
const INA = {id: 3n, name: 'Ina', archived: false}

const readyLine: fc.Arbitrary<ReadyLine> = fc
  .record({
    amount: fc.bigInt({min: 1n, max: AMOUNT_MAX}),
    reference: fc.string({unit: 'grapheme', minLength: 1, maxLength: 40}),
    note: fc.option(fc.string({unit: 'grapheme', minLength: 1, maxLength: 40})),
    original: fc.array(fc.string({unit: 'grapheme', maxLength: 20})),
    at: fc.date({min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true}),
    named: fc.boolean(),
    changed: fc.boolean(),
    staff: fc.constantFrom(null, INA),
    client: fc.constantFrom(...CLIENTS),
    line: fc.nat(),
    place: fc.nat(),
  })
  .map(({amount, reference, note, original, at, named, changed, staff, client, line, place}) => ({
    changed,
    record: {line, place, original, cells: named ? {reference} : {}, problem: null},
    ready: {
      kind: 'topup',
      direction: 'IN',
      client,
      archived: false,
      unit: findUnit('AZN', []),
      amount: amount as Money,
      around: {staff, method: 'cash', note, reference, occurredAt: at.toISOString(), operator: 'root'},
      open: {amount: false, at: false, reference: false},
      dryRun: false,
      account: `${client.id} AZN`,
      reference,
      line: undefined,
    },
  }))

/** Whether it is all that was read. */
function expectSame(line: WaitingLine | undefined, {ready, record, changed}: ReadyLine): void {
  if (line === undefined) throw new Error('There is no line')
  for (const field of ['kind', 'direction', 'client', 'archived', 'unit', 'amount', 'around', 'open'] as const) {
    expect(line[field]).to.deep.equal(ready[field])
  }
  expect([line.dryRun, line.account, line.reference]).to.deep.equal([false, ready.account, ready.reference])
  expect([line.place, line.changed]).to.deep.equal([record.place, changed])
  expect(line.line.identity()).to.equal(`file:${record.place}`)
}

function linesOf(told: RefusedLine[]): Lines & {tally: Tally} {
  const tally = new Tally((refused) => told.push(refused))
  return {tally, referenceAt: (place) => `file:${place}`, shapes: new LineShapes()}
}

describe('a line that waits to be posted', () => {
  it('asks for the same as when it was read, and is refused as it stood', () =>
    fc.assert(
      fc.property(fc.array(readyLine, {maxLength: 20}), (read) => {
        const told: RefusedLine[] = []
        const lines = linesOf(told)
        const waiting = waitingLines(read, lines)

        expect(waiting).to.have.length(read.length)
        read.forEach((one, at) => {
          expectSame(waiting[at], one)
          waiting[at]?.refuse(new Refusal('ARCHIVED', 'gone'))
        })
        lines.tally.tell(Number.POSITIVE_INFINITY)
        const expected = read.toSorted((a, b) => a.record.place - b.record.place)
        expect(told.map(({record}) => record)).to.deep.equal(
          expected.map(({record: {line, place, original}}) => ({line, place, original, problem: null})),
        )
        expect(told.map(({reference}) => reference)).to.deep.equal(
          expected.map(({record, ready}) => (record.cells.reference === undefined ? ready.reference : null)),
        )
      }),
    ))

  it('is the same line once it was packed', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(readyLine, fc.boolean()), {maxLength: 20}), (read) => {
        const lines = linesOf([])
        const packing = new LinePacking(lines)
        const waiting = waitingLines(
          read.map(([one]) => one),
          lines,
        )
        read.forEach(([one, refused], at) => {
          const line = waiting[at]
          if (line === undefined) throw new Error('There is no line')
          if (refused) line.refused = GONE
          const scratch = new Scratch()

          const unpacked = packing.unpack(scratch, packing.pack(line, scratch))

          expectSame(unpacked, one)
          expect(unpacked.said.original).to.deep.equal(one.record.original)
          expect(unpacked.said.beginsOn).to.equal(one.record.line)
          if (refused) {
            const {code, message, hint} = unpacked.refused ?? {}
            expect([code, message, hint]).to.deep.equal([GONE.code, GONE.message, GONE.hint])
          } else {
            expect(unpacked.refused).to.equal(null)
          }
        })
      }),
    ))
})

describe('what lines have in common', () => {
  it('is kept once, though each batch reads its units anew', () => {
    const [one] = fc.sample(readyLine, 1)
    if (one === undefined) throw new Error('There is no line')
    const {record, ready, changed} = one
    const shapes = new LineShapes()

    const first = shapes.shapeOf(record, ready, changed)
    const again = shapes.shapeOf(record, {...ready, unit: findUnit('AZN', [])}, changed)
    const other = shapes.shapeOf(record, {...ready, unit: findUnit('EUR', [])}, changed)
    const changedToo = shapes.shapeOf(record, ready, !changed)

    expect(again).to.equal(first)
    expect([first.index, other.index, changedToo.index]).to.deep.equal([0, 1, 2])
    expect(shapes.at(1).unit.code).to.equal('EUR')
  })
})
