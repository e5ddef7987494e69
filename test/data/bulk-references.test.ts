import {expect} from 'chai'
import fc from 'fast-check'
import type {Money} from '../../src/core/money.ts'
import type {Asked} from '../../src/core/replay.ts'
import {findUnit} from '../../src/core/unit.ts'
import {knownOf} from '../../src/data/bulk-references.ts'

/** What the database answers for an entry, with its number among those asked and its seq. */
function answered({unit, kind, direction, amount, staffId, method, occurredAt, note}: Asked): string {
  const ms = Date.parse(occurredAt ?? '')
  const fields = [
    1,
    7,
    unit.code,
    kind,
    direction,
    amount,
    staffId ?? '',
    method ?? '',
    ms,
    note === null ? '' : `=${note}`,
  ]
  return fields.join('\u001f')
}

const posting: fc.Arbitrary<Asked> = fc.record({
  unit: fc.constantFrom('AZN', 'EUR').map((code) => findUnit(code, [])),
  kind: fc.constantFrom('topup', 'payment'),
  direction: fc.constantFrom('IN', 'OUT'),
  amount: fc.constantFrom(1n, 11n, 111n).map((minor) => minor as Money),
  staffId: fc.constantFrom(null, 1n, 11n),
  method: fc.constantFrom(null, 'cash', 'card'),
  note: fc.constantFrom(null, 'a', '=a', '1'),
  reversesSeq: fc.constant(null),
  counterClientId: fc.constant(null),
  occurredAt: fc.constantFrom('2026-11-22T10:00:00.000Z', '2026-11-22T10:00:00.001Z'),
})

describe('an entry that carries a reference already', () => {
  it('is the same as what is asked for only where nothing differs', () =>
    fc.assert(
      fc.property(posting, posting, fc.boolean(), (entry, other, same) => {
        const asked = same ? entry : other
        const [known] = knownOf(answered(entry), 1)

        expect(known?.says(asked)).to.equal(answered(entry) === answered(asked))
        expect(known?.seq).to.equal(7n)
        expect(known?.amount).to.equal(entry.amount)
        expect(known?.unitCode).to.equal(entry.unit.code)
      }),
      {numRuns: 1_000},
    ))

  it('may differ in what was left open', () =>
    fc.assert(
      fc.property(posting, posting, (entry, other) => {
        const [known] = knownOf(answered(entry), 1)

        expect(known?.says({...entry, amount: null})).to.equal(true)
        expect(known?.says({...entry, occurredAt: null})).to.equal(true)
        expect(known?.says({...other, amount: null, occurredAt: null})).to.equal(
          answered({...other, amount: entry.amount, occurredAt: entry.occurredAt}) === answered(entry),
        )
      }),
    ))

  it('stands at its place, and the others are free', () => {
    const two = `3\u001f${answered(fc.sample(posting, 1)[0] as Asked).slice(2)}`

    const known = knownOf(two, 4)

    expect(known.map((entry) => entry !== undefined)).to.deep.equal([false, false, true, false])
    expect(knownOf(null, 2)).to.deep.equal([undefined, undefined])
  })
})
