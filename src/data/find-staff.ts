/** Finds the one staff member that a text means. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import type {StaffOnDuty} from '../core/ledger.ts'
import {type PersonQuery, wordsBeginName} from '../core/person-query.ts'
import {Refusal} from '../core/refusal.ts'
import {nearest} from '../core/similarity.ts'
import {quoted} from '../core/text.ts'
import {idInJson} from './rows.ts'

export interface StaffCandidate extends StaffOnDuty {
  readonly searchKey: string
}

export const staffCandidateRow = z.object({
  id: idInJson,
  name: z.string(),
  searchKey: z.string(),
  archived: z.boolean(),
})

export const STAFF_READ_MAX = 1000

/**
 * The staff that a text may mean, as a JSON array: by id or whole name through their keys, else everyone, for a
 * beginning of a name or for suggestions (a business has tens of staff, not thousands).
 */
export function staffColumn(query: PersonQuery | null) {
  return query === null
    ? sql.fragment`'[]'::json`
    : sql.fragment`find_staff(${query.id}::bigint, ${query.nameKey}, ${STAFF_READ_MAX}::int)`
}

/** The one staff member, or a refusal: STAFF_NOT_FOUND with the nearest names, AMBIGUOUS. */
export function theOneStaff(query: PersonQuery, found: readonly StaffCandidate[]): StaffCandidate {
  const exact = found.filter(({id, searchKey}) => id === query.id || searchKey === query.nameKey)
  const fitting = exact.length > 0 ? exact : found.filter(({searchKey}) => wordsBeginName(query.nameKey, searchKey))
  const [first, second] = fitting
  if (first === undefined) throw staffNotFound(query, found)
  if (second !== undefined) {
    throw new Refusal('AMBIGUOUS', `${fitting.length} staff members match ${quoted(query.text)}`, {
      hint: 'Name the staff member by id',
      details: {candidates: fitting.map(staffJson)},
    })
  }
  return first
}

function staffNotFound(query: PersonQuery, everyone: readonly StaffCandidate[]): Refusal {
  const working = everyone.filter(({archived}) => !archived)
  const keys = nearest(
    query.nameKey,
    working.map(({searchKey}) => searchKey),
  )
  const suggested = keys.flatMap((key) => working.filter(({searchKey}) => searchKey === key))
  const names = suggested.map(({name}) => name).join(', ')
  return new Refusal('STAFF_NOT_FOUND', `There is no staff member ${quoted(query.text)}`, {
    hint: names === '' ? 'See who works here with: fleks staff list' : `Did you mean: ${names}?`,
    details: {candidates: suggested.map(staffJson)},
  })
}

function staffJson({id, name, archived}: StaffCandidate) {
  return {id: Number(id), name, archived}
}

/** Finds one staff member outside a posting; refusals as `theOneStaff`. */
export async function findStaff(db: CommonQueryMethods, query: PersonQuery): Promise<StaffCandidate> {
  const {found} = await db.one(
    sql.type(z.object({found: z.array(staffCandidateRow)}))`select ${staffColumn(query)} as found`,
  )
  return theOneStaff(query, found)
}
