/**
 * The business on which every example of the help runs (test/cli/examples.test.ts). An example may name:
 * - client 42, Anna Petrova: phone +994 50 123 76 54, default price 12.50; 150.00 AZN after the entries 42-1 … 42-7,
 *   of which 42-1, 42-3 and 42-5 are top-ups and the others payments of 12.50; 8 lessons after 42-lesson-1 … 42-lesson-3
 * - client 43, Tom Bakker: code T-1, no entry and no money
 * - staff Ina, Marat and Sara, with the ids 1, 2 and 3
 * - the counted unit lesson
 */

import {parseDecimal} from '../../src/core/money.ts'
import {parsePhone} from '../../src/core/phone.ts'
import {addClient} from '../../src/data/clients.ts'
import {configure} from '../../src/data/configure.ts'
import {pay, topup} from '../../src/data/posting.ts'
import {addStaff} from '../../src/data/staff.ts'
import {databasesLike, type TestDatabase} from './database.ts'
import {request, UNIQUE} from './world.ts'

const FIRST_CLIENT = 42

/** Clients and staff, and nothing posted yet. */
export const withNewBusiness = databasesLike(open)

export const withExampleBusiness = databasesLike(async (database) => {
  await open(database)
  await post(database)
})

async function open({ledger, sql}: TestDatabase): Promise<void> {
  await configure(ledger, 'counted-units', 'lesson')
  await sql(`alter table client alter id restart with ${FIRST_CLIENT}`)
  const phone = parsePhone('+994 50 123 76 54')
  await addClient(ledger, 'Anna Petrova', {phone, defaultPrice: parseDecimal('12.50')}, UNIQUE)
  await addClient(ledger, 'Tom Bakker', {code: 'T-1'}, UNIQUE)
  for (const name of ['Ina', 'Marat', 'Sara']) await addStaff(ledger, name)
}

async function post({ledger}: TestDatabase): Promise<void> {
  const visit = {staff: 'Ina', note: 'massage'}
  for (const amount of ['100', '50', '50']) {
    await topup(ledger, request('42', amount, {method: 'cash'}))
    await pay(ledger, request('42', null, visit))
  }
  await pay(ledger, request('42', null, visit))
  await topup(ledger, request('42', '10', {unit: 'lesson'}))
  for (const note of ['first', 'second']) await pay(ledger, request('42', '1', {staff: 'Marat', unit: 'lesson', note}))
}
