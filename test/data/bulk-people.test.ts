/** Many texts are looked for together, and mean what each of them means alone. */

import {expect} from 'chai'
import {parseCode} from '../../src/core/code.ts'
import {personQuery} from '../../src/core/person-query.ts'
import {parsePhone} from '../../src/core/phone.ts'
import {Refusal} from '../../src/core/refusal.ts'
import {findPeople} from '../../src/data/bulk-people.ts'
import {addClient, type Profile} from '../../src/data/clients.ts'
import {type FoundClient, findClient} from '../../src/data/find-client.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {readSettings} from '../../src/data/settings.ts'
import {databasesLike} from '../support/database.ts'
import {ANYWAY} from '../support/world.ts'

const CLIENTS: readonly (Profile & {readonly name: string})[] = [
  {name: 'Anastasia Petrova', phone: parsePhone('+994 50 123 45 67')},
  {name: 'Anna Petrova', phone: parsePhone('050 765 43 21')},
  {name: 'Anna Petrova', code: parseCode('VIP-7')},
  {name: 'Maria Anna Schmidt', phone: parsePhone('+49 30 1234567')},
  {name: 'Мурад Алиев', code: parseCode('A77')},
  {name: 'Murad Aliyev'},
  {name: 'Ben'},
  ...Array.from({length: 12}, (_, at) => ({name: `Leyla Nummer${at}`})),
]

const TEXTS = [
  ...['1', '2', '#7', '99', '0', '-1', 'a77', 'vip-7', 'VIP7', '+994501234567', '1234567', '4567', '994507654321'],
  ...['+994507654321'],
  ...['Anna Petrova', 'ANNA PETROVA', 'petrova anna', 'ana petrova', 'anast petrova', 'an', 'Ann Pet', 'pet'],
  ...['maria schmidt', 'anna maria schm', 'schmidt maria anna x', 'Мурад', 'мурад алиев', 'murad aliev', 'aliyev'],
  ...['leyla', 'leyla nummer1', 'leyla nummer11', 'ben', 'Bén', 'benn', '...', '%', '_', "o'neil", '{a,b}', 'a"b\\c'],
]

const withClients = databasesLike(async ({ledger}) => {
  for (const {name, ...profile} of CLIENTS) await addClient(ledger, name, profile, ANYWAY)
})

/** Together they are found without their balances. */
function told(found: FoundClient | Refusal | undefined): unknown {
  if (found instanceof Refusal) return {code: found.code, message: found.message, details: found.details}
  return found === undefined ? found : {...found, balance: null}
}

async function alone(ledger: Ledger, text: string): Promise<unknown> {
  const {unit} = await readSettings(ledger.pool)
  return told(
    await findClient(ledger.pool, await personQuery(text), unit).catch((error: unknown) => {
      if (error instanceof Refusal) return error
      throw error
    }),
  )
}

describe('clients that are looked for together', () => {
  it('are those that each text alone means, or refused as it is', () =>
    withClients(async ({ledger}) => {
      const {unit} = await readSettings(ledger.pool)
      // More than one statement takes, and the known ones on both sides of where it is cut.
      const unknown = Array.from({length: 450}, (_, at) => `Nobody ${at}`)
      const texts = [...TEXTS, ...unknown, ...TEXTS.map((text) => `${text} `)]

      const {clients} = await findPeople(ledger.pool, new Set(texts), new Set(), unit)

      expect([...clients.keys()].toSorted()).to.deep.equal([...new Set(texts)].toSorted())
      const codes = new Set<unknown>()
      for (const text of new Set([...TEXTS, ...texts.slice(-TEXTS.length), 'Nobody 0', 'Nobody 449'])) {
        const found = clients.get(text)
        expect(told(found), text).to.deep.equal(await alone(ledger, text))
        codes.add(found instanceof Refusal ? found.code : found?.how)
      }
      expect([...codes].toSorted()).to.deep.equal(['AMBIGUOUS', 'CLIENT_NOT_FOUND', 'number', 'whole name', 'words'])
    }))

  it('cost no statement each', () =>
    withClients(async ({ledger}) => {
      const {unit} = await readSettings(ledger.pool)
      let statements = 0
      const counting = new Proxy(ledger.pool, {
        get(pool, key) {
          if (key !== 'any' && key !== 'one') return Reflect.get(pool, key)
          return (...args: unknown[]) => {
            statements++
            return Reflect.apply(pool[key], pool, args)
          }
        },
      })

      const names = Array.from({length: 600}, (_, at) => `Nobody ${at}`)
      await findPeople(counting, new Set(names), new Set(), unit)

      expect(statements).to.be.at.most(5)
    }))
})
