import {expect} from 'chai'
import {clientBalances, ledgerTotals} from '../../src/data/balances.ts'
import {addClient, archiveClient, editClient, listClients, restoreClient, showClient} from '../../src/data/clients.ts'
import {configure} from '../../src/data/configure.ts'
import {pay, topup} from '../../src/data/posting.ts'
import {addStaff, listStaff, renameStaff, setStaffArchived} from '../../src/data/staff.ts'
import {contend} from '../support/contention.ts'
import {withTestDatabase} from '../support/database.ts'
import {refusalOf} from '../support/refusal.ts'
import {ANYWAY, openBusiness, request, UNIQUE} from '../support/world.ts'

const PROFILE = {
  phone: {text: '+994 50 123 45 67', digits: '994501234567'},
  email: 'anna@example.com',
  code: 'A-17',
  birthDate: '1990-05-17',
  category: 'regular',
  source: 'a friend',
  address: 'Nizami 1',
  note: 'left-handed',
  defaultPrice: {digits: 25n, scale: 0},
} as const

describe('a client', () => {
  it('keeps the whole profile', () =>
    withTestDatabase(async ({ledger}) => {
      const {client} = await addClient(ledger, 'Anna Petrova', PROFILE, UNIQUE)

      expect(client).to.include({
        id: 1n,
        name: 'Anna Petrova',
        phone: '+994 50 123 45 67',
        email: 'anna@example.com',
        code: 'A-17',
        birthDate: '1990-05-17',
        category: 'regular',
        source: 'a friend',
        address: 'Nizami 1',
        note: 'left-handed',
        defaultPrice: 2500n,
        archivedAt: null,
      })
      expect(client.balances).to.deep.equal([{unit: {code: 'AZN', decimals: 2}, balance: 0n}])
      expect((await showClient(ledger, 'A-17')).client).to.deep.equal(client)
    }))

  it('is refused when there is one of the same folded name, unless it is another person', () =>
    withTestDatabase(async ({ledger}) => {
      await addClient(ledger, 'Əliyeva Anna', {}, UNIQUE)

      const error = await refusalOf(addClient(ledger, 'ELIYEVA  anna', {}, UNIQUE))

      expect(error.code).to.equal('DUPLICATE_CLIENT')
      expect(error.details?.candidates).to.have.length(1)
      expect((await addClient(ledger, 'Eliyeva Anna', {}, ANYWAY)).client.name).to.equal('Eliyeva Anna')
    }))

  it('is added once when two desks add the same name at the same time', () =>
    withTestDatabase(async ({ledger, url, sql}) => {
      const outcomes = await contend(url, "select pg_advisory_xact_lock(hashtextextended('anna', 0))", [
        () => addClient(ledger, 'Anna', {}, UNIQUE),
        () => addClient(ledger, 'ANNA', {}, UNIQUE),
      ])

      expect(outcomes.map(({status}) => status).toSorted()).to.deep.equal(['fulfilled', 'rejected'])
      expect(await sql('select count(*)::integer as n from client')).to.deep.equal([{n: 1}])
    }))

  it('has a code that nobody else has', () =>
    withTestDatabase(async ({ledger}) => {
      await addClient(ledger, 'Anna', {code: 'A-17'}, UNIQUE)
      await addClient(ledger, 'Ben', {code: 'B-1'}, UNIQUE)

      expect((await refusalOf(addClient(ledger, 'Cem', {code: 'a-17'}, UNIQUE))).code).to.equal('DUPLICATE_CODE')
      expect((await refusalOf(editClient(ledger, 'Ben', {code: 'A-17'}, UNIQUE))).code).to.equal('DUPLICATE_CODE')
      await editClient(ledger, 'Anna', {code: null}, UNIQUE)
      expect((await editClient(ledger, 'Ben', {code: 'A-17'}, UNIQUE)).client.code).to.equal('A-17')
      expect((await refusalOf(showClient(ledger, 'B-1'))).code).to.equal('CLIENT_NOT_FOUND')
    }))

  it('is edited field by field; null empties a field', () =>
    withTestDatabase(async ({ledger}) => {
      await addClient(ledger, 'Anna Petrova', PROFILE, UNIQUE)

      const changes = {
        name: 'Anna Smith',
        phone: {text: '055 765 43 21', digits: '0557654321'},
        email: 'a@b.c',
        birthDate: null,
        defaultPrice: null,
      }
      const more = {category: null, source: 'x', address: null, note: null}
      const {client} = await editClient(ledger, 'A-17', {...changes, ...more}, UNIQUE)

      expect(client).to.include({
        name: 'Anna Smith',
        phone: '055 765 43 21',
        email: 'a@b.c',
        birthDate: null,
        defaultPrice: null,
      })
      expect(client).to.include({category: null, source: 'x', address: null, note: null, code: 'A-17'})
      expect((await refusalOf(showClient(ledger, 'Petrova'))).code).to.equal('CLIENT_NOT_FOUND')
      expect((await showClient(ledger, 'smith')).client.id).to.equal(1n)
    }))

  it('cannot be renamed to somebody else by mistake', () =>
    withTestDatabase(async ({ledger}) => {
      await addClient(ledger, 'Anna', {}, UNIQUE)
      await addClient(ledger, 'Ben', {}, UNIQUE)

      expect((await refusalOf(editClient(ledger, 'Ben', {name: 'anna'}, UNIQUE))).code).to.equal('DUPLICATE_CLIENT')
      expect((await editClient(ledger, 'Anna', {name: 'ANNA'}, UNIQUE)).client.name).to.equal('ANNA')
      expect((await editClient(ledger, 'Ben', {name: 'Anna'}, ANYWAY)).client.name).to.equal('Anna')
    }))

  it('keeps its balance when the profile is edited in the middle of postings', () =>
    withTestDatabase(async ({ledger, sql}) => {
      await openBusiness(ledger)

      await Promise.all(
        Array.from({length: 10}, async (_, n) => {
          await topup(ledger, request('1', '1'))
          await editClient(ledger, '1', {note: `edit ${n}`}, UNIQUE)
        }),
      )

      expect(await sql('select balance, last_seq from account')).to.deep.equal([{balance: '1000', last_seq: '10'}])
    }))

  it('is archived only with an empty account, unless the money is to be kept', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await topup(ledger, request('1', '10'))

      const error = await refusalOf(archiveClient(ledger, '1', {keepBalance: false}))
      expect(error.code).to.equal('BALANCE_NOT_ZERO')
      expect(error.message).to.equal('Anna Petrova still has 10.00 AZN')

      const {client} = await archiveClient(ledger, '1', {keepBalance: true})
      expect(client.archivedAt).to.be.a('string')
      expect((await archiveClient(ledger, '1', {keepBalance: true})).client.archivedAt).to.equal(client.archivedAt)
      expect((await restoreClient(ledger, '1')).client.archivedAt).to.equal(null)
    }))

  it('cannot be archived while a posting is under way', () =>
    withTestDatabase(async ({ledger, url}) => {
      await openBusiness(ledger)

      const outcomes = await contend(url, 'select 1 from account where client_id = 1 for update', [
        () => archiveClient(ledger, '1', {keepBalance: false}),
      ])

      expect(outcomes[0]).to.have.property('status', 'fulfilled')
    }))
})

describe('lists of clients', () => {
  it('go by name, page by page, without those archived', () =>
    withTestDatabase(async ({ledger}) => {
      for (const name of ['Cem', 'Anna', 'Ədil', 'Ben', 'Борис']) await addClient(ledger, name, {}, UNIQUE)
      await archiveClient(ledger, 'Cem', {keepBalance: false})

      const names: string[] = []
      let cursor: string | null = null
      do {
        const page = await listClients(ledger, {archived: false, limit: 2, cursor})
        names.push(...page.clients.map(({name}) => name))
        cursor = page.next
      } while (cursor !== null)

      expect(names).to.deep.equal(['Anna', 'Ben', 'Борис', 'Ədil'])
      expect((await listClients(ledger, {archived: true, limit: 10, cursor: null})).clients).to.have.length(5)
      expect((await refusalOf(listClients(ledger, {archived: false, limit: 2, cursor: 'x'}))).code).to.equal('USAGE')
    }))

  it('show balances, also in total and unit by unit', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await addClient(ledger, 'Ben', {}, UNIQUE)
      await configure(ledger, 'counted-units', 'lesson')
      await topup(ledger, request('Anna', '10'))
      await topup(ledger, request('Ben', '5'))
      await topup(ledger, request('Ben', '3', {unit: 'lesson'}))

      const {clients} = await listClients(ledger, {archived: false, limit: 10, cursor: null})
      expect(clients.map(({own}) => own.balance)).to.deep.equal([1000n, 500n])
      const {totals} = await ledgerTotals(ledger)
      expect(totals.map(({unit, balance, clients: count}) => [unit.code, balance, count])).to.deep.equal([
        ['AZN', 1500n, 2],
        ['lesson', 3n, 1],
      ])
      expect((await clientBalances(ledger, 'Ben', null)).balances.map(({balance}) => balance)).to.deep.equal([500n, 3n])
      expect((await clientBalances(ledger, 'Ben', 'lesson')).balances.map(({balance}) => balance)).to.deep.equal([3n])
      expect((await clientBalances(ledger, 'Ben', 'eur')).balances).to.deep.equal([])
    }))
})

describe('staff', () => {
  it('are added, renamed, archived and listed by name', () =>
    withTestDatabase(async ({ledger}) => {
      await addStaff(ledger, 'Tomas')
      const ina = await addStaff(ledger, 'Ina')
      await renameStaff(ledger, 'tom', 'Tomas B.')
      await setStaffArchived(ledger, String(ina.id), true)

      expect((await listStaff(ledger.pool, false)).map(({name}) => name)).to.deep.equal(['Tomas B.'])
      expect((await listStaff(ledger.pool, true)).map(({name}) => name)).to.deep.equal(['Ina', 'Tomas B.'])
    }))

  it('have names that differ', () =>
    withTestDatabase(async ({ledger}) => {
      await addStaff(ledger, 'Ina')
      await addStaff(ledger, 'Tomas')

      expect((await refusalOf(addStaff(ledger, 'INA'))).code).to.equal('DUPLICATE_STAFF')
      expect((await refusalOf(renameStaff(ledger, 'Tomas', 'İna'))).code).to.equal('DUPLICATE_STAFF')
    }))

  it('are ambiguous when a beginning fits two', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      await addStaff(ledger, 'Inga')
      await topup(ledger, request('1', '5'))

      expect((await refusalOf(pay(ledger, request('1', '1', {staff: 'in'})))).code).to.equal('AMBIGUOUS')
      expect((await pay(ledger, request('1', '1', {staff: 'ing'}))).posting.entry.staff?.name).to.equal('Inga')
    }))
})
