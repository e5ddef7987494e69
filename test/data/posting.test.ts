import {expect} from 'chai'
import {addClient, archiveClient, restoreClient} from '../../src/data/clients.ts'
import {configure} from '../../src/data/configure.ts'
import {pay, topup} from '../../src/data/posting.ts'
import {setStaffArchived} from '../../src/data/staff.ts'
import {contend} from '../support/contention.ts'
import {withTestDatabase} from '../support/database.ts'
import {refusalOf} from '../support/refusal.ts'
import {ANYWAY, openBusiness, request, UNIQUE} from '../support/world.ts'

describe('posting', () => {
  it('moves the balance and numbers the entries', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)

      const first = await topup(ledger, request('Anna', '50', {method: 'cash', note: 'March'}))
      const second = await pay(ledger, request('ann pet', '12,50', {staff: 'ina'}))

      expect(first.posting).to.include({replayed: false, dryRun: false})
      expect(first.posting.entry).to.include({
        balanceBefore: 0n,
        balanceAfter: 5000n,
        seq: 1n,
        method: 'cash',
        note: 'March',
        operator: 'tester',
      })
      expect(second.posting.entry).to.include({balanceBefore: 5000n, balanceAfter: 3750n, seq: 2n, kind: 'payment'})
      expect(second.posting.entry.staff).to.deep.equal({id: 1n, name: 'Ina'})
    }))

  it('charges the default price when no amount is named', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await addClient(ledger, 'Ben', {defaultPrice: {digits: 25n, scale: 0}}, UNIQUE)
      await topup(ledger, request('Ben', '100'))

      expect((await pay(ledger, request('Ben', null, {staff: 'Ina'}))).posting.entry.amount).to.equal(2500n)
      expect((await refusalOf(pay(ledger, request('Anna', null, {staff: 'Ina'})))).code).to.equal('USAGE')
    }))

  it('never tops up by the default price: nobody brings exactly that unasked', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await addClient(ledger, 'Ben', {defaultPrice: {digits: 25n, scale: 0}}, UNIQUE)

      expect((await refusalOf(topup(ledger, request('Ben', null)))).code).to.equal('USAGE')
      expect(await sql('select from entry')).to.deep.equal([])
    }))

  it('keeps other units in accounts of their own', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await configure(ledger, 'counted-units', 'lesson')
      await topup(ledger, request('1', '50'))

      const lessons = await topup(ledger, request('1', '10', {unit: 'lesson'}))
      const used = await pay(ledger, request('1', '1', {unit: 'lesson', staff: 'Ina'}))

      expect(lessons.posting.entry).to.include({seq: 1n, balanceAfter: 10n})
      expect(used.posting.entry).to.include({seq: 2n, balanceAfter: 9n})
      expect((await refusalOf(pay(ledger, request('1', '0.5', {unit: 'lesson', staff: 'Ina'})))).code).to.equal(
        'INVALID_AMOUNT',
      )
      expect((await refusalOf(topup(ledger, request('1', '5', {unit: 'visit'})))).code).to.equal('INVALID_INPUT')
    }))

  it('writes nothing in a dry run, and opens no account', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await openBusiness(ledger)

      const {posting} = await topup(ledger, request('1', '50', {dryRun: true, unit: 'EUR'}))

      expect(posting).to.include({dryRun: true, replayed: false})
      expect(posting.entry).to.include({seq: 1n, balanceAfter: 5000n})
      expect(await sql('select * from entry')).to.deep.equal([])
      expect(await sql("select * from account where unit = 'EUR'")).to.deep.equal([])
    }))

  it('is recorded when it happened, in the business zone', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await configure(ledger, 'time-zone', 'Asia/Baku')

      const {posting} = await topup(ledger, request('1', '50', {at: '2026-01-02 14:00'}))

      expect(posting.entry.occurredAt).to.equal('2026-01-02T10:00:00.000Z')
      expect(Math.abs(Date.parse(posting.entry.recordedAt) - Date.now())).to.be.lessThan(60_000)
    }))

  it('refuses unknown clients and staff, with the nearest staff', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await openBusiness(ledger)

      expect((await refusalOf(topup(ledger, request('Bob', '1')))).code).to.equal('CLIENT_NOT_FOUND')
      expect((await refusalOf(topup(ledger, request('Petrowa', '1')))).code).to.equal('CLIENT_NOT_FOUND')
      const unknown = await refusalOf(pay(ledger, request('1', '1', {staff: 'Inna'})))
      expect(unknown.code).to.equal('STAFF_NOT_FOUND')
      expect(unknown.details).to.deep.equal({candidates: [{id: 1, name: 'Ina', archived: false}]})
      expect(await sql('select * from entry')).to.deep.equal([])
    }))

  it('never guesses between namesakes', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await addClient(ledger, 'Anna Petrova', {phone: {text: '+994 50 111 22 33', digits: '994501112233'}}, ANYWAY)
      await addClient(ledger, 'Anna Ivanova', {}, UNIQUE)

      const ambiguous = await refusalOf(topup(ledger, request('anna petrova', '1')))
      expect(ambiguous.code).to.equal('AMBIGUOUS')
      expect(ambiguous.details?.candidates).to.have.length(2)
      expect((await refusalOf(topup(ledger, request('anna', '1')))).details?.candidates).to.have.length(3)
      expect((await topup(ledger, request('0501112233', '1'))).posting.entry.clientId).to.equal(2n)
      expect((await topup(ledger, request('+994501112233', '1'))).posting.entry.clientId).to.equal(2n)
      expect((await topup(ledger, request('iv an', '1'))).posting.entry.clientId).to.equal(3n)
    }))

  it('takes a whole name before the beginning of longer ones', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await addClient(ledger, 'Anna', {}, UNIQUE)

      expect((await topup(ledger, request('ANNA', '1'))).posting.entry.clientId).to.equal(2n)
    }))

  it('finds a client by code whatever its case, and a folded name in any script', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await addClient(ledger, 'Əliyeva İradə', {code: 'A-17'}, UNIQUE)

      expect((await topup(ledger, request('a-17', '1'))).posting.entry.clientId).to.equal(2n)
      expect((await topup(ledger, request('eliyeva', '1'))).posting.entry.clientId).to.equal(2n)
      expect((await topup(ledger, request('ƏLİYEVA', '1'))).posting.entry.clientId).to.equal(2n)
    }))

  it('refuses archived clients and staff until they are back', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await topup(ledger, request('1', '10'))
      await archiveClient(ledger, '1', {keepBalance: true})
      expect((await refusalOf(pay(ledger, request('1', '1', {staff: 'Ina'})))).code).to.equal('ARCHIVED')
      await restoreClient(ledger, '1')
      await setStaffArchived(ledger, 'Ina', true)
      expect((await refusalOf(pay(ledger, request('1', '1', {staff: 'Ina'})))).code).to.equal('ARCHIVED')
      await setStaffArchived(ledger, 'Ina', false)

      expect((await pay(ledger, request('1', '1', {staff: 'Ina'}))).posting.entry.balanceAfter).to.equal(900n)
    }))
})

describe('a reference', () => {
  it('posts once, and replays afterwards', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await openBusiness(ledger)
      const again = request('1', '50', {reference: 'receipt-1'})

      const first = await topup(ledger, again)
      const second = await topup(ledger, again)

      expect(second.posting.replayed).to.equal(true)
      expect(second.posting.entry).to.deep.equal(first.posting.entry)
      expect(await sql('select count(*)::integer as n from entry')).to.deep.equal([{n: 1}])
      expect((await refusalOf(topup(ledger, request('1', '51', {reference: 'receipt-1'})))).code).to.equal(
        'REFERENCE_CONFLICT',
      )
    }))

  it('replays a payment even when the balance no longer suffices for a second one', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await topup(ledger, request('1', '10'))
      const visit = request('1', '10', {staff: 'Ina', reference: 'visit-1'})
      await pay(ledger, visit)

      expect((await pay(ledger, visit)).posting).to.include({replayed: true})
    }))

  it('is the client’s own: another client may use the same', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await addClient(ledger, 'Ben', {}, UNIQUE)
      await topup(ledger, request('1', '5', {reference: 'x'}))

      expect((await topup(ledger, request('Ben', '5', {reference: 'x'}))).posting.replayed).to.equal(false)
    }))

  it('posted from many places at once is one entry and many replays', () =>
    withTestDatabase(async ({ledger, url, sql}) => {
      await openBusiness(ledger)
      await topup(ledger, request('1', '10'))
      const visit = request('1', '10', {staff: 'Ina', reference: 'visit-1'})

      const outcomes = await contend(
        url,
        'select 1 from account where client_id = 1 for update',
        Array.from({length: 4}, () => () => pay(ledger, visit)),
      )

      const postings = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.posting : null))
      expect(postings.filter((posting) => posting?.replayed === false)).to.have.length(1)
      expect(new Set(postings.map((posting) => posting?.entry.hash))).to.have.property('size', 1)
      expect(await sql('select balance from account')).to.deep.equal([{balance: '0'}])
    }))
})

describe('postings at the same time', () => {
  it('all count', () =>
    withTestDatabase(async ({ledger, url, sql}) => {
      await openBusiness(ledger)

      const outcomes = await contend(
        url,
        'select 1 from account where client_id = 1 for update',
        Array.from({length: 4}, () => () => topup(ledger, request('1', '1'))),
      )

      const after = outcomes.map((outcome) =>
        outcome.status === 'fulfilled' ? outcome.value.posting.entry.balanceAfter : -1n,
      )
      expect(after.toSorted()).to.deep.equal([100n, 200n, 300n, 400n])
      expect(await sql('select balance, last_seq from account')).to.deep.equal([{balance: '400', last_seq: '4'}])
    }))

  it('never overdraw', () =>
    withTestDatabase(async ({ledger, url}) => {
      await openBusiness(ledger)
      await topup(ledger, request('1', '2'))

      const outcomes = await contend(
        url,
        'select 1 from account where client_id = 1 for update',
        Array.from({length: 4}, () => () => pay(ledger, request('1', '1', {staff: 'Ina'}))),
      )

      expect(outcomes.filter(({status}) => status === 'fulfilled')).to.have.length(2)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).to.have.property('code', 'INSUFFICIENT_FUNDS')
      }
    }))

  it('see an archiving that came first', () =>
    withTestDatabase(async ({ledger, url, sql}) => {
      await openBusiness(ledger)

      const outcomes = await contend(
        url,
        'select 1 from client where id = 1 for update; select 1 from account where client_id = 1 for update; update client set archived_at = now() where id = 1',
        [() => topup(ledger, request('1', '1')), () => topup(ledger, request('1', '1', {unit: 'EUR'}))],
      )

      for (const outcome of outcomes) expect(outcome).to.have.nested.property('reason.code', 'ARCHIVED')
      expect(await sql('select * from entry')).to.deep.equal([])
    }))
})
