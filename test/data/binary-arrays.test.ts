import {expect} from 'chai'
import fc from 'fast-check'
import {int8Array, textArray} from '../../src/data/binary-arrays.ts'

/** The values of an array in PostgreSQL's binary form, by its own description of it (array_send). */
function elements(array: Buffer): readonly (Buffer | null)[] {
  const count = array.readInt32BE(0) === 0 ? 0 : array.readInt32BE(12)
  const found: (Buffer | null)[] = []
  let at = 20
  for (let n = 0; n < count; n++) {
    const length = array.readInt32BE(at)
    at += 4
    found.push(length === -1 ? null : array.subarray(at, at + length))
    at += Math.max(0, length)
  }
  expect(at).to.equal(count === 0 ? 20 : array.length)
  return found
}

describe('arrays in binary form', () => {
  const texts = fc.oneof(
    fc.string({maxLength: 60}),
    fc.string({unit: 'grapheme', maxLength: 60}),
    fc.constantFrom(null, '', 'Əli', 'x'.repeat(24), 'x'.repeat(25), `${'x'.repeat(22)}ə`),
  )

  it('have every text as it is', () =>
    fc.assert(
      fc.property(fc.array(texts), (values) => {
        const found = elements(textArray(values)).map((bytes) => bytes?.toString() ?? null)
        expect(found).to.deep.equal(values)
      }),
    ))

  it('have every whole number as it is', () =>
    fc.assert(
      fc.property(fc.array(fc.option(fc.bigInt({min: -(2n ** 63n), max: 2n ** 63n - 1n}))), (values) => {
        const found = elements(int8Array(values)).map((bytes) => bytes?.readBigInt64BE() ?? null)
        expect(found).to.deep.equal(values)
      }),
    ))
})
