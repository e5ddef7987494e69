import {expect} from 'chai'
import {configure} from '../../src/data/configure.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {pay, topup} from '../../src/data/posting.ts'
import {type Period, totalsOf} from '../../src/data/reports.ts'
import {reverse} from '../../src/data/reversal.ts'
import {addStaff} from '../../src/data/staff.ts'
import {withTestDatabase} from '../support/database.ts'
import {refusalOf} from '../support/refusal.ts'
import {openBusiness, request, reversal} from '../support/world.ts'

const EVERYTHING: Period = {from: null, to: null}

/** One line for each total. */
async function lines(ledger: Ledger, period: Period): Promise<readonly string[]> {
  const {totals} = await totalsOf(ledger, period)
  return totals.map(({unit, day, kind, direction, staff, amount, count}) =>
    [unit.code, day, kind, direction, staff?.name ?? '-', `${amount} in ${count}`].join(' '),
  )
}

/** Two days in Baku, four hours ahead of UTC, where the first ends at 20:00Z. */
async function postSome(ledger: Ledger): Promise<void> {
  await openBusiness(ledger)
  await configure(ledger, 'time-zone', 'Asia/Baku')
  await configure(ledger, 'counted-units', 'lesson')
  await addStaff(ledger, 'Tomas')
  await topup(ledger, request('1', '50', {at: '2026-10-31T19:59:59.999Z'}))
  await topup(ledger, request('1', '30', {at: '2026-10-31T20:00:00Z'}))
  await topup(ledger, request('1', '3', {at: '2026-11-01T12:00:00Z', unit: 'lesson'}))
  await pay(ledger, request('1', '10', {staff: 'Ina', at: '2026-11-01T08:00:00Z'}))
  await pay(ledger, request('1', '2.50', {staff: 'Ina', at: '2026-11-01T09:00:00Z'}))
  await pay(ledger, request('1', '4', {staff: 'Tomas', at: '2026-11-01T09:30:00Z'}))
  await reverse(ledger, reversal('1-4', '1', {at: '2026-11-01T19:59:59.999Z'}))
}

describe('totals', () => {
  const november = [
    'AZN 2026-11-01 payment OUT Ina 1250 in 2',
    'AZN 2026-11-01 payment OUT Tomas 400 in 1',
    'AZN 2026-11-01 reversal IN Ina 100 in 1',
    'AZN 2026-11-01 topup IN - 3000 in 1',
    'lesson 2026-11-01 topup IN - 3 in 1',
  ]
  const october = 'AZN 2026-10-31 topup IN - 5000 in 1'

  const periods: readonly (readonly [string, Period, readonly string[]])[] = [
    ['everything', EVERYTHING, [october, ...november]],
    ['a month of the business’s zone', {from: '2026-11-01', to: '2026-11-30'}, november],
    ['the month before it', {from: '2026-10-01', to: '2026-10-31'}, [october]],
    ['what came before a day', {from: null, to: '2026-10-31'}, [october]],
    ['a period without entries', {from: '2026-09-01', to: '2026-09-30'}, []],
  ]
  it('add up by unit, day, kind, direction and staff, reversals in the other direction', () =>
    withTestDatabase(async ({ledger}) => {
      await postSome(ledger)

      for (const [what, period, expected] of periods) expect(await lines(ledger, period), what).to.deep.equal(expected)
    }))

  it('are what the balances say', () =>
    withTestDatabase(async ({ledger}) => {
      await postSome(ledger)

      const {totals} = await totalsOf(ledger, EVERYTHING)
      const sum = (direction: string) =>
        totals
          .filter((total) => total.unit.code === 'AZN' && total.direction === direction)
          .reduce((all, {amount}) => all + amount, 0n)

      expect(sum('IN') - sum('OUT')).to.equal(6450n)
    }))

  it('refuse a period that is empty or cannot be read', () =>
    withTestDatabase(async ({ledger}) => {
      expect((await refusalOf(totalsOf(ledger, {from: 'soon', to: null}))).code).to.equal('INVALID_INPUT')
      expect((await refusalOf(totalsOf(ledger, {from: '2026-11-02', to: '2026-11-01'}))).code).to.equal('INVALID_INPUT')
    }))
})
