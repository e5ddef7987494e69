import {expect} from 'chai'
import fc from 'fast-check'
import {cursorText, parseCursor} from '../../src/core/cursor.ts'
import {entryId, parseClientId, parseEntryId} from '../../src/core/entry-id.ts'
import {newReference, parseReference} from '../../src/core/reference.ts'
import {refusal} from '../support/refusal.ts'

const AZN = {code: 'AZN', decimals: 2}
const LESSON = {code: 'lesson', decimals: 0}

describe('entry ids', () => {
  it('leave the ledger’s own unit out', () => {
    expect(entryId({clientId: 42n, unit: AZN, seq: 7n}, AZN)).to.equal('42-7')
    expect(entryId({clientId: 42n, unit: LESSON, seq: 3n}, AZN)).to.equal('42-lesson-3')
  })

  it('can be read back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({min: 1n, max: 999_999_999_999_999n}),
        fc.bigInt({min: 1n, max: 999_999_999_999_999n}),
        fc.constantFrom(AZN, LESSON),
        (clientId, seq, unit) => {
          const parsed = parseEntryId(entryId({clientId, unit, seq}, AZN))
          expect(parsed).to.deep.equal({clientId, unitCode: unit === AZN ? null : 'lesson', seq})
        },
      ),
    )
  })

  for (const text of ['', '42', '42-', '-7', '042-7', '42-07', '42-7-', '4 2-7', '42--7', '9999999999999999-1']) {
    it(`are not ${JSON.stringify(text)}`, () => {
      expect(refusal(() => parseEntryId(text)).code).to.equal('INVALID_INPUT')
    })
  }
})

describe('client ids', () => {
  it('are whole numbers without leading zeros', () => {
    expect(parseClientId('42')).to.equal(42n)
    for (const text of ['0', '042', '-1', '1.0', '', '١', '1234567890123456'])
      expect(parseClientId(text), text).to.equal(null)
  })
})

describe('references', () => {
  it('made here are UUIDs of version 7 that sort by time', () => {
    const random = Uint8Array.from([255, 1, 255, 3, 4, 5, 6, 7, 8, 9])
    const first = newReference(Date.UTC(2026, 10, 23), random)
    const second = newReference(Date.UTC(2026, 10, 24), random)

    expect(first).to.equal('019fabd9-fc00-7f01-bf03-040506070809'.replace(/^.{13}/, first.slice(0, 13)))
    expect(first).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(first.replace('-', '').slice(0, 12), 16)).to.equal(Date.UTC(2026, 10, 23))
    expect(first < second).to.equal(true)
  })

  it('given by the caller are kept as they are', () => {
    expect(parseReference('receipt 1017/б')).to.equal('receipt 1017/б')
    expect(refusal(() => parseReference('x'.repeat(201))).code).to.equal('INVALID_INPUT')
    expect(refusal(() => parseReference('')).code).to.equal('INVALID_INPUT')
  })
})

describe('cursors', () => {
  it('come back as they were', () => {
    expect(parseCursor(cursorText(['anna', 7]), ['string', 'number'])).to.deep.equal(['anna', 7])
  })

  it('that no list gave are refused', () => {
    for (const text of [
      '',
      'x',
      cursorText(['anna']),
      cursorText([7, 'anna']),
      cursorText(['a\0', 1]),
      cursorText(['a', 1.5]),
    ]) {
      expect(refusal(() => parseCursor(text, ['string', 'number'])).code, text).to.equal('USAGE')
    }
  })

  it('hold a time where a time belongs', () => {
    const at = '2026-11-22T10:00:00.000Z'
    expect(parseCursor(cursorText([at]), ['time'])).to.deep.equal([at])
    for (const text of ['', 'yesterday', '2026-11-22', '2026-11-31T10:00:00.000Z', "'; drop table entry"]) {
      expect(refusal(() => parseCursor(cursorText([text]), ['time'])).code, text).to.equal('USAGE')
    }
  })
})
