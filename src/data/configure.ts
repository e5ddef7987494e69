/** Changes a business setting. */

import {type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Settings} from '../core/client.ts'
import {Refusal} from '../core/refusal.ts'
import {type SettingKey, withSetting} from '../core/setting.ts'
import type {Unit} from '../core/unit.ts'
import type {Ledger} from './ledger.ts'
import {readSettings} from './settings.ts'

/**
 * Sets one business setting for every desk. Refused: INVALID_INPUT; SETTING_IN_USE for the unit once there are entries
 * or default prices (their ids and amounts depend on it), and for a counted unit that an account is kept in.
 */
export async function configure({pool}: Ledger, key: SettingKey, text: string): Promise<Settings> {
  return pool.transaction(async (tx) => {
    await tx.query(sql.unsafe`select id from settings for update`)
    const before = await readSettings(tx)
    const after = withSetting(before, key, text)
    if (after.unit.code !== before.unit.code) await refuseUsedUnit(tx, before.unit)
    await replaceCountedUnits(tx, before, after)
    await tx.query(sql.unsafe`
      update settings
      set business_name = ${after.businessName}, unit = ${after.unit.code}, time_zone = ${after.timeZone}, locale = ${after.locale}`)
    return after
  })
}

async function refuseUsedUnit(tx: DatabaseTransactionConnection, unit: Unit): Promise<void> {
  const {used} = await tx.one(sql.type(z.object({used: z.boolean()}))`
    select exists (select from entry) or exists (select from client where default_price is not null) as used`)
  if (!used) return
  throw new Refusal('SETTING_IN_USE', `The ledger already counts in ${unit.code}`, {
    hint: 'Keep other units beside it with: --unit, or begin a new ledger in a data directory of its own',
  })
}

async function replaceCountedUnits(
  tx: DatabaseTransactionConnection,
  before: Settings,
  after: Settings,
): Promise<void> {
  const text = ({code, decimals}: Unit) => `${code}:${decimals}`
  const kept = new Set(after.countedUnits.map(text))
  for (const unit of before.countedUnits.filter((old) => !kept.has(text(old)))) {
    await refuseKeptUnit(tx, unit, before)
    await tx.query(sql.unsafe`delete from counted_unit where code = ${unit.code}`)
  }
  for (const {code, decimals} of after.countedUnits) {
    await tx.query(sql.unsafe`
      insert into counted_unit (code, decimals) values (${code}, ${decimals}) on conflict do nothing`)
  }
}

async function refuseKeptUnit(tx: DatabaseTransactionConnection, unit: Unit, settings: Settings): Promise<void> {
  const {used} = await tx.one(sql.type(z.object({used: z.boolean()}))`
    select exists (select from account where unit = ${unit.code} and last_seq > 0) as used`)
  if (!used && unit.code !== settings.unit.code) return
  throw new Refusal('SETTING_IN_USE', `Accounts are kept in ${unit.code}, so it cannot be changed or removed`, {
    hint: 'Name it again as it was, beside the new ones',
  })
}
