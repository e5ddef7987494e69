/** Writing to the ledger by hand, as someone who wants to break its rules. */

import {createHash} from 'node:crypto'
import {expect} from 'chai'
import {topup} from '../../src/data/posting.ts'
import {type TestDatabase, withTestDatabase} from './database.ts'
import {openBusiness, request} from './world.ts'

export interface Columns {
  readonly [column: string]: unknown
}

/** A correct next entry of account 1/AZN, which stands at 50.00 after one entry. */
export const NEXT: Columns = {
  client_id: 1,
  unit: 'AZN',
  seq: 2,
  kind: 'topup',
  direction: 'IN',
  amount: 100,
  balance_before: 5000,
  balance_after: 5100,
  reference: 'r-2',
  occurred_at: '2026-11-22T10:00:00Z',
  operator: 'intruder',
  hash: createHash('sha256').digest(),
}

/** Inserts entries like `NEXT`, each with what its row says otherwise. */
export async function insert({sql}: TestDatabase, ...rows: readonly Columns[]): Promise<void> {
  const columns = Object.keys(NEXT).concat('staff_id', 'reverses', 'counter_client_id', 'counter_seq')
  const values: unknown[] = []
  const lines = rows.map((row) => {
    const cells = columns.map((column) => `$${values.push({...NEXT, ...row}[column] ?? null)}`)
    return `(${cells.join(', ')})`
  })
  await sql(`insert into entry (${columns.join(', ')}) values ${lines.join(', ')}`, values)
}

/** The name of the constraint that refuses a piece of SQL. */
export async function refusedBy(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof Error && 'constraint' in error) return String(error.constraint)
    throw error
  }
  throw new Error('The database did not refuse it')
}

/** One account with one entry: 50.00 AZN. */
export async function withLedgerAt50(work: (database: TestDatabase) => Promise<void>): Promise<void> {
  await withTestDatabase(async (database) => {
    await openBusiness(database.ledger)
    await topup(database.ledger, request('1', '50'))
    await work(database)
    const [account] = await database.sql('select balance, last_seq from account where client_id = 1')
    const [last] = await database.sql(
      'select balance_after, seq from entry where client_id = 1 order by seq desc limit 1',
    )
    expect(account).to.deep.equal({balance: last?.balance_after, last_seq: last?.seq})
  })
}
