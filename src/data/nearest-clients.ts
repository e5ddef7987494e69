/** Adds the nearest clients to "there is no such client": to choose from, never chosen. */

import {money} from '../core/money.ts'
import {Refusal} from '../core/refusal.ts'
import {candidateJson} from './find-client.ts'
import type {Ledger} from './ledger.ts'
import {searchClients} from './search.ts'

const NEAREST_MAX = 5

/** The same refusal with `details.candidates`; unchanged where nothing is near. */
export async function nearestClients(ledger: Ledger, refusal: Refusal): Promise<Refusal> {
  const text = refusal.details?.text
  if (typeof text !== 'string') return refusal
  const {clients, settings} = await searchClients(ledger, text, {limit: NEAREST_MAX, archived: true})
  if (clients.length === 0) return refusal
  const candidates = clients.map(({id, name, phone, code, archivedAt, own}) =>
    candidateJson({id, name, phone, code, archived: archivedAt !== null, balance: money(own.balance)}, settings.unit),
  )
  return new Refusal(refusal.code, `${refusal.message}; the nearest are:`, {
    hint: 'Name one of them by id',
    details: {...refusal.details, candidates},
  })
}
