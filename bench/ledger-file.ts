/** Writes a whole ledger of any size as JSON lines, sealed as the program seals it: `node bench/ledger-file.ts 1000000 100000`. */

import {createHash} from 'node:crypto'
import {once} from 'node:events'
import type {Entry} from '../src/core/entry.ts'
import {chainRoot, entryHash} from '../src/core/hash-chain.ts'
import {type Money, money} from '../src/core/money.ts'
import {clientLine, endLine, entryLine, headerLine, staffLine} from '../src/views/ledger-jsonl.ts'

const ENTRIES = Number(process.argv[2] ?? 100_000)
const CLIENTS = Number(process.argv[3] ?? ENTRIES / 10)
const STAFF = 20
const AZN = {code: 'AZN', decimals: 2}
const settings = {businessName: 'Bench', unit: AZN, timeZone: 'UTC', locale: null, countedUnits: []}
const START = Date.UTC(2026, 0, 1)

const digest = createHash('sha256')
async function put(text: string): Promise<void> {
  digest.update(text)
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** The same for the same number, and without any order. */
function noise(n: number): number {
  return (Math.imul(n, 2_654_435_761) >>> 0) % 1_000_003
}

const FIRST = ['Anna', 'Leyla', 'Мария', 'Əli', 'Tom', 'Иван', 'Günay', 'Olga', 'Rəşad', 'Nina']
const LAST = [
  'Petrova',
  'Məmmədov',
  'Иванова',
  'Baker',
  'Həsənova',
  'Смирнов',
  'Aliyeva',
  'Orlov',
  'Quliyev',
  'Fischer',
]
const nameOf = (id: number) => `${FIRST[noise(id) % 10]} ${LAST[noise(id * 7) % 10]} ${id.toString(36)}`

function entriesOf(id: number): Entry[] {
  const count = Math.floor((ENTRIES * id) / CLIENTS) - Math.floor((ENTRIES * (id - 1)) / CLIENTS)
  let balance = 0n
  let before: Uint8Array = chainRoot(BigInt(id), AZN)
  return Array.from({length: count}, (_, at) => {
    const n = id * 1_000 + at
    const charge = BigInt((1 + (noise(n) % 20)) * 250)
    const pays = at > 0 && balance >= charge
    const amount = pays ? charge : BigInt((1 + (noise(n) % 40)) * 500)
    const after = pays ? balance - amount : balance + amount
    const person = 1 + (noise(n) % STAFF)
    const occurredAt = new Date(START + noise(n) * 60_000 + at).toISOString()
    const facts = {
      clientId: BigInt(id),
      unit: AZN,
      seq: BigInt(at + 1),
      kind: pays ? 'payment' : 'topup',
      direction: pays ? 'OUT' : 'IN',
      amount: money(amount),
      balanceBefore: balance as Money,
      balanceAfter: after as Money,
      method: pays ? null : 'cash',
      note: n % 10 === 0 ? `визит ${n}` : null,
      reference: `IMP-${id.toString(36)}-${at}`,
      reversesSeq: null,
      counter: null,
      occurredAt,
      operator: 'bench',
    } as const
    const staff = pays ? {id: BigInt(person), name: `Staff ${person}`} : null
    before = entryHash(before, {...facts, staff})
    const hash = Buffer.from(before).toString('hex')
    balance = after
    return {
      ...facts,
      client: {id: BigInt(id), name: nameOf(id)},
      staff,
      reversedBySeqs: [],
      recordedAt: occurredAt,
      hash,
    }
  })
}

const nobody = {
  phone: null,
  email: null,
  code: null,
  birthDate: null,
  category: null,
  source: null,
  address: null,
  note: null,
}
const createdAt = '2026-01-01T00:00:00.000000Z'
const scope = {client: null, from: null, to: null}
await put(headerLine({version: '0', exportedAt: '2026-01-01T00:00:00.000Z', scope, settings}))
for (let id = 1; id <= STAFF; id++) {
  await put(staffLine({id: BigInt(id), name: `Staff ${id}`, createdAt, archivedAt: null}))
}
for (let id = 1; id <= CLIENTS; id++) {
  const last = entriesOf(id).at(-1)
  const account = {
    unitCode: 'AZN',
    balance: last?.balanceAfter ?? money(0n),
    lastSeq: last?.seq ?? 0n,
    lastHash: last?.hash ?? null,
  }
  const client = {...nobody, id: BigInt(id), name: nameOf(id), defaultPrice: null, createdAt, archivedAt: null}
  await put(clientLine({...client, accounts: [account]}, settings))
}
for (let id = 1; id <= CLIENTS; id++) {
  await put(
    entriesOf(id)
      .map((entry) => entryLine(entry, AZN))
      .join(''),
  )
}
await put(endLine({staff: STAFF, rows: 0, clients: CLIENTS, entries: ENTRIES, sha256: digest.copy().digest('hex')}))
