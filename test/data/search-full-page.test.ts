import {expect} from 'chai'
import type {DatabasePool} from 'slonik'
import {sql} from 'slonik'
import * as z from 'zod/mini'
import {addClient, archiveClient} from '../../src/data/clients.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {searchClients, typedOf} from '../../src/data/search.ts'
import {stagesColumn} from '../../src/data/search-hits.ts'
import {nearCall} from '../../src/data/search-probes.ts'
import {withTestDatabase} from '../support/database.ts'
import {ANYWAY} from '../support/world.ts'

const PAGE = 3

async function open(ledger: Ledger, names: readonly string[]): Promise<void> {
  for (const name of names) await addClient(ledger, name, {}, ANYWAY)
}

async function found(ledger: Ledger, text: string): Promise<readonly string[]> {
  return (await searchClients(ledger, text, {limit: PAGE, archived: false})).clients.map(({name}) => name)
}

/** The names of all whom the server looks at in the first round trip. */
async function lookedAt(pool: DatabasePool, text: string): Promise<readonly string[]> {
  const typed = await typedOf(text)
  const row = z.object({hits: stagesColumn})
  const {hits} = await pool.one(sql.type(row)`select hits from ${nearCall(typed, {limit: PAGE, archived: false})}`)
  return hits.map(({name}) => name).sort()
}

const BEGUN = ['Mariabella', 'Mariachiara', 'Mariagrazia']

describe('a page full of names that begin as typed', () => {
  it('looks at nobody who could only come after them', () =>
    withTestDatabase(async ({ledger, pool}) => {
      await open(ledger, [...BEGUN, 'Anna Mariavittoria', 'Mariyavittoria', 'Zoya Mariam', 'Annamaria'])

      expect(await lookedAt(pool, 'maria')).to.deep.equal(BEGUN)
    }))

  it('still has the whole word first, wherever it stands and however it is spelled', () =>
    withTestDatabase(async ({ledger}) => {
      await open(ledger, [...BEGUN, 'Zeynab Maria', 'Zoya Mariam', 'Mariya Zueva'])

      expect(await found(ledger, 'maria')).to.include.members(['Zeynab Maria', 'Mariya Zueva'])
    }))

  it('of names that begin with the whole word looks at nobody else', () =>
    withTestDatabase(async ({ledger, pool}) => {
      const whole = ['Maria Abel', 'Maria Berg', 'Maria Cole']
      await open(ledger, [...whole, 'Mariya Abel', 'Zeynab Maria', 'Mariabella'])

      expect(await lookedAt(pool, 'maria')).to.deep.equal(whole)
    }))

  it('is not full of those archived', () =>
    withTestDatabase(async ({ledger, pool}) => {
      await open(ledger, [...BEGUN, 'Anna Mariavittoria'])
      await archiveClient(ledger, '1', {keepBalance: false})

      expect(await found(ledger, 'maria')).to.deep.equal(['Mariachiara', 'Mariagrazia', 'Anna Mariavittoria'])
      expect(await lookedAt(pool, 'maria')).to.include('Anna Mariavittoria')
    }))
})

describe('a page that is not full of names that begin as typed', () => {
  it('is filled with other words that begin so, then with parts, and nobody more is looked at', () =>
    withTestDatabase(async ({ledger, pool}) => {
      await open(ledger, ['Mariabella', 'Anna Mariagrazia', 'Annamaria', 'Rosamaria', 'Mariyam'])

      expect(await found(ledger, 'maria')).to.deep.equal(['Mariabella', 'Anna Mariagrazia', 'Annamaria'])
      expect(await lookedAt(pool, 'maria')).to.have.length(PAGE)
    }))

  it('of parts of words is full in one round trip', () =>
    withTestDatabase(async ({ledger, pool}) => {
      await open(ledger, ['Rosamaria', 'Annamaria', 'Anna Lenamaria', 'Evamaria', 'Amarie'])

      expect(await lookedAt(pool, 'amari')).to.have.length(PAGE)
      expect(await found(ledger, 'amari')).to.include('Amarie')
    }))

  it('has three whole words in any order and spelling, and nobody who has two of them', () =>
    withTestDatabase(async ({ledger}) => {
      await open(ledger, ['Алиев Мурад Рауф', 'Murad Aliyev', 'Rauf Murad Aliyev', 'Murad Raufov Aliyev'])

      expect(await found(ledger, 'murad rauf aliyev')).to.have.members(['Алиев Мурад Рауф', 'Rauf Murad Aliyev'])
      // Begun in the order of the name, and in another one.
      await open(ledger, ['Murad Rauf Berg', 'Bergson Murad Rauf'])
      expect(await found(ledger, 'murad rauf ber')).to.have.members(['Murad Rauf Berg', 'Bergson Murad Rauf'])
      expect(await found(ledger, 'murad raufo aliyev')).to.include('Murad Raufov Aliyev')
    }))
})
