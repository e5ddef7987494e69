/** Adds the ledger up: many clients over a period. */

import {sql} from 'slonik'
import * as z from 'zod/mini'
import type {Settings} from '../core/client.ts'
import {DIRECTIONS, type Direction, KINDS, type Kind, type Person} from '../core/entry.ts'
import {parseRange} from '../core/moment.ts'
import type {Money} from '../core/money.ts'
import {findUnit, type Unit} from '../core/unit.ts'
import type {Ledger} from './ledger.ts'
import {bigintColumn, bigintOrNull, moneyColumn, textOrNull} from './rows.ts'
import {readSettings} from './settings.ts'

/** As typed; null is no limit, `to` through the end of a day that is named without a time. */
export interface Period {
  readonly from: string | null
  readonly to: string | null
}

/** The entries of one unit, kind, direction, staff member and day, added up. */
interface Total {
  readonly unit: Unit
  readonly kind: Kind
  readonly direction: Direction
  readonly staff: Person | null
  /** `YYYY-MM-DD` in the business's time zone, by when it happened. */
  readonly day: string
  /** In the unit's smallest parts, always positive: `direction` says which way. */
  readonly amount: Money
  readonly count: bigint
}

export interface Totals {
  readonly totals: readonly Total[]
  readonly settings: Settings
}

const totalRow = z.object({
  unit: z.string(),
  kind: z.enum(KINDS),
  direction: z.enum(DIRECTIONS),
  staffId: bigintOrNull,
  staffName: textOrNull,
  day: z.string(),
  amount: moneyColumn,
  count: bigintColumn,
})

/**
 * The totals of a period by unit, day, kind, direction and staff, in this order. A reversal counts on its own day as a
 * reversal of the original's staff, in the other direction. Refused: INVALID_INPUT (a time that cannot be read, an empty
 * period).
 */
export async function totalsOf({pool, now}: Ledger, {from, to}: Period): Promise<Totals> {
  const settings = await readSettings(pool)
  const range = await parseRange(from, to, settings.timeZone, now())
  const rows = await pool.any(sql.type(totalRow)`
    select t.unit, t.kind, t.direction, t.staff_id as "staffId", s.name as "staffName", t.day, t.amount, t.entries as count
    from period_totals(${range.from?.toISOString() ?? '-infinity'}, ${range.to?.toISOString() ?? 'infinity'}, ${settings.timeZone}) t
    left join staff s on s.id = t.staff_id
    order by t.unit, t.day, t.kind, t.direction, t.staff_id nulls first`)
  const totals = rows.map(({staffId, staffName, unit, ...same}) => ({
    ...same,
    unit: findUnit(unit, settings.countedUnits),
    staff: staffId === null || staffName === null ? null : {id: staffId, name: staffName},
  }))
  return {totals, settings}
}
