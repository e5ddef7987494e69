/** What the business decided once: read with every command, written by `fleks config set`. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Settings} from '../core/client.ts'
import {findUnit} from '../core/unit.ts'
import {textOrNull} from './rows.ts'

const unitRow = z.object({code: z.string(), decimals: z.int()})

export const settingsRow = z.object({
  businessName: textOrNull,
  unit: z.string(),
  timeZone: z.string(),
  locale: textOrNull,
  countedUnits: z.array(unitRow),
})

/** The columns of `settingsRow`, for a query from `current_settings() s`. */
export const settingsColumns = sql.fragment`
  s.business_name as "businessName", s.unit, s.time_zone as "timeZone", s.locale, s.counted_units as "countedUnits"`

export function settingsOf(row: z.infer<typeof settingsRow>): Settings {
  const {businessName, timeZone, locale, countedUnits} = row
  return {businessName, unit: findUnit(row.unit, countedUnits), timeZone, locale, countedUnits}
}

export async function readSettings(db: CommonQueryMethods): Promise<Settings> {
  return settingsOf(await db.one(sql.type(settingsRow)`select ${settingsColumns} from current_settings() s`))
}
