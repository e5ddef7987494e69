/** Staff: those who do the work. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Staff} from '../core/client.ts'
import {personQuery} from '../core/person-query.ts'
import {Refusal} from '../core/refusal.ts'
import {foldName} from '../core/search-key.ts'
import {constraintOf} from './failure.ts'
import {findStaff} from './find-staff.ts'
import type {Ledger} from './ledger.ts'
import {bigintColumn, textOrNull} from './rows.ts'

const staffRow = z.object({id: bigintColumn, name: z.string(), createdAt: z.string(), archivedAt: textOrNull})

const staffColumns = sql.fragment`id, name, created_at as "createdAt", archived_at as "archivedAt"`

/** Adds someone; refused (DUPLICATE_STAFF): a second one of the same folded name, which no command could tell apart. */
export async function addStaff({pool}: Ledger, name: string): Promise<Staff> {
  const key = await foldName(name)
  return refuseNamesake(name, () =>
    pool.one(
      sql.type(staffRow)`insert into staff (name, search_key) values (${name}, ${key}) returning ${staffColumns}`,
    ),
  )
}

/** Renames someone; refusals: STAFF_NOT_FOUND, AMBIGUOUS, DUPLICATE_STAFF. */
export async function renameStaff({pool}: Ledger, text: string, name: string): Promise<Staff> {
  const query = await personQuery(text)
  const key = await foldName(name)
  return refuseNamesake(name, () =>
    pool.transaction(async (tx) => {
      const {id} = await findStaff(tx, query)
      return tx.one(sql.type(staffRow)`
        update staff set name = ${name}, search_key = ${key} where id = ${id} returning ${staffColumns}`)
    }),
  )
}

/** Archives someone, or brings them back; doing it twice changes nothing. Refusals: STAFF_NOT_FOUND, AMBIGUOUS. */
export async function setStaffArchived({pool}: Ledger, text: string, archived: boolean): Promise<Staff> {
  const query = await personQuery(text)
  return pool.transaction(async (tx) => {
    const {id} = await findStaff(tx, query)
    return tx.one(sql.type(staffRow)`
      update staff set archived_at = case when ${archived} then coalesce(archived_at, now()) end
      where id = ${id}
      returning ${staffColumns}`)
  })
}

/** Everyone, by name; those archived only when asked for. */
export async function listStaff(db: CommonQueryMethods, withArchived: boolean): Promise<readonly Staff[]> {
  return db.any(sql.type(staffRow)`
    select ${staffColumns} from staff where ${withArchived} or archived_at is null order by search_key, id`)
}

async function refuseNamesake<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (constraintOf(error) !== 'staff_name_unique') throw error
    throw new Refusal('DUPLICATE_STAFF', `There is already a staff member named ${name}`, {
      hint: 'Tell the two apart in the name, as in: Ina M.',
      cause: error,
    })
  }
}
