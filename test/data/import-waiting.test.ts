import {expect} from 'chai'
import fc from 'fast-check'
import {AMOUNT_MAX, type Money} from '../../src/core/money.ts'
import {Refusal} from '../../src/core/refusal.ts'
import {findUnit} from '../../src/core/unit.ts'
import {type RefusedLine, Tally} from '../../src/data/import-tally.ts'
import {type ReadyLine, waitingLines} from '../../src/data/import-waiting.ts'

const ANNA = {id: 1n, name: 'Anna'}
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
    line: fc.nat(),
    place: fc.nat(),
  })
  .map(({amount, reference, note, original, at, named, changed, staff, line, place}) => ({
    changed,
    record: {line, place, original, cells: named ? {reference} : {}, problem: null},
    ready: {
      kind: 'topup',
      direction: 'IN',
      client: ANNA,
      archived: false,
      unit: findUnit('AZN', []),
      amount: amount as Money,
      around: {staff, method: 'cash', note, reference, occurredAt: at.toISOString(), operator: 'root'},
      open: {amount: false, at: false, reference: false},
      dryRun: false,
      account: '1 AZN',
      reference,
      line: undefined,
    },
  }))

describe('a line that waits to be posted', () => {
  it('asks for the same as when it was read, and is refused as it stood', () =>
    fc.assert(
      fc.property(fc.array(readyLine, {maxLength: 20}), (read) => {
        const told: RefusedLine[] = []
        const tally = new Tally((refused) => told.push(refused))
        const waiting = waitingLines(read, {tally, referenceAt: (place) => `file:${place}`})

        expect(waiting).to.have.length(read.length)
        for (const [at, {ready, record, changed}] of read.entries()) {
          const line = waiting[at]
          if (line === undefined) throw new Error('There is no line')
          for (const field of [
            'kind',
            'direction',
            'client',
            'archived',
            'unit',
            'amount',
            'around',
            'open',
          ] as const) {
            expect(line[field]).to.deep.equal(ready[field])
          }
          expect([line.dryRun, line.account, line.reference]).to.deep.equal([false, '1 AZN', ready.reference])
          expect([line.place, line.changed]).to.deep.equal([record.place, changed])
          expect(line.line.identity()).to.equal(`file:${record.place}`)
          line.refuse(new Refusal('ARCHIVED', 'gone'))
        }
        tally.tell(Number.POSITIVE_INFINITY)
        const expected = read.toSorted((a, b) => a.record.place - b.record.place)
        expect(told.map(({record}) => record)).to.deep.equal(
          expected.map(({record: {line, place, original}}) => ({line, place, original, problem: null})),
        )
        expect(told.map(({reference}) => reference)).to.deep.equal(
          expected.map(({record, ready}) => (record.cells.reference === undefined ? ready.reference : null)),
        )
      }),
    ))
})
