// The floor: a posting as anyone would write it by hand, with node and pg, on the same database with the same rules.
const {createHash, randomUUID} = require('node:crypto')
const pg = require('pg')

async function main() {
  const [client, amount, staff] = process.argv.slice(2)
  const db = new pg.Client({connectionString: process.env.FLEKS_DATABASE_URL})
  await db.connect()
  await db.query('begin')
  const {rows: people} = await db.query('select id, name, archived_at from client where id = $1', [client])
  const {rows: workers} = await db.query('select id, name from staff where search_key = $1', [staff.toLowerCase()])
  const {rows: accounts} = await db.query(
    "select balance, last_seq, last_hash from account where client_id = $1 and unit = 'AZN' for update",
    [client],
  )
  const before = BigInt(accounts[0].balance)
  const after = before - BigInt(amount)
  if (after < 0n || people[0].archived_at !== null) throw new Error('refused')
  const seq = BigInt(accounts[0].last_seq) + 1n
  const reference = randomUUID()
  const at = new Date().toISOString()
  const hash = createHash('sha256')
    .update(accounts[0].last_hash ?? 'root')
    .update(JSON.stringify([client, 'AZN', String(seq), 'payment', 'OUT', amount, String(before), String(after), at]))
    .digest()
  await db.query(
    `insert into entry (client_id, unit, seq, kind, direction, amount, balance_before, balance_after, staff_id, reference, occurred_at, operator, hash)
     values ($1, 'AZN', $2, 'payment', 'OUT', $3, $4, $5, $6, $7, $8, 'bench', $9)`,
    [client, seq, amount, before, after, workers[0].id, reference, at, hash],
  )
  await db.query('commit')
  console.log(JSON.stringify({client: people[0].name, balanceAfter: String(after)}))
  await db.end()
}

main()
