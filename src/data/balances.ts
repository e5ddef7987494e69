/** Balances: of one client, or of all together. */

import type {Balance, Settings} from '../core/client.ts'
import type {Person} from '../core/entry.ts'
import {personQuery} from '../core/person-query.ts'
import {findUnit} from '../core/unit.ts'
import {readBalances, readTotals, type Total} from './accounts.ts'
import {findClient} from './find-client.ts'
import type {Ledger} from './ledger.ts'
import {readSettings} from './settings.ts'

export interface ClientBalances {
  readonly client: Person
  readonly balances: readonly Balance[]
  readonly settings: Settings
}

/** The balances of one client, in one unit where one is named. Refused: CLIENT_NOT_FOUND, AMBIGUOUS, INVALID_INPUT. */
export async function clientBalances({pool}: Ledger, text: string, unitText: string | null): Promise<ClientBalances> {
  const query = await personQuery(text)
  const settings = await readSettings(pool)
  const unit = unitText === null ? null : findUnit(unitText, settings.countedUnits)
  const {id, name} = await findClient(pool, query, settings.unit)
  const balances = await readBalances(pool, id, unit ?? settings.unit, settings.countedUnits)
  return {
    client: {id, name},
    balances: unit === null ? balances : balances.filter((balance) => balance.unit.code === unit.code),
    settings,
  }
}

export interface LedgerTotals {
  readonly totals: readonly Total[]
  readonly settings: Settings
}

/** What is owed to all clients together, unit by unit. */
export async function ledgerTotals({pool}: Ledger): Promise<LedgerTotals> {
  const settings = await readSettings(pool)
  return {totals: await readTotals(pool, settings.unit, settings.countedUnits), settings}
}
