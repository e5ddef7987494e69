/** Reads in full the entries that were there already: one statement for all of a chunk. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Entry} from '../core/entry.ts'
import {Refusal} from '../core/refusal.ts'
import {int4Array, int8Array, textArray} from './binary-arrays.ts'
import type {Prepared} from './bulk-requests.ts'
import type {Settled} from './bulk-settled.ts'
import {entryColumns, entryOf, entryRow} from './entries.ts'

const placedRow = z.extend(entryRow, {n: z.int()})

/** By place, the entries behind what was settled without one. */
export async function readReplays(
  db: CommonQueryMethods,
  {items, settings}: Prepared,
  settled: readonly (Settled | Refusal)[],
): Promise<ReadonlyMap<number, Entry>> {
  const asked = settled.flatMap((one, at) => {
    const item = items[at]
    if (one instanceof Refusal || one.entry !== null || item === undefined || item instanceof Refusal) return []
    return [{at, clientId: item.client.id, reference: item.around.reference}]
  })
  if (asked.length === 0) return new Map()
  const rows = await db.any(sql.type(placedRow)`
    select q.n, ${entryColumns}
    from unnest(
      ${sql.binary(int4Array(asked.map(({at}) => at)))}::int[],
      ${sql.binary(int8Array(asked.map(({clientId}) => clientId)))}::bigint[],
      ${sql.binary(textArray(asked.map(({reference}) => reference)))}::text[]
    ) as q (n, client_id, reference)
    cross join lateral (
      select * from entry where client_id = q.client_id and reference = q.reference limit 1
    ) e
    join client c on c.id = e.client_id
    left join staff s on s.id = e.staff_id`)
  return new Map(rows.map(({n, ...row}) => [n, entryOf(row, settings.countedUnits)]))
}
