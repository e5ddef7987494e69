import {expect} from 'chai'
import fc from 'fast-check'
import {AMOUNT_MAX, amountText, amountWithUnit, money, parseAmount, parseDecimal} from '../../src/core/money.ts'
import {refusal} from '../support/refusal.ts'

const AZN = {code: 'AZN', decimals: 2}
const KWD = {code: 'KWD', decimals: 3}
const JPY = {code: 'JPY', decimals: 0}

describe('amounts', () => {
  it('are read with a point or a comma', () => {
    expect(parseAmount('12.50', AZN)).to.equal(1250n)
    expect(parseAmount('12,50', AZN)).to.equal(1250n)
    expect(parseAmount('12,5', AZN)).to.equal(1250n)
    expect(parseAmount('0012', JPY)).to.equal(12n)
    expect(parseAmount('0.005', KWD)).to.equal(5n)
  })

  const refused = [
    '-5', '+5', '0', '0.00', '1e3', '0x10', '5.001', 'NaN', 'Infinity', '', ' ', '١٢', '1,234.56', '1_000',
    '99999999999999999999', '0.005', '.5', '5.', ' 5', '5 ', '1 000', '1\u00a0000', "1'000", '5\n', '５', '12.50.1', '--5',
  ] // biome-ignore format: a list
  for (const text of refused) {
    it(`refuse ${JSON.stringify(text)}, with a hint`, () => {
      const error = refusal(() => parseAmount(text, AZN))

      expect(error.code).to.equal('INVALID_AMOUNT')
      expect(error.hint).to.be.a('string')
    })
  }

  it('have no more decimals than their unit', () => {
    expect(refusal(() => parseAmount('1.5', JPY)).message).to.equal('1.5 has more decimals than JPY has')
    expect(parseAmount('1.234', KWD)).to.equal(1234n)
    expect(refusal(() => parseAmount('1,234', AZN)).hint).to.contain('thousands')
  })

  it('have a largest one', () => {
    expect(parseAmount('9999999999999.99', AZN)).to.equal(AMOUNT_MAX)
    expect(refusal(() => parseAmount('10000000000000', AZN)).message).to.contain('too large')
    expect(refusal(() => parseAmount('1000000000000000', JPY)).code).to.equal('INVALID_AMOUNT')
  })

  it('come back from their text unchanged, in every unit', () => {
    fc.assert(
      fc.property(fc.bigInt({min: 1n, max: AMOUNT_MAX}), fc.integer({min: 0, max: 4}), (minor, decimals) => {
        const unit = {code: 'UNT', decimals}
        expect(parseAmount(amountText(money(minor), unit), unit)).to.equal(minor)
      }),
    )
  })

  it('never read a text as something else than it says', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let minor: bigint
        try {
          minor = parseAmount(text, KWD)
        } catch {
          return
        }
        expect(Number(text.replace(',', '.'))).to.equal(Number(minor) / 1000)
      }),
    )
  })

  it('show every decimal of their unit', () => {
    expect(amountText(money(5n), AZN)).to.equal('0.05')
    expect(amountText(money(-5n), AZN)).to.equal('-0.05')
    expect(amountText(money(0n), KWD)).to.equal('0.000')
    expect(amountText(money(12n), JPY)).to.equal('12')
    expect(amountWithUnit(1250n, AZN)).to.equal('12.50 AZN')
  })

  it('keep their scale until the unit is known', () => {
    expect(parseDecimal('12.50')).to.deep.equal({digits: 1250n, scale: 2})
  })
})
