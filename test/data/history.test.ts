import {expect} from 'chai'
import type {Entry} from '../../src/core/entry.ts'
import {addClient} from '../../src/data/clients.ts'
import {type HistoryRequest, history} from '../../src/data/history.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {pay, topup} from '../../src/data/posting.ts'
import {addStaff} from '../../src/data/staff.ts'
import {withTestDatabase} from '../support/database.ts'
import {refusalOf} from '../support/refusal.ts'
import {openBusiness, request, UNIQUE} from '../support/world.ts'

const EVERYTHING: HistoryRequest = {
  client: null,
  staff: null,
  kind: null,
  direction: null,
  from: null,
  to: null,
  limit: 50,
  cursor: null,
}

function ids(entries: readonly Entry[]): readonly string[] {
  return entries.map(({clientId, seq}) => `${clientId}-${seq}`)
}

/** Five entries of two clients over four days, one of them posted late. */
async function postSome(ledger: Ledger): Promise<void> {
  await openBusiness(ledger)
  await addClient(ledger, 'Ben', {}, UNIQUE)
  await addStaff(ledger, 'Tomas')
  await topup(ledger, request('1', '50', {at: '2026-11-01 10:00'}))
  await topup(ledger, request('2', '50', {at: '2026-11-02 10:00'}))
  await pay(ledger, request('1', '10', {staff: 'Ina', at: '2026-11-03 10:00'}))
  await pay(ledger, request('2', '10', {staff: 'Tomas', at: '2026-11-04 10:00'}))
  await pay(ledger, request('1', '5', {staff: 'Tomas', at: '2026-11-02 12:00'}))
}

describe('history', () => {
  it('shows everything by when it happened, newest first', () =>
    withTestDatabase(async ({ledger}) => {
      await postSome(ledger)

      const {entries, next} = await history(ledger, EVERYTHING)

      expect(ids(entries)).to.deep.equal(['2-2', '1-2', '1-3', '2-1', '1-1'])
      expect(next).to.equal(null)
      expect(entries[2]).to.deep.include({staff: {id: 2n, name: 'Tomas'}, client: {id: 1n, name: 'Anna Petrova'}})
    }))

  const restrictions: readonly (readonly [string, Partial<HistoryRequest>, readonly string[]])[] = [
    ['one client', {client: 'ann pet'}, ['1-2', '1-3', '1-1']],
    ['one staff member', {staff: 'tom'}, ['2-2', '1-3']],
    ['one kind', {kind: 'topup'}, ['2-1', '1-1']],
    ['one direction', {direction: 'OUT'}, ['2-2', '1-2', '1-3']],
    ['a period, whole days', {from: '2026-11-02', to: '2026-11-03'}, ['1-2', '1-3', '2-1']],
    ['a period to the minute', {from: '2026-11-02 11:00', to: '2026-11-03 10:00'}, ['1-3']],
    [
      'all of them together',
      {client: '1', staff: 'Ina', kind: 'payment', direction: 'OUT', from: '2026-11-01', to: '2026-11-30'},
      ['1-2'],
    ],
    ['nothing', {client: '2', staff: 'Ina'}, []],
  ]
  for (const [what, restriction, expected] of restrictions) {
    it(`shows only ${what}`, () =>
      withTestDatabase(async ({ledger}) => {
        await postSome(ledger)

        expect(ids((await history(ledger, {...EVERYTHING, ...restriction})).entries)).to.deep.equal(expected)
      }))
  }

  it('goes on where a page ended', () =>
    withTestDatabase(async ({ledger}) => {
      await postSome(ledger)

      const first = await history(ledger, {...EVERYTHING, limit: 2})
      const second = await history(ledger, {...EVERYTHING, limit: 2, cursor: first.next})
      const third = await history(ledger, {...EVERYTHING, limit: 2, cursor: second.next})

      expect([first, second, third].map(({entries}) => ids(entries))).to.deep.equal([
        ['2-2', '1-2'],
        ['1-3', '2-1'],
        ['1-1'],
      ])
      expect(third.next).to.equal(null)
      expect((await refusalOf(history(ledger, {...EVERYTHING, cursor: 'x'}))).code).to.equal('USAGE')
    }))

  it('refuses clients, staff and times that do not exist', () =>
    withTestDatabase(async ({ledger}) => {
      expect((await refusalOf(history(ledger, {...EVERYTHING, client: 'Nobody'}))).code).to.equal('CLIENT_NOT_FOUND')
      expect((await refusalOf(history(ledger, {...EVERYTHING, staff: 'Nobody'}))).code).to.equal('STAFF_NOT_FOUND')
      expect((await refusalOf(history(ledger, {...EVERYTHING, from: 'soon'}))).code).to.equal('INVALID_INPUT')
    }))
})
