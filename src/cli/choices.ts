/** Choosing a person by typing: the list narrows with every letter. */

import search from '@inquirer/search'
import type {Person} from '../core/entry.ts'
import {amountWithUnit} from '../core/money.ts'
import {wordsBeginName} from '../core/person-query.ts'
import {safeText} from '../core/safe-text.ts'
import {foldName} from '../core/search-key.ts'
import type {Ledger} from '../data/ledger.ts'
import {searchClients} from '../data/search.ts'
import {ask} from './ask.ts'

/** How many clients the list offers while a name is typed. */
const OFFERED_MAX = 10

interface Choice<T> {
  /** The row in the list. */
  readonly name: string
  /** What is left of it when it is chosen. */
  readonly short: string
  readonly value: T
}

/** The id of a client that is found as `fleks client search` finds it, with the balance in each row. */
export function chooseClient(ledger: Ledger): Promise<string> {
  return choose('Client (name, phone or code)', async (typed) => {
    // Before anything is typed nobody is offered: Enter must not choose whoever comes first.
    if (typed === '') return []
    const {clients} = await searchClients(ledger, typed, {limit: OFFERED_MAX, archived: false})
    return clients.map(({id, name, phone, own}) => {
      const short = safeText(`${name} (${id})`)
      const row = [short, phone === null ? '' : safeText(phone), amountWithUnit(own.balance, own.unit)]
      return {name: row.filter(Boolean).join('  '), short, value: String(id)}
    })
  })
}

/** One of the staff: by the beginnings of a name, in any script. */
export async function chooseStaff(staff: readonly Person[]): Promise<Person> {
  const known = await Promise.all(staff.map(async (person) => ({person, key: await foldName(person.name)})))
  return choose('Staff', async (typed) => {
    const key = await foldName(typed)
    return known
      .filter((one) => key === '' || wordsBeginName(key, one.key))
      .map(({person}) => ({name: safeText(person.name), short: safeText(person.name), value: person}))
  })
}

function choose<T>(message: string, find: (typed: string) => Promise<readonly Choice<T>[]>): Promise<T> {
  let offered: readonly Choice<T>[] = []
  return ask((context, stop) =>
    search<T>(
      {
        message,
        source: async (term = '') => {
          // Tab types the whole row: that row is meant, not a person of such a name.
          const completed = offered.find(({name}) => name === term)
          if (completed !== undefined) return [completed]
          try {
            offered = await find(term.trim())
            return offered
          } catch (error) {
            stop(error)
            return []
          }
        },
      },
      context,
    ),
  )
}
