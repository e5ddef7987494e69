import {randomBytes} from 'node:crypto'
import {rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {expect} from 'chai'
import {ROLE_NAMES} from '../../src/core/role.ts'
import {addClient} from '../../src/data/clients.ts'
import {databaseRefusal} from '../../src/data/failure.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {openPool} from '../../src/data/pool.ts'
import {topup} from '../../src/data/posting.ts'
import {readServerVersion} from '../../src/data/server-version.ts'
import {
  configureCluster,
  copyCluster,
  freePort,
  makeCluster,
  type OwnServer,
  ownedByServer,
  startOwnServer,
} from '../support/own-server.ts'
import {programIn} from '../support/program.ts'
import {refusalOf} from '../support/refusal.ts'
import {temporaryFolder} from '../support/server.ts'
import {until} from '../support/until.ts'
import {request, UNIQUE} from '../support/world.ts'

const {desk, superuser} = ROLE_NAMES
const CLIENTS = 3
const POSTERS = 6

interface Pair {
  readonly primary: OwnServer
  readonly standby: OwnServer
}

/** A primary, and a standby that must have every commit before it is acknowledged. */
async function withPair(work: (pair: Pair) => Promise<void>): Promise<void> {
  const folder = await temporaryFolder()
  const first = await makeCluster(join(folder, 'first'))
  configureCluster(first, 'pg_hba.conf', [`host all all 127.0.0.1/32 trust`, `host replication all 127.0.0.1/32 trust`])
  const second = copyCluster(first, join(folder, 'second'))
  const signal = join(second.clusterDir, 'standby.signal')
  writeFileSync(signal, '')
  ownedByServer(second, signal)
  const port = await freePort()
  const started: OwnServer[] = []
  try {
    const primary = await startOwnServer(first, {}, port)
    started.push(primary)
    const standby = await startOwnServer(second, {
      primary_conninfo: `host=127.0.0.1 port=${port} user=${superuser} application_name=second`,
    })
    started.push(standby)
    await primary.sql("alter system set synchronous_standby_names = 'second'")
    await primary.sql('select pg_reload_conf()')
    await until('the standby is synchronous', async () => {
      const [row] = await primary.sql(
        "select count(*)::integer as n from pg_stat_replication where sync_state = 'sync'",
      )
      return row?.n === 1
    })
    await work({primary, standby})
  } finally {
    for (const server of started) await server.kill('SIGINT')
    rmSync(folder, {recursive: true, force: true})
  }
}

function ledgerOn(pool: Ledger['pool']): Ledger {
  return {pool, operator: 'tester', now: () => new Date(), randomBytes: (count) => randomBytes(count)}
}

describe('a primary and its synchronous standby', function () {
  this.timeout(90_000)

  it('lose nothing and double nothing when the primary is killed under load and the standby takes over', () =>
    withPair(async ({primary, standby}) => {
      const list = `${primary.url(desk)},${standby.url(desk)}`
      const acknowledged = new Map<string, string>()
      const refused = new Set<string>()
      const asked = new Set<string>()
      let over = false

      async function post(poster: number): Promise<void> {
        const pool = await openPool(list)
        try {
          for (let n = 0; !over; n++) {
            const reference = `${poster}-${n}`
            asked.add(reference)
            try {
              const {posting} = await topup(ledgerOn(pool), request(String(1 + (n % CLIENTS)), '1', {reference}))
              acknowledged.set(reference, posting.entry.hash)
            } catch (error) {
              // While there is no primary this is the answer; anything else is a fault.
              expect(databaseRefusal(error)?.exit, String(error)).to.equal(9)
              refused.add(reference)
              await sleep(50)
            }
          }
        } finally {
          await pool.end()
        }
      }

      const desks = await openPool(list)
      for (const name of ['A', 'B', 'C']) await addClient(ledgerOn(desks), name, {}, UNIQUE)
      await desks.end()
      const load = Promise.all(Array.from({length: POSTERS}, (_, poster) => post(poster)))
      await until('there is some load', async () => acknowledged.size > 200)
      await primary.kill('SIGKILL')
      const before = acknowledged.size
      await sleep(1_000)
      await standby.sql('select pg_promote()')
      await until('the new primary takes postings', async () => acknowledged.size > before + 200)
      over = true
      await load

      const rows = await standby.sql("select reference, encode(hash, 'hex') as hash from entry")
      const kept = new Map(rows.map(({reference, hash}) => [String(reference), String(hash)]))
      expect(kept.size, 'doubled').to.equal(rows.length)
      expect(
        [...acknowledged].filter(([reference, hash]) => kept.get(reference) !== hash),
        'lost',
      ).to.deep.equal([])
      expect(
        [...kept.keys()].filter((reference) => !asked.has(reference)),
        'invented',
      ).to.deep.equal([])
      expect([...asked].filter((reference) => !acknowledged.has(reference) && !refused.has(reference))).to.deep.equal(
        [],
      )
      const [sums] = await standby.sql(
        'select (select sum(balance) from account)::text as balances, (select count(*) * 100 from entry)::text as entries',
      )
      expect(sums?.balances).to.equal(sums?.entries)
    }))

  it('answer from the primary wherever it stands in the list; a standby alone is refused, or read when asked for', () =>
    withPair(async ({primary, standby}) => {
      const program = await programIn(`${standby.url(desk)},${primary.url(desk)}`)
      const alone = {FLEKS_DATABASE_URL: standby.url(desk)}
      try {
        await program.json('client', 'add', 'Anna')
        await program.json('topup', '1', '5')
        await until('the standby has it', async () => (await standby.sql('select * from entry')).length === 1)

        for (const args of [
          ['balance', '1'],
          ['topup', '1', '1'],
          ['client', 'list'],
        ]) {
          const {code, stdout} = await program.run([...args, '--json'], {env: alone})
          expect(code, args.join(' ')).to.equal(9)
          expect(JSON.parse(stdout).error.code, args.join(' ')).to.equal('READ_ONLY_STANDBY')
        }
        const reads = [
          ['balance'],
          ['balance', '1'],
          ['history'],
          ['client', 'list'],
          ['client', 'search', 'ann'],
          ['client', 'show', '1'],
          ['verify'],
        ]
        for (const args of reads) {
          const {code, stdout, stderr} = await program.run([...args, '--stale-ok', '--json'], {env: alone})
          expect(code, `${args.join(' ')}: ${stdout}`).to.equal(0)
          expect(stdout, args.join(' ')).to.contain(args[0] === 'verify' ? '"entries":1' : '5.00')
          expect(stderr).to.equal(
            'No primary server answers; this is from a standby, which may lack the newest entries\n',
          )
        }
        const fresh = await program.run(['balance', '1', '--stale-ok'])
        expect(fresh).to.include({code: 0, stderr: ''})
        const owner = {FLEKS_DATABASE_URL: standby.url(superuser)}
        expect((await program.run(['db', 'migrate'], {env: owner})).stderr).to.contain('The server only allows reading')

        await primary.kill('SIGKILL')
        const gone = await program.run(['topup', '1', '1'])
        expect(gone.code).to.equal(9)
        expect(gone.stderr).to.equal(
          'Error: No primary server answers, only a standby, which cannot write\n' +
            'Hint: Try again when there is a primary; what only reads can be asked of the standby with: --stale-ok\n',
        )
        await standby.kill('SIGINT')
        expect((await program.run(['balance', '--stale-ok'])).stderr).to.match(/^Error: The database does not answer\n/)
      } finally {
        rmSync(program.home, {recursive: true, force: true})
      }
    }))

  it('are asked which is the primary without a round trip of its own, once for each connection', () =>
    withPair(async ({primary, standby}) => {
      const pool = await openPool(`${standby.url(desk)},${primary.url(desk)}`, {connections: 2})
      try {
        expect(await Promise.all([readServerVersion(pool), readServerVersion(pool)])).to.have.length(2)
        // The next connection begins with the one that was found to be the primary.
        await standby.kill('SIGINT')
        expect(await readServerVersion(pool)).to.match(/^\d/)
      } finally {
        await pool.end()
      }
      // A user who may not come in is told so; the other servers are not asked instead.
      const wrong = await openPool(`${primary.url('nobody')},${primary.url(desk)}`)
      const failure: unknown = await readServerVersion(wrong).catch((error: unknown) => error)
      expect(databaseRefusal(failure)?.message).to.equal('The server refused the user')
      await wrong.end()
    }))

  it('call nothing done that the standby has not confirmed', () =>
    withPair(async ({primary, standby}) => {
      const pool = await openPool(primary.url(desk))
      try {
        await addClient(ledgerOn(pool), 'Anna', {}, UNIQUE)
        await standby.kill('SIGKILL')
        const posting = refusalOf(topup(ledgerOn(pool), request('1', '1', {reference: 'receipt-9'})))
        await until('the commit waits for the standby', async () => {
          const rows = await primary.sql(
            "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'",
          )
          return rows.length > 0
        })

        const refusal = await posting
        expect(refusal.code).to.equal('OUTCOME_UNKNOWN')
        expect(refusal.message).to.contain('did not confirm')
        expect(refusal.hint).to.contain('--reference receipt-9')
        await primary.sql("alter system set synchronous_standby_names = ''")
        await primary.sql('select pg_reload_conf()')
        expect((await topup(ledgerOn(pool), request('1', '1', {reference: 'receipt-9'}))).posting.replayed).to.equal(
          true,
        )
      } finally {
        await pool.end()
      }
    }))

  it('are not waited for without a bound; the answer is the truth', () =>
    withPair(async ({primary, standby}) => {
      const pool = await openPool(primary.url(desk), {transactionLimitMs: 500})
      try {
        await addClient(ledgerOn(pool), 'Anna', {}, UNIQUE)
        await standby.kill('SIGKILL')
        let retries = 0
        const letGo = async () => {
          retries++
          await primary.sql("alter system set synchronous_standby_names = ''")
          await primary.sql('select pg_reload_conf()')
        }

        const {posting} = await topup({...ledgerOn(pool), onRetry: () => void letGo()}, request('1', '1'))
        expect(retries).to.be.greaterThan(0)
        expect(posting).to.include({replayed: false})
        expect(await primary.sql('select count(*)::integer as n from entry')).to.deep.equal([{n: 1}])
      } finally {
        await pool.end()
      }
    }))
})
