import {expect} from 'chai'
import {addClient} from '../../src/data/clients.ts'
import {configure} from '../../src/data/configure.ts'
import {topup} from '../../src/data/posting.ts'
import {readSettings} from '../../src/data/settings.ts'
import {withTestDatabase} from '../support/database.ts'
import {refusalOf} from '../support/refusal.ts'
import {openBusiness, request, UNIQUE} from '../support/world.ts'

describe('business settings', () => {
  it('are the same for every desk', () =>
    withTestDatabase(async ({ledger}) => {
      await configure(ledger, 'business-name', 'Salon Lotus')
      await configure(ledger, 'unit', 'eur')
      await configure(ledger, 'time-zone', 'Asia/Baku')
      await configure(ledger, 'locale', 'az-az')
      await configure(ledger, 'counted-units', 'lesson, hour:2')

      expect(await readSettings(ledger.pool)).to.deep.equal({
        businessName: 'Salon Lotus',
        unit: {code: 'EUR', decimals: 2},
        timeZone: 'Asia/Baku',
        locale: 'az-AZ',
        countedUnits: [
          {code: 'hour', decimals: 2},
          {code: 'lesson', decimals: 0},
        ],
      })
      expect((await configure(ledger, 'business-name', '')).businessName).to.equal(null)
      expect((await configure(ledger, 'locale', '')).locale).to.equal(null)
      expect((await configure(ledger, 'counted-units', '')).countedUnits).to.deep.equal([])
    }))

  const wrong = [
    ['unit', 'XXX'],
    ['time-zone', 'Mars/Olympus'],
    ['locale', 'not a locale'],
    ['locale', `en-x-${'aaaaaaaa-'.repeat(1000)}b`],
    ['counted-units', Array.from({length: 51}, (_, at) => `u${String.fromCodePoint(0x3b1 + at)}`).join(',')],
    ['counted-units', 'lesson,lesson'],
    ['counted-units', 'EUR'],
    ['business-name', 'a\u001bb'],
  ] as const
  for (const [key, value] of wrong) {
    it(`refuse ${JSON.stringify(value)} as ${key}`, () =>
      withTestDatabase(async ({ledger}) => {
        const before = await readSettings(ledger.pool)
        expect((await refusalOf(configure(ledger, key, value))).code).to.equal('INVALID_INPUT')
        expect(await readSettings(ledger.pool)).to.deep.equal(before)
      }))
  }

  it('keep the unit once something is counted in it', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await configure(ledger, 'unit', 'EUR')
      await topup(ledger, request('1', '1'))

      expect((await refusalOf(configure(ledger, 'unit', 'AZN'))).code).to.equal('SETTING_IN_USE')
      expect((await configure(ledger, 'unit', 'EUR')).unit.code).to.equal('EUR')
    }))

  it('keep the unit once there is a default price in it', () =>
    withTestDatabase(async ({ledger}) => {
      await addClient(ledger, 'Anna', {defaultPrice: {digits: 5n, scale: 0}}, UNIQUE)

      expect((await refusalOf(configure(ledger, 'unit', 'JPY'))).code).to.equal('SETTING_IN_USE')
    }))

  it('keep a counted unit that an account is kept in', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await configure(ledger, 'counted-units', 'lesson,visit')
      await topup(ledger, request('1', '1', {unit: 'lesson'}))

      expect((await refusalOf(configure(ledger, 'counted-units', 'visit'))).code).to.equal('SETTING_IN_USE')
      expect((await refusalOf(configure(ledger, 'counted-units', 'lesson:2'))).code).to.equal('SETTING_IN_USE')
      expect((await configure(ledger, 'counted-units', 'lesson')).countedUnits).to.have.length(1)
    }))
})
