import {expect} from 'chai'
import {nationalDigits, withoutCountryCode} from '../../src/core/phone.ts'

describe('a phone typed in another way than it is kept', () => {
  it('loses its exit and trunk prefixes', () => {
    expect(nationalDigits('00994501234567')).to.equal('994501234567')
    expect(nationalDigits('0501234567')).to.equal('501234567')
    expect(nationalDigits('89167654321')).to.equal('9167654321')
    expect(nationalDigits('8916')).to.equal('8916')
  })

  it('may be kept without the country code that was typed', () => {
    for (const text of ['+994 50 123 45 67', '00994501234567']) {
      expect(withoutCountryCode(text), text).to.include.members(['501234567', '0501234567'])
    }
    expect(withoutCountryCode('+7 916 765-43-21')).to.include.members(['9167654321', '89167654321'])
  })

  it('is never cut where no country code was typed, nor to what could be a number of another place', () => {
    expect(withoutCountryCode('0501234567')).to.deep.equal([])
    expect(withoutCountryCode('501234567')).to.deep.equal([])
    expect(withoutCountryCode('+994 50 123 45 67')).to.not.include('1234567')
    expect(withoutCountryCode('anna')).to.deep.equal([])
  })
})
