import {expect} from 'chai'
import {addClient, archiveClient} from '../../src/data/clients.ts'
import {configure} from '../../src/data/configure.ts'
import {history} from '../../src/data/history.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {adjust, openAccount, pay, refund, topup} from '../../src/data/posting.ts'
import {reverse} from '../../src/data/reversal.ts'
import {setStaffArchived} from '../../src/data/staff.ts'
import {transfer} from '../../src/data/transfer.ts'
import {contend} from '../support/contention.ts'
import {withTestDatabase} from '../support/database.ts'
import {refusalOf} from '../support/refusal.ts'
import {openBusiness, request, reversal, transferRequest, UNIQUE} from '../support/world.ts'

/** Anna (1) has 50.00 by 1-1 and paid 30.00 to Ina by 1-2; Ben (2) has nothing. */
async function openCorrections(ledger: Ledger): Promise<void> {
  await openBusiness(ledger)
  await addClient(ledger, 'Ben', {}, UNIQUE)
  await topup(ledger, request('1', '50', {method: 'cash'}))
  await pay(ledger, request('1', '30', {staff: 'Ina'}))
}

const ALL = {client: null, staff: null, kind: null, direction: null, from: null, to: null, limit: 50, cursor: null}
const COUNT = 'select count(*)::integer as n from entry'

describe('a reversal', () => {
  it('cancels an entry, and each shows the other', () =>
    withTestDatabase(async ({ledger}) => {
      await openCorrections(ledger)

      const {posting} = await reverse(ledger, reversal('1-2', null))

      expect(posting).to.include({replayed: false, dryRun: false})
      expect(posting.entry).to.include({
        kind: 'reversal',
        direction: 'IN',
        amount: 3000n,
        balanceBefore: 2000n,
        balanceAfter: 5000n,
        reversesSeq: 2n,
        note: 'typed wrong',
      })
      expect(posting.entry.staff).to.deep.equal({id: 1n, name: 'Ina'})
      expect(posting.entry.reversedBySeqs).to.deep.equal([])
      const {entries} = await history(ledger, {...ALL, client: '1'})
      expect(entries.map(({reversesSeq, reversedBySeqs}) => [reversesSeq, reversedBySeqs])).to.deep.equal([
        [2n, []],
        [null, [3n]],
        [null, []],
      ])
      expect(entries[0]).to.deep.equal(posting.entry)
    }))

  it('in parts never exceeds the whole, and says what is left', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await openCorrections(ledger)
      await reverse(ledger, reversal('1-2', '12.50'))

      const tooMuch = await refusalOf(reverse(ledger, reversal('1-2', '17.51')))
      const rest = await reverse(ledger, reversal('1-2', null))
      const nothing = await refusalOf(reverse(ledger, reversal('1-2', '0.01')))

      expect(tooMuch).to.include({code: 'ALREADY_REVERSED', exit: 5})
      expect(tooMuch.details).to.deep.equal({
        entry: '1-2',
        amount: '30.00',
        reversed: '12.50',
        left: '17.50',
        asked: '17.51',
        unit: 'AZN',
        reversedBy: ['1-3'],
      })
      expect(rest.posting.entry).to.include({amount: 1750n, balanceAfter: 5000n})
      expect(nothing.code).to.equal('ALREADY_REVERSED')
      expect(nothing.details).to.include({left: '0.00'})
      expect((await refusalOf(reverse(ledger, reversal('1-2', null)))).code).to.equal('ALREADY_REVERSED')
      expect(await sql(COUNT)).to.deep.equal([{n: 4}])
    }))

  it('of a top-up that has been spent is refused like any other charge', () =>
    withTestDatabase(async ({ledger}) => {
      await openCorrections(ledger)

      const spent = await refusalOf(reverse(ledger, reversal('1-1', null)))

      expect(spent.code).to.equal('INSUFFICIENT_FUNDS')
      expect(spent.details).to.include({balance: '20.00', missing: '30.00'})
      expect((await reverse(ledger, reversal('1-1', '20'))).posting.entry).to.include({
        direction: 'OUT',
        method: 'cash',
      })
    }))

  it('is never reversed itself, nor is one side of a transfer', () =>
    withTestDatabase(async ({ledger}) => {
      await openCorrections(ledger)
      await reverse(ledger, reversal('1-2', '1'))
      await transfer(ledger, transferRequest('1', '2', '5'))

      expect((await refusalOf(reverse(ledger, reversal('1-3', null)))).code).to.equal('NOT_REVERSIBLE')
      for (const side of ['1-4', '2-1']) {
        const refused = await refusalOf(reverse(ledger, reversal(side, null)))
        expect(refused.code).to.equal('NOT_REVERSIBLE')
        expect(refused.hint).to.equal('Transfer it back with: fleks transfer 2 1 5.00')
      }
    }))

  it('of what does not exist is told with what does', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await openCorrections(ledger)

      const missing = await refusalOf(reverse(ledger, reversal('1-9', null)))

      expect(missing).to.include({code: 'ENTRY_NOT_FOUND', exit: 3})
      expect(missing.details).to.have.nested.property('candidates[0].id', '1-2')
      expect(missing.details).to.have.nested.property('candidates[1].id', '1-1')
      for (const id of ['2-1', '9-1', '1-EUR-1', '1-lessn-1']) {
        const none = await refusalOf(reverse(ledger, reversal(id, null)))
        expect(none.code, id).to.equal('ENTRY_NOT_FOUND')
        expect(none.details?.candidates, id).to.deep.equal([])
      }
      expect(await sql("select * from account where unit <> 'AZN'")).to.deep.equal([])
    }))

  it('works in every unit, and after the staff have left', () =>
    withTestDatabase(async ({ledger}) => {
      await openCorrections(ledger)
      await configure(ledger, 'counted-units', 'lesson')
      await topup(ledger, request('1', '10', {unit: 'lesson'}))
      await setStaffArchived(ledger, 'Ina', true)

      expect((await reverse(ledger, reversal('1-lesson-1', '4'))).posting.entry).to.include({seq: 2n, balanceAfter: 6n})
      expect((await refusalOf(reverse(ledger, reversal('1-lesson-1', '0.5')))).code).to.equal('INVALID_AMOUNT')
      expect((await reverse(ledger, reversal('1-2', null))).posting.entry.staff?.name).to.equal('Ina')
      await archiveClient(ledger, '1', {keepBalance: true})
      expect((await refusalOf(reverse(ledger, reversal('1-1', '1')))).code).to.equal('ARCHIVED')
    }))

  it('twice at once is one reversal', () =>
    withTestDatabase(async ({ledger, url, sql}) => {
      await openCorrections(ledger)

      const outcomes = await contend(url, 'select 1 from account where client_id = 1 for update', [
        () => reverse(ledger, reversal('1-2', null)),
        () => reverse(ledger, reversal('1-2', '30')),
      ])

      expect(outcomes.map(({status}) => status).toSorted()).to.deep.equal(['fulfilled', 'rejected'])
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).to.have.property('code', 'ALREADY_REVERSED')
      }
      expect(await sql('select amount from entry where reverses = 2')).to.deep.equal([{amount: '3000'}])
    }))
})

describe('refunds, adjustments and openings', () => {
  it('move the balance, each in its way', () =>
    withTestDatabase(async ({ledger}) => {
      await openCorrections(ledger)

      const refunded = await refund(ledger, request('1', '5', {method: 'card', staff: 'Ina'}))
      const added = await adjust(ledger, 'IN', request('1', '1', {note: 'goodwill'}))
      const taken = await adjust(ledger, 'OUT', request('1', '2', {note: 'counted'}))
      const opened = await openAccount(ledger, request('2', '7', {at: '2026-01-01'}))

      expect(refunded.posting.entry).to.include({kind: 'refund', direction: 'OUT', balanceAfter: 1500n, method: 'card'})
      expect(added.posting.entry).to.include({kind: 'adjustment', direction: 'IN', balanceAfter: 1600n})
      expect(taken.posting.entry).to.include({kind: 'adjustment', direction: 'OUT', balanceAfter: 1400n})
      expect(opened.posting.entry).to.include({kind: 'opening', direction: 'IN', seq: 1n, balanceAfter: 700n})
    }))

  it('never go below zero, and an opening is the first entry', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await openCorrections(ledger)

      expect((await refusalOf(refund(ledger, request('1', '20.01')))).code).to.equal('INSUFFICIENT_FUNDS')
      expect((await refusalOf(adjust(ledger, 'OUT', request('1', '20.01')))).code).to.equal('INSUFFICIENT_FUNDS')
      expect((await refusalOf(openAccount(ledger, request('1', '7')))).code).to.equal('ALREADY_OPENED')
      expect((await refusalOf(topup(ledger, request('1', null)))).code).to.equal('USAGE')
      expect(await sql(COUNT)).to.deep.equal([{n: 2}])
    }))
})

describe('a transfer', () => {
  it('takes from one what it gives to the other', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await openCorrections(ledger)

      const {posting} = await transfer(ledger, transferRequest('anna', 'ben', '5', {note: 'gift', reference: 'g-1'}))

      expect(posting.entry).to.include({direction: 'OUT', seq: 3n, balanceAfter: 1500n, reference: 'g-1', note: 'gift'})
      expect(posting.entry.counter).to.deep.equal({clientId: 2n, seq: 1n})
      expect(posting.counterEntry).to.include({direction: 'IN', seq: 1n, balanceAfter: 500n, reference: 'g-1'})
      expect(posting.counterEntry.counter).to.deep.equal({clientId: 1n, seq: 3n})
      expect(await sql('select client_id, balance from account order by 1')).to.deep.equal([
        {client_id: '1', balance: '1500'},
        {client_id: '2', balance: '500'},
      ])
    }))

  it('that one side cannot make changes neither', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await openCorrections(ledger)
      await addClient(ledger, 'Cem', {}, UNIQUE)
      await archiveClient(ledger, '3', {keepBalance: true})

      const codes = [
        await refusalOf(transfer(ledger, transferRequest('1', '2', '20.01'))),
        await refusalOf(transfer(ledger, transferRequest('2', '1', '0.01'))),
        await refusalOf(transfer(ledger, transferRequest('1', '3', '1'))),
        await refusalOf(transfer(ledger, transferRequest('1', '1', '1'))),
        await refusalOf(transfer(ledger, transferRequest('1', 'Anna', '1'))),
        await refusalOf(transfer(ledger, transferRequest('1', '9', '1'))),
      ].map(({code}) => code)

      expect(codes).to.deep.equal([
        'INSUFFICIENT_FUNDS',
        'INSUFFICIENT_FUNDS',
        'ARCHIVED',
        'INVALID_INPUT',
        'INVALID_INPUT',
        'CLIENT_NOT_FOUND',
      ])
      expect(await sql(COUNT)).to.deep.equal([{n: 2}])
    }))

  it('and another one back at the same moment never wait for each other', () =>
    withTestDatabase(async ({ledger, url, sql}) => {
      await openCorrections(ledger)
      await topup(ledger, request('2', '20'))
      const retries: string[] = []
      const told: Ledger = {...ledger, onRetry: (_attempt, _waitMs, reason) => retries.push(reason)}

      for (let round = 0; round < 5; round++) {
        const outcomes = await contend(url, 'select 1 from account order by client_id for update', [
          () => transfer(told, transferRequest('1', '2', '1')),
          () => transfer(told, transferRequest('2', '1', '1')),
          () => transfer(told, transferRequest('1', '2', '2')),
          () => transfer(told, transferRequest('2', '1', '2')),
        ])
        expect(outcomes.map(({status}) => status)).to.deep.equal(Array(4).fill('fulfilled'))
      }

      // A deadlock would have been mended by trying again: none is to happen at all.
      expect(retries).to.deep.equal([])
      expect(await sql('select balance from account')).to.deep.equal([{balance: '2000'}, {balance: '2000'}])
    }))
})
