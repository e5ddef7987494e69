/** Every way to move money refuses a name typed in part that may be another one with a typo: the many lines as the one. */

import {expect} from 'chai'
import {parseDecimal} from '../../src/core/money.ts'
import {Refusal} from '../../src/core/refusal.ts'
import {postMany} from '../../src/data/bulk.ts'
import {addClient} from '../../src/data/clients.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {topup} from '../../src/data/posting.ts'
import {transfer} from '../../src/data/transfer.ts'
import {databasesLike} from '../support/database.ts'
import {ANYWAY, request} from '../support/world.ts'

const withPetrovas = databasesLike(async ({ledger}) => {
  for (const name of ['Anastasia Petrova', 'Anna Petrova', 'Ben']) await addClient(ledger, name, {}, ANYWAY)
  for (const client of ['1', '2', '3']) await topup(ledger, request(client, '10'))
})

/** Begins only Anastasia's name, but with one n more it is Anna's. */
const DOUBTFUL = 'ana petrova'
const SURE = 'anast petrova'

const sides = (from: string, to: string) => ({
  ...{from, to, amount: parseDecimal('1'), unit: null, note: null, reference: null, at: null, dryRun: false},
})

async function inBulk(ledger: Ledger, client: string): Promise<unknown> {
  const operations = ['3', client].map((who) => ({...request(who, '1'), kind: 'topup' as const}))
  const [known, doubtful] = (await postMany(ledger, operations)).outcomes
  expect(known).to.not.be.instanceOf(Refusal)
  if (doubtful instanceof Refusal) throw doubtful
  return doubtful
}

describe('a name that may mean another client', () => {
  const ways: readonly (readonly [way: string, move: (ledger: Ledger, client: string) => Promise<unknown>])[] = [
    ['in a posting', (ledger, client) => topup(ledger, request(client, '1'))],
    ['as the giver of a transfer', (ledger, client) => transfer(ledger, sides(client, '3'))],
    ['as the taker of a transfer', (ledger, client) => transfer(ledger, sides('3', client))],
    ['in a line of many', inBulk],
  ]
  for (const [way, move] of ways) {
    it(`is refused ${way}, and a sure one is taken`, () =>
      withPetrovas(async ({ledger}) => {
        const refusal = await move(ledger, DOUBTFUL).catch((error: unknown) => error)

        expect(refusal).to.include({code: 'AMBIGUOUS'})
        await move(ledger, SURE)
      }))
  }
})
