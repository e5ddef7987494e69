/** Fills a migrated, empty database with a ledger of any size, its hashes right, in the order of time as life would. */

import pg from 'pg'
import {chainRoot, entryHash} from '../src/core/hash-chain.ts'
import {money} from '../src/core/money.ts'

const UNIT = {code: 'AZN', decimals: 2}
const CHUNK = 20_000

const COLUMNS = {
  client_id: 'bigint',
  unit: 'text',
  seq: 'bigint',
  kind: 'text',
  direction: 'text',
  amount: 'bigint',
  balance_before: 'bigint',
  balance_after: 'bigint',
  staff_id: 'bigint',
  method: 'text',
  note: 'text',
  reference: 'text',
  occurred_at: 'timestamptz',
  operator: 'text',
  hash: 'bytea',
} as const

/** The same numbers every time, between 0 and 1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Every client has an entry, and some clients have many more than others. */
export async function fillLedger(url: string, {entries, clients}: {entries: number; clients: number}): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(`insert into staff (name, search_key) values ('Ina', 'ina'), ('Bob', 'bob')`)
  await client.query(
    `insert into client (name, search_key) select 'Client ' || n, 'client ' || n from generate_series(1, $1::int) n`,
    [clients],
  )
  await client.query(`insert into account (client_id, unit) select id, 'AZN' from client`)
  const random = randomNumbers(42)
  const accounts = Array.from({length: clients + 1}, (_, id) => ({
    balance: 0n,
    seq: 0n,
    hash: chainRoot(BigInt(id), UNIT),
  }))
  const began = Date.UTC(2024, 0, 1)
  for (let next = 0; next < entries; ) {
    const columns = Object.keys(COLUMNS).map((): unknown[] => [])
    for (const end = Math.min(next + CHUNK, entries); next < end; next++) {
      const id = next < clients ? next + 1 : 1 + Math.floor(clients * random() ** 1.5)
      const account = accounts[id]
      if (account === undefined) throw new Error('There is no such client')
      const price = BigInt(100 * (1 + Math.floor(random() * 90)))
      const incoming = account.balance < price || random() < 0.3
      const amount = incoming ? price * 5n : price
      const after = incoming ? account.balance + amount : account.balance - amount
      const entry = {
        clientId: BigInt(id),
        unit: UNIT,
        seq: account.seq + 1n,
        kind: incoming ? 'topup' : 'payment',
        direction: incoming ? 'IN' : 'OUT',
        amount: money(amount),
        balanceBefore: money(account.balance),
        balanceAfter: money(after),
        staff: incoming ? null : {id: 1n + BigInt(next % 2)},
        method: incoming ? 'cash' : null,
        note: random() < 0.1 ? `note for visit ${next}` : null,
        reference: `019ab3c4-${next.toString(16).padStart(8, '0')}-7abc-8def-${id.toString(16).padStart(12, '0')}`,
        reversesSeq: null,
        counter: null,
        occurredAt: new Date(began + next * 60_000 + Math.floor(random() * 1000)).toISOString(),
        operator: 'bench',
      }
      account.hash = entryHash(account.hash, entry)
      account.balance = after
      account.seq = entry.seq
      const {unit, counter, clientId, balanceBefore, balanceAfter, staff, reversesSeq, occurredAt, ...same} = entry
      const row: Record<keyof typeof COLUMNS, unknown> = {
        ...same,
        client_id: clientId,
        unit: unit.code,
        balance_before: balanceBefore,
        balance_after: balanceAfter,
        staff_id: staff?.id ?? null,
        occurred_at: occurredAt,
        hash: `\\x${account.hash.toString('hex')}`,
      }
      Object.values(COLUMNS).forEach((_, at) => {
        columns[at]?.push(row[Object.keys(COLUMNS)[at] as keyof typeof COLUMNS])
      })
    }
    const lists = Object.values(COLUMNS).map((type, at) => `$${at + 1}::${type}[]`)
    await client.query(
      `insert into entry (${Object.keys(COLUMNS).join(', ')}) select * from unnest(${lists.join(', ')})`,
      columns,
    )
  }
  for (const table of ['entry', 'account', 'client']) await client.query(`vacuum analyze ${table}`)
  await client.end()
}
