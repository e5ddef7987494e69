/** Reads the ledger back, newest first. */

import {sql} from 'slonik'
import type {Settings} from '../core/client.ts'
import {cursorText, parseCursor} from '../core/cursor.ts'
import type {Direction, Entry, Kind} from '../core/entry.ts'
import {parseRange} from '../core/moment.ts'
import {personQuery} from '../core/person-query.ts'
import {entryColumns, entryOf, entryRow} from './entries.ts'
import {findClient} from './find-client.ts'
import {findStaff} from './find-staff.ts'
import type {Ledger} from './ledger.ts'
import {readSettings} from './settings.ts'

/** Null is no restriction; `from` and `to` are as typed, `to` through the end of a day that is named without a time. */
export interface HistoryRequest {
  readonly client: string | null
  readonly staff: string | null
  readonly kind: Kind | null
  readonly direction: Direction | null
  readonly from: string | null
  readonly to: string | null
  readonly limit: number
  readonly cursor: string | null
}

export interface HistoryPage {
  readonly entries: readonly Entry[]
  /** Where the list goes on; null at its end. */
  readonly next: string | null
  readonly settings: Settings
}

/**
 * Entries by when they happened, then by client and seq, newest first. Refused: CLIENT_NOT_FOUND, STAFF_NOT_FOUND,
 * AMBIGUOUS, INVALID_INPUT (a time that cannot be read), USAGE (a foreign cursor).
 */
export async function history({pool, now}: Ledger, request: HistoryRequest): Promise<HistoryPage> {
  const cursor = request.cursor === null ? null : parseCursor(request.cursor, ['time', 'number', 'string', 'number'])
  const settings = await readSettings(pool)
  const client =
    request.client === null ? null : await findClient(pool, await personQuery(request.client), settings.unit)
  const staff = request.staff === null ? null : await findStaff(pool, await personQuery(request.staff))
  const range = await parseRange(request.from, request.to, settings.timeZone, now())
  const conditions = [
    sql.fragment`true`,
    ...(client === null ? [] : [sql.fragment`e.client_id = ${client.id}`]),
    ...(staff === null ? [] : [sql.fragment`e.staff_id = ${staff.id}`]),
    ...(request.kind === null ? [] : [sql.fragment`e.kind = ${request.kind}`]),
    ...(request.direction === null ? [] : [sql.fragment`e.direction = ${request.direction}`]),
    ...(range.from === null ? [] : [sql.fragment`e.occurred_at >= ${range.from.toISOString()}`]),
    ...(range.to === null ? [] : [sql.fragment`e.occurred_at < ${range.to.toISOString()}`]),
    ...(cursor === null
      ? []
      : [
          sql.fragment`(e.occurred_at, e.client_id, e.unit, e.seq) <
            (${cursor[0] ?? ''}::timestamptz, ${cursor[1] ?? 0}::bigint, ${cursor[2] ?? ''}, ${cursor[3] ?? 0}::bigint)`,
        ]),
  ]
  // The page is cut before names are joined, so that the index alone decides which rows are read.
  const rows = await pool.any(sql.type(entryRow)`
    select ${entryColumns}
    from (
      select * from entry e
      where ${sql.join(conditions, sql.fragment` and `)}
      order by e.occurred_at desc, e.client_id desc, e.unit desc, e.seq desc
      limit ${request.limit + 1}
    ) e
    join client c on c.id = e.client_id
    left join staff s on s.id = e.staff_id
    order by e.occurred_at desc, e.client_id desc, e.unit desc, e.seq desc`)
  const page = rows.slice(0, request.limit)
  const last = page.at(-1)
  const more = rows.length > request.limit && last !== undefined
  return {
    entries: page.map((row) => entryOf(row, settings.countedUnits)),
    next: more ? cursorText([last.occurredAt, Number(last.clientId), last.unit, Number(last.seq)]) : null,
    settings,
  }
}
