/** Which part of the ledger is read out. */

import type {CommonQueryMethods} from 'slonik'
import type {Settings} from '../core/client.ts'
import type {Person} from '../core/entry.ts'
import {parseRange, type Range} from '../core/moment.ts'
import {personQuery} from '../core/person-query.ts'
import {findClient} from './find-client.ts'
import {readSettings} from './settings.ts'

/** As typed; null is no restriction. `to` is through the end of a day that is named without a time. */
export interface ScopeRequest {
  readonly client: string | null
  readonly from: string | null
  readonly to: string | null
}

export interface Scope extends Range {
  readonly client: Person | null
}

/** Refused: CLIENT_NOT_FOUND, AMBIGUOUS, INVALID_INPUT (a time that cannot be read, a period that is empty). */
export async function findScope(
  db: CommonQueryMethods,
  {client, from, to}: ScopeRequest,
  now: Date,
): Promise<{readonly scope: Scope; readonly settings: Settings}> {
  const settings = await readSettings(db)
  const found = client === null ? null : await findClient(db, await personQuery(client), settings.unit)
  const range = await parseRange(from, to, settings.timeZone, now)
  return {scope: {...range, client: found === null ? null : {id: found.id, name: found.name}}, settings}
}
