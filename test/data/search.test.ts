import {expect} from 'chai'
import {Refusal} from '../../src/core/refusal.ts'
import {addClient, archiveClient} from '../../src/data/clients.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {nearestClients} from '../../src/data/nearest-clients.ts'
import {searchClients} from '../../src/data/search.ts'
import {type TestDatabase, withTestDatabase} from '../support/database.ts'
import {ANYWAY} from '../support/world.ts'

const NAMES = [
  ['Əliyeva Günel', '+994 50 111 22 33'],
  ['Алиева Мария', null],
  ['Aliyev Rauf', '+994 55 444 55 66'],
  ['İradə Məmmədova', null],
  ['Anna Petrova', '+7 (916) 765-43-21'],
  ['Johanna Smith', null],
  ['Annabel Lee', null],
  ['Petra Annen', null],
  ['Xəlilov Elçin', null],
  ['Anna', null],
] as const

async function open({ledger}: TestDatabase): Promise<void> {
  for (const [name, phone] of NAMES) {
    await addClient(
      ledger,
      name,
      phone === null ? {} : {phone: {text: phone, digits: phone.replace(/\D/g, '')}},
      ANYWAY,
    )
  }
}

async function found(ledger: Ledger, text: string, limit = 20): Promise<readonly string[]> {
  return (await searchClients(ledger, text, {limit, archived: false})).clients.map(({name}) => name)
}

describe('client search', () => {
  const finds: readonly (readonly [text: string, ...first: string[]])[] = [
    ['ƏLİYEVA', 'Əliyeva Günel'],
    ['eliyeva', 'Əliyeva Günel'],
    ['Алиева', 'Алиева Мария'],
    ['irade', 'İradə Məmmədova'],
    ['IRADE', 'İradə Məmmədova'],
    ['iradə', 'İradə Məmmədova'],
    ['petrova', 'Anna Petrova'],
    ['petorva', 'Anna Petrova'],
    ['petrva', 'Anna Petrova'],
    ['pterova', 'Anna Petrova'],
    ['petrowa', 'Anna Petrova'],
    ['etrov', 'Anna Petrova'],
    ['pet ann', 'Anna Petrova', 'Petra Annen'],
    ['anna petrva', 'Anna Petrova'],
    ['ana petrova', 'Anna Petrova'],
    ['халилов', 'Xəlilov Elçin'],
    ['khalilov', 'Xəlilov Elçin'],
    ['fkbtdf', 'Алиева Мария'],
    ['7654321', 'Anna Petrova'],
    ['765-43-21', 'Anna Petrova'],
    ['+7 916', 'Anna Petrova'],
    ['4455', 'Aliyev Rauf'],
    ['0501112233', 'Əliyeva Günel'],
    ['3', 'Aliyev Rauf'],
  ]
  it('finds people however their names are typed', () =>
    withTestDatabase(async (database) => {
      await open(database)

      for (const [text, ...first] of finds) {
        expect((await found(database.ledger, text)).slice(0, first.length), text).to.deep.equal(first)
      }
    }))

  it('finds one family in every spelling and script', () =>
    withTestDatabase(async (database) => {
      await open(database)

      for (const text of ['ƏLİYEVA', 'eliyeva', 'Алиева', 'aliyeva', 'alieva']) {
        expect(await found(database.ledger, text), text).to.include.members(['Əliyeva Günel', 'Алиева Мария'])
      }
      expect(await found(database.ledger, 'aliyev')).to.include.members([
        'Əliyeva Günel',
        'Алиева Мария',
        'Aliyev Rauf',
      ])
    }))

  it('puts the best match first: exact, first word, any word, part', () =>
    withTestDatabase(async (database) => {
      await open(database)

      expect((await found(database.ledger, 'anna')).slice(0, 4)).to.deep.equal([
        'Anna',
        'Anna Petrova',
        'Annabel Lee',
        'Johanna Smith',
      ])
      expect(await found(database.ledger, 'anna', 2)).to.deep.equal(['Anna', 'Anna Petrova'])
    }))

  it('finds by code, leaves the archived out, and finds nothing where nothing is', () =>
    withTestDatabase(async (database) => {
      await open(database)
      await addClient(database.ledger, 'Coded', {code: 'VIP-7'}, ANYWAY)

      expect(await found(database.ledger, 'vip-7')).to.deep.equal(['Coded'])
      await archiveClient(database.ledger, 'VIP-7', {keepBalance: false})
      expect(await found(database.ledger, 'vip-7')).to.deep.equal([])
      expect((await searchClients(database.ledger, 'vip-7', {limit: 5, archived: true})).clients).to.have.length(1)
      for (const text of ['zzzzzz', '%', '_', "'", '\\', '(', '   '])
        expect(await found(database.ledger, text), text).to.deep.equal([])
    }))

  it('offers the nearest clients for one that does not exist', () =>
    withTestDatabase(async (database) => {
      await open(database)
      const refusal = new Refusal('CLIENT_NOT_FOUND', 'There is no client "petorva"', {
        details: {text: 'petorva', candidates: []},
      })

      const better = await nearestClients(database.ledger, refusal)

      expect(better.details?.candidates).to.deep.include.members([
        {
          id: 5,
          name: 'Anna Petrova',
          phone: '+7 (916) 765-43-21',
          code: null,
          balance: '0.00',
          unit: 'AZN',
          archived: false,
        },
      ])
      const nothing = new Refusal('CLIENT_NOT_FOUND', 'x', {details: {text: 'zzzzzz'}})
      expect(await nearestClients(database.ledger, nothing)).to.equal(nothing)
    }))
})
