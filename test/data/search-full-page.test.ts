import {expect} from 'chai'
import type {DatabasePool} from 'slonik'
import {sql} from 'slonik'
import * as z from 'zod/mini'
import {looseWord} from '../../src/core/search-key.ts'
import {addClient, archiveClient} from '../../src/data/clients.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {searchClients} from '../../src/data/search.ts'
import {withTestDatabase} from '../support/database.ts'
import {ANYWAY} from '../support/world.ts'

const PAGE = 3

async function open(ledger: Ledger, names: readonly string[]): Promise<void> {
  for (const name of names) await addClient(ledger, name, {}, ANYWAY)
}

async function found(ledger: Ledger, text: string): Promise<readonly string[]> {
  return (await searchClients(ledger, text, {limit: PAGE, archived: false})).clients.map(({name}) => name)
}

/** The names of all whom the server looks at for one typed word. */
async function lookedAt(pool: DatabasePool, word: string): Promise<readonly string[]> {
  const row = z.object({name: z.string()})
  const loose = looseWord(word)
  return pool.anyFirst(sql.type(row)`
    select name from client
    where id in (select search_near(${word}, array[${word}], array[${loose}], array[${loose} || '~'], ${PAGE}))
    order by name`)
}

const BEGUN = ['Mariabella', 'Mariachiara', 'Mariagrazia']

describe('a page full of names that begin as typed', () => {
  it('looks at nobody who could only come after them', () =>
    withTestDatabase(async ({ledger, pool}) => {
      await open(ledger, [...BEGUN, 'Anna Mariavittoria', 'Mariyavittoria'])

      expect(await lookedAt(pool, 'maria')).to.deep.equal(BEGUN)
    }))

  it('still has the whole word first, wherever it stands and however it is spelled, and a word that is one letter longer', () =>
    withTestDatabase(async ({ledger, pool}) => {
      await open(ledger, [...BEGUN, 'Zeynab Maria', 'Zoya Mariam', 'Mariya Zueva'])

      expect(await found(ledger, 'maria')).to.include.members(['Zeynab Maria', 'Mariya Zueva'])
      expect(await lookedAt(pool, 'maria')).to.include('Zoya Mariam')
    }))

  it('is not full of those archived', () =>
    withTestDatabase(async ({ledger, pool}) => {
      await open(ledger, [...BEGUN, 'Anna Mariavittoria'])
      await archiveClient(ledger, '1', {keepBalance: false})

      expect(await found(ledger, 'maria')).to.deep.equal(['Mariachiara', 'Mariagrazia', 'Anna Mariavittoria'])
      expect(await lookedAt(pool, 'maria')).to.include('Anna Mariavittoria')
    }))
})
