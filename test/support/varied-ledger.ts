/** A ledger with every kind of entry, many units, and names that other programs might stumble over. */

import type {Direction, Kind, Method} from '../../src/core/entry.ts'
import {chainRoot, entryHash} from '../../src/core/hash-chain.ts'
import {type Money, money} from '../../src/core/money.ts'
import {findUnit, type Unit} from '../../src/core/unit.ts'
import {addClient} from '../../src/data/clients.ts'
import {configure} from '../../src/data/configure.ts'
import {addStaff, setStaffArchived} from '../../src/data/staff.ts'
import type {TestDatabase} from './database.ts'
import {ANYWAY} from './world.ts'

const NAMES = [
  'Anna Petrova',
  'Əliyeva İradə',
  'Мария Иванова',
  '王小明',
  'Tom "T-Bone" O\'Neil; ; (cash) [2026-99-99] : * ! @ {x} = | # % <y> ~z $5 \\n',
  'two  spaces: and ⁂ 10.00 AZN  ; comment',
  '= 2026-01-01 * include /etc/passwd',
] as const

/** Whatever tables come to be, a ledger's file has their rows. */
export const LATER_TABLE =
  'create table import_later (id bigint primary key, at timestamptz, bytes bytea, tree jsonb, run bigint references import_run (id)); grant select on import_later to fleks_desk'

const COUNTED = 'lesson,hour:2,занятие,h,true,a_b'

interface Line {
  readonly client: bigint
  readonly unit?: string
  readonly kind: Kind
  readonly direction: Direction
  readonly amount: bigint
  readonly staff?: bigint
  readonly method?: Method
  readonly note?: string
  readonly reverses?: bigint
  readonly counter?: readonly [client: bigint, seq: bigint]
  readonly at?: string
  readonly batch?: bigint
}

interface State {
  balance: bigint
  seq: bigint
  hash: Uint8Array
}

/** Writes entries as they are told, sealed as the program seals them; each call is one statement. */
function writer({sql}: TestDatabase, counted: readonly Unit[]) {
  const accounts = new Map<string, State>()
  let references = 0
  return async (...lines: readonly Line[]): Promise<void> => {
    const rows: unknown[][] = []
    // Two sides of a transfer carry the same reference.
    const reference = `test:${++references}, [2026-13-45] date:2020-99-99 "q" \\ ;x`
    for (const line of lines) {
      const unit = findUnit(line.unit ?? 'AZN', counted)
      const key = `${line.client} ${unit.code}`
      const account = accounts.get(key) ?? {balance: 0n, seq: 0n, hash: chainRoot(line.client, unit)}
      accounts.set(key, account)
      if (account.seq === 0n) {
        await sql('insert into account (client_id, unit) values ($1, $2) on conflict do nothing', [
          line.client,
          unit.code,
        ])
      }
      const after = account.balance + (line.direction === 'IN' ? line.amount : -line.amount)
      const at = line.at ?? `2026-03-${String(10 + (references % 15)).padStart(2, '0')}T20:30:00.123Z`
      const entry = {
        clientId: line.client,
        unit,
        seq: ++account.seq,
        kind: line.kind,
        direction: line.direction,
        amount: money(line.amount),
        balanceBefore: account.balance as Money,
        balanceAfter: after as Money,
        staff: line.staff === undefined ? null : {id: line.staff},
        method: line.method ?? null,
        note: line.note ?? null,
        reference,
        reversesSeq: line.reverses ?? null,
        counter: line.counter === undefined ? null : {clientId: line.counter[0], seq: line.counter[1]},
        occurredAt: at,
        operator: 'tester',
      }
      account.balance = after
      account.hash = entryHash(account.hash, entry)
      rows.push([
        ...[
          entry.clientId,
          unit.code,
          entry.seq,
          entry.kind,
          entry.direction,
          entry.amount,
          entry.balanceBefore,
          after,
        ],
        ...[
          entry.staff?.id ?? null,
          entry.method,
          entry.note,
          reference,
          entry.reversesSeq,
          line.counter?.[0],
          line.counter?.[1],
        ],
        ...[at, 'tester', account.hash, line.batch],
      ])
    }
    const width = rows[0]?.length ?? 0
    const places = rows.map(
      (_, row) => `(${Array.from({length: width}, (__, at) => `$${row * width + at + 1}`).join(',')})`,
    )
    await sql(
      `insert into entry (client_id, unit, seq, kind, direction, amount, balance_before, balance_after, staff_id, method, note,
         reference, reverses, counter_client_id, counter_seq, occurred_at, operator, hash, batch) values ${places.join(',')}`,
      rows.flat().map((value) => (typeof value === 'bigint' ? String(value) : (value ?? null))),
    )
  }
}

export async function variedLedger(database: TestDatabase): Promise<void> {
  const {ledger, sql} = database
  await configure(ledger, 'counted-units', COUNTED)
  await configure(ledger, 'business-name', 'Salon "Lotus"; лотос')
  await configure(ledger, 'time-zone', 'Asia/Baku')
  for (const name of NAMES) await addClient(ledger, name, {}, ANYWAY)
  await addClient(ledger, 'With everything', everything, ANYWAY)
  await addStaff(ledger, 'Ina')
  await addStaff(ledger, 'Лена; "Л"  О:Нил')
  await setStaffArchived(ledger, '2', true)
  // The program lets no line break in; a hand at the database can.
  await sql(`update client set name = E'Мария\\r\\n  \\t"Иванова"' where id = 3`)
  await sql(`
    insert into import_run (file_name, file_digest, reference_key, operator, state, money, adopted)
      values ('bank.csv', sha256('x'), 'key', 'cron', 'finished', '{"AZN": {"in": "1250", "out": "0"}}', '[[1, 2, "k", 3]]');
    insert into import_lines (run_id, part, hashes) values (1, 0, '\\x0102030405060708');
    insert into import_claim (reference, client_id) values ('import:0123456789abcdef:1', 1);
    insert into import_refusal (reference, code, message, hint) values ('r:1', 'INSUFFICIENT_FUNDS', 'Anna has "1"', null)`)
  await sql(LATER_TABLE)
  await sql(
    `insert into import_later values (1, '2026-01-01 10:00:00.123456+00', '\\x0102', '{"a": ["ü", 12345678901234567890]}', 1)`,
  )

  const counted = [...COUNTED.split(',')].map((text) => {
    const [code = '', decimals = '0'] = text.split(':')
    return {code, decimals: Number(decimals)}
  })
  const write = writer(database, counted)
  const [anna, irada, maria, wang, tom] = [1n, 2n, 3n, 4n, 5n]
  await write({client: anna, kind: 'opening', direction: 'IN', amount: 100_00n})
  await write({client: anna, kind: 'topup', direction: 'IN', amount: 50_05n, method: 'cash', batch: 1n})
  await write({
    client: anna,
    kind: 'payment',
    direction: 'OUT',
    amount: 12_50n,
    staff: 1n,
    note: 'massage; [2026-99-99] | "x"',
  })
  await write({client: anna, kind: 'reversal', direction: 'IN', amount: 12_50n, reverses: 3n, staff: 1n})
  await write({client: anna, kind: 'reversal', direction: 'OUT', amount: 50_00n, reverses: 2n})
  await write({client: anna, kind: 'refund', direction: 'OUT', amount: 1_00n, method: 'card'})
  await write({client: anna, kind: 'adjustment', direction: 'IN', amount: 7n})
  await write({client: anna, kind: 'adjustment', direction: 'OUT', amount: 3n, at: '2025-12-31T20:00:00.000Z'})
  await write({client: irada, kind: 'topup', direction: 'IN', amount: 1n})
  await write({
    client: tom,
    kind: 'topup',
    direction: 'IN',
    amount: 999_999_999_999_999n,
    method: 'transfer',
    note: 'ü'.repeat(1000),
  })
  await write(
    {client: anna, kind: 'transfer', direction: 'OUT', amount: 20_00n, counter: [irada, 2n]},
    {client: irada, kind: 'transfer', direction: 'IN', amount: 20_00n, counter: [anna, 9n]},
  )
  await write(
    {client: tom, kind: 'transfer', direction: 'OUT', amount: 5_00n, counter: [anna, 10n]},
    {client: anna, kind: 'transfer', direction: 'IN', amount: 5_00n, counter: [tom, 2n]},
  )
  await write(
    {client: irada, kind: 'transfer', direction: 'OUT', amount: 1_00n, counter: [tom, 3n]},
    {client: tom, kind: 'transfer', direction: 'IN', amount: 1_00n, counter: [irada, 3n]},
  )
  for (const unit of COUNTED.split(',').map((text) => text.split(':')[0] ?? '')) {
    await write({client: maria, unit, kind: 'topup', direction: 'IN', amount: 1_000n, method: 'other', batch: 1n})
    await write({client: maria, unit, kind: 'payment', direction: 'OUT', amount: 250n, staff: 2n})
  }
  for (const unit of ['JPY', 'KWD', 'EUR', 'CLF']) {
    await write({client: wang, unit, kind: 'topup', direction: 'IN', amount: 123_456n, method: 'card'})
    await write({client: wang, unit, kind: 'payment', direction: 'OUT', amount: 23_456n, staff: 1n})
  }
  await sql("update client set archived_at = '2026-05-01 10:00:00.123456+00' where id = 2")
}

const everything = {
  phone: {text: '+994 50 123 45 67', digits: '994501234567'},
  email: 'a@b.example',
  code: 'Ü-17',
  birthDate: '1990-05-17',
  category: 'vip',
  source: 'friend',
  address: 'Bakı, 1',
  note: '"quoted", and more\u00a0',
  defaultPrice: {digits: 2500n, scale: 2},
} as const
