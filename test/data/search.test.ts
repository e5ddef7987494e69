import {expect} from 'chai'
import {personQuery} from '../../src/core/person-query.ts'
import {Refusal} from '../../src/core/refusal.ts'
import {addClient, archiveClient, showClient} from '../../src/data/clients.ts'
import {findClient} from '../../src/data/find-client.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {bringUpToDate, migrate, readMigrations} from '../../src/data/migrate.ts'
import {nearestClients} from '../../src/data/nearest-clients.ts'
import {searchClients} from '../../src/data/search.ts'
import {readSettings} from '../../src/data/settings.ts'
import {crowdSql} from '../support/crowd.ts'
import {MIGRATIONS, plainSql, type TestDatabase, withEmptyDatabase, withTestDatabase} from '../support/database.ts'
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

describe('a client named in part, for a command that moves money', () => {
  const names = ['Anastasia Petrova', 'Anna Petrova', 'Шамиль Тагиров', 'Samir Abbasov']
  const cases: readonly (readonly [text: string, code: string])[] = [
    // Begins only Anastasia, but with one n more it is Anna.
    ['ana petrova', 'AMBIGUOUS'],
    ['anast petrova', '1'],
    ['anast pet', '1'],
    ['abbas', '4'],
    ['abbasof', 'CLIENT_NOT_FOUND'],
    ['samir', '4'],
    ['Тагиров', '3'],
  ]
  it('is never taken where the text may be another one with a typo', () =>
    withTestDatabase(async ({ledger, pool}) => {
      for (const name of names) await addClient(ledger, name, {}, ANYWAY)
      const {unit} = await readSettings(pool)

      for (const [text, expected] of cases) {
        const answer = await findClient(pool, await personQuery(text), unit).then(
          ({id}) => String(id),
          (error: unknown) => (error instanceof Refusal ? error.code : Promise.reject(error)),
        )
        expect(answer, text).to.equal(expected)
      }
    }))

  it('is never taken where another client has the same name in another spelling', () =>
    withTestDatabase(async ({ledger, pool}) => {
      for (const name of ['Тагиров Шамиль', 'Şamil Tahirov']) await addClient(ledger, name, {}, ANYWAY)
      const {unit} = await readSettings(pool)

      const refusal = await findClient(pool, await personQuery('Шамиль Тагиров'), unit).catch((error: unknown) => error)

      expect(refusal).to.include({code: 'AMBIGUOUS'})
      expect((await findClient(pool, await personQuery('Тагиров Шамиль'), unit)).id).to.equal(1n)
    }))

  it('is never taken for a whole name where another client has the words in the script that was typed', () =>
    withTestDatabase(async ({ledger, pool}) => {
      for (const name of ['Murad Salmanov', 'Салманов Мурад']) await addClient(ledger, name, {}, ANYWAY)
      const {unit} = await readSettings(pool)

      const refusal = await findClient(pool, await personQuery('Мурад Салманов'), unit).catch((error: unknown) => error)

      expect(refusal).to.include({code: 'AMBIGUOUS'})
      expect((await findClient(pool, await personQuery('MURAD SALMANOV'), unit)).id).to.equal(1n)
      expect((await findClient(pool, await personQuery('Салманов Мурад'), unit)).id).to.equal(2n)
    }))

  it('is never taken from a list that was cut', () =>
    withTestDatabase(async ({ledger, pool}) => {
      for (let n = 0; n < 12; n++) await addClient(ledger, `Anna Berg${n}`, {}, ANYWAY)
      for (const name of ['Anna Anders', 'Anna Anderson']) await addClient(ledger, name, {}, ANYWAY)
      const {unit} = await readSettings(pool)

      for (const text of ['an an', 'an']) {
        const refusal = await findClient(pool, await personQuery(text), unit).catch((error: unknown) => error)
        expect(refusal, text).to.include({code: 'AMBIGUOUS'})
      }
      expect((await findClient(pool, await personQuery('an berg11'), unit)).name).to.equal('Anna Berg11')
    }))
})

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

  it('puts a word typed in its own script before the same in another', () =>
    withTestDatabase(async ({ledger}) => {
      for (const name of ['Samir Latifov', 'Самир Латифов', 'Samir Lətifov']) await addClient(ledger, name, {}, ANYWAY)

      expect((await found(ledger, 'самир латифов'))[0]).to.equal('Самир Латифов')
      expect((await found(ledger, 'samir latifov'))[0]).to.equal('Samir Latifov')
      expect((await found(ledger, 'SAMİR LƏTİFOV'))[0]).to.equal('Samir Lətifov')
      expect(await found(ledger, 'latifov samir')).to.have.length(3)
    }))

  it('finds typos in any script, and parts of two words', () =>
    withTestDatabase(async ({ledger}) => {
      for (const name of ['Горхмаз Михайлов', 'Qorxmaz Əliyev', 'Раиса Беляева', 'Алиева Айсель']) {
        await addClient(ledger, name, {}, ANYWAY)
      }

      expect((await found(ledger, 'Гормхаз Михайлов'))[0]).to.equal('Горхмаз Михайлов')
      expect((await found(ledger, 'Горхмаз Миайлов'))[0]).to.equal('Горхмаз Михайлов')
      expect((await found(ledger, 'Qorxmaz Əlyiev'))[0]).to.equal('Qorxmaz Əliyev')
      expect((await found(ledger, 'еляева аиса'))[0]).to.equal('Раиса Беляева')
      expect((await found(ledger, 'йщкчьфя эдшнум'))[0]).to.equal('Qorxmaz Əliyev')
    }))

  it('finds a phone whichever way it is kept and typed', () =>
    withTestDatabase(async ({ledger}) => {
      const phones = ['+994 50 123 45 67', '050-765-43-21', '8 916 765 43 21']
      for (const text of phones) {
        await addClient(ledger, text, {phone: {text, digits: text.replace(/\D/g, '')}}, ANYWAY)
      }

      for (const [typed, kept] of [
        ['050 123 45 67', phones[0]],
        ['00994501234567', phones[0]],
        ['+994507654321', phones[1]],
        ['00994 50 765 43 21', phones[1]],
        ['(050) 765-43-21', phones[1]],
        ['+7 916 765-43-21', phones[2]],
        ['4567', phones[0]],
      ]) {
        expect((await found(ledger, typed ?? ''))[0], typed).to.equal(kept)
      }
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

  it('shows of a client all that is kept of it', () =>
    withTestDatabase(async ({ledger, sql}) => {
      const profile = {
        phone: {text: '+994 50 1', digits: '994501'},
        email: 'a@b.az',
        code: 'VIP-7',
        birthDate: '1990-02-28',
      }
      const texts = {category: 'gym "A"', source: 'friend\nof Bob', address: 'Bakı', note: '\u{1f600} \\ note'}
      await addClient(ledger, 'Əliyeva Günel', {...profile, ...texts}, ANYWAY)
      await sql("update client set default_price = 1250, archived_at = '2026-01-02 03:04:05.678901+04' where id = 1")
      const {
        client: {balances, unit, ...kept},
      } = await showClient(ledger, '1')

      const {clients} = await searchClients(ledger, 'gunel', {limit: 20, archived: true})

      expect(clients).to.deep.equal([{...kept, own: balances[0]}])
      expect(clients[0]?.archivedAt).to.equal('2026-01-01T23:04:05.678Z')
    }))

  it('finds a phone by its beginning, and shows first those that begin or end so', () =>
    withTestDatabase(async ({ledger}) => {
      for (const [name, digits] of [
        ['Within', '994551234567'],
        ['Begun', '123400000000'],
        ['Ended', '994550001234'],
      ] as const) {
        await addClient(ledger, name, {phone: {text: digits, digits}}, ANYWAY)
      }

      expect(await found(ledger, '1234')).to.deep.equal(['Ended', 'Begun', 'Within'])
      expect(await found(ledger, '1234', 2)).to.deep.equal(['Ended', 'Begun'])
      expect(await found(ledger, '+9945512345')).to.deep.equal(['Within'])
      expect(await found(ledger, '512345')).to.deep.equal(['Within'])
    }))

  it('finds any three digits and more in the middle of a phone, of fifteen digits as well', () =>
    withTestDatabase(async ({ledger}) => {
      const digits = '987106543219876'
      await addClient(ledger, 'Long', {phone: {text: digits, digits}}, ANYWAY)
      await addClient(ledger, 'Short', {phone: {text: '123', digits: '123'}}, ANYWAY)

      for (let length = 3; length <= digits.length; length++) {
        for (let at = 0; at + length <= digits.length; at++) {
          const part = digits.slice(at, at + length)
          expect(await found(ledger, part), part).to.deep.equal(['Long'])
        }
      }
      expect(await found(ledger, '0654321987')).to.deep.equal(['Long'])
      expect(await found(ledger, '0654321986')).to.deep.equal([])
    }))

  it('counts a client once who is found by a number in two ways', () =>
    withTestDatabase(async ({ledger}) => {
      for (const digits of ['5555', '555512', '125555', '99455559']) {
        await addClient(ledger, `Client ${digits}`, {phone: {text: digits, digits}}, ANYWAY)
      }

      expect(await found(ledger, '5555', 4)).to.have.length(4)
    }))

  it('leaves room on the page for those that are not archived', () =>
    withTestDatabase(async ({ledger}) => {
      for (const digits of ['994501', '994502', '994503']) {
        await addClient(ledger, `Client ${digits}`, {phone: {text: digits, digits}}, ANYWAY)
      }
      await archiveClient(ledger, 'Client 994501', {keepBalance: false})

      expect(await found(ledger, '9945', 1)).to.deep.equal(['Client 994502'])
    }))

  it('works on a ledger that was kept with the first schema', () =>
    withEmptyDatabase(async ({url, ledger}) => {
      await migrate(url, (await readMigrations(MIGRATIONS)).slice(0, 1))
      // A column that later schemas do not have.
      await plainSql(url, "alter table client alter loose_key set default ''", [])
      await plainSql(url, crowdSql(100), [])

      await bringUpToDate(url, MIGRATIONS)

      const {clients} = await searchClients(ledger, '0000042', {limit: 20, archived: false})
      expect(clients.map(({id, own}) => [id, own.balance])).to.deep.equal([[42n, 100000n]])
      expect(await found(ledger, clients[0]?.name.slice(1, 6) ?? '')).to.include(clients[0]?.name)
    }))
})
