import {expect} from 'chai'
import type {ChainHead} from '../../src/core/checkpoint.ts'
import {addClient} from '../../src/data/clients.ts'
import {configure} from '../../src/data/configure.ts'
import {pay, topup} from '../../src/data/posting.ts'
import {type Verification, verify} from '../../src/data/verify.ts'
import {type TestDatabase, withTestDatabase} from '../support/database.ts'
import {refusalOf} from '../support/refusal.ts'
import {bySuperuser, forge, moveAccount, rewriteChain} from '../support/sealed.ts'
import {openBusiness, request, UNIQUE} from '../support/world.ts'

/** Anna (1) has four entries in AZN and one in lessons, Ben (2) two, Cem (3) an account without any. */
async function withLedger(work: (database: TestDatabase) => Promise<void>): Promise<void> {
  await withTestDatabase(async (database) => {
    const {ledger} = database
    await openBusiness(ledger)
    await configure(ledger, 'counted-units', 'lesson')
    await addClient(ledger, 'Ben', {}, UNIQUE)
    await addClient(ledger, 'Cem', {}, UNIQUE)
    await topup(ledger, request('1', '50', {method: 'cash', note: 'for "March"\tand\nmore 👩‍👧', reference: 'r-1'}))
    await pay(ledger, request('1', '12.50', {staff: 'Ina'}))
    await topup(ledger, request('1', '10', {unit: 'lesson'}))
    await pay(ledger, request('1', '7.50', {staff: 'Ina'}))
    await topup(ledger, request('1', '1'))
    await topup(ledger, request('2', '20', {reference: 'r-1'}))
    await pay(ledger, request('2', '5', {staff: 'Ina'}))
    await work(database)
  })
}

async function* inBatches(heads: readonly ChainHead[], size = 2): AsyncGenerator<readonly ChainHead[]> {
  for (let at = 0; at < heads.length; at += size) yield heads.slice(at, at + size)
}

interface Verified {
  readonly verification: Verification
  readonly heads: readonly ChainHead[]
}

async function verified(
  {ledger}: Pick<TestDatabase, 'ledger'>,
  earlier: readonly ChainHead[] | null = null,
  client: string | null = null,
): Promise<Verified> {
  const heads: ChainHead[] = []
  const verification = await verify(ledger, {
    client,
    earlier: earlier === null ? null : inBatches(earlier),
    onHead: (head) => heads.push(head),
  })
  return {verification, heads}
}

/** `kind entry` of every damage. */
async function damagesOf(
  database: TestDatabase,
  earlier: readonly ChainHead[] | null = null,
  client: string | null = null,
) {
  const {damages, damageCount, checkpoint} = (await verified(database, earlier, client)).verification
  expect(damageCount).to.equal(damages.length)
  expect(checkpoint === null).to.equal(damages.length > 0 || client !== null)
  return damages.map(({kind, entry}) => `${kind} ${entry}`)
}

describe('verify', () => {
  it('finds a ledger sound, and says how much of it there is', () =>
    withLedger(async (database) => {
      const {verification, heads} = await verified(database)

      expect(verification).to.deep.include({client: null, entries: 7, accounts: 3, damages: [], damageCount: 0})
      expect(verification.checkpoint).to.include({accounts: 3n, entries: 7n})
      expect(heads.map(({clientId, unitCode, seq}) => `${clientId} ${unitCode} ${seq}`)).to.deep.equal([
        '1 AZN 4',
        '1 lesson 1',
        '2 AZN 2',
      ])
    }))

  it('finds an empty ledger sound', () =>
    withTestDatabase(async (database) => {
      const {verification} = await verified(database)

      expect(verification).to.deep.include({entries: 0, accounts: 0, damageCount: 0})
    }))

  it('keeps to one client', () =>
    withLedger(async (database) => {
      await bySuperuser(database, "update entry set note = 'x' where client_id = 1 and unit = 'AZN' and seq = 2")

      expect(await damagesOf(database, null, 'ben')).to.deep.equal([])
      expect((await verified(database, null, 'ben')).verification).to.deep.include({
        client: {id: 2n, name: 'Ben'},
        entries: 2,
        accounts: 1,
      })
      expect(await damagesOf(database, null, '1')).to.deep.equal(['hash 1-2'])
      expect((await refusalOf(verified(database, null, 'Dora'))).code).to.equal('CLIENT_NOT_FOUND')
    }))

  it('sees one moment of the ledger while others post', () =>
    withLedger(async (database) => {
      let posted = false
      const {damages, entries} = await verify(database.ledger, {
        client: null,
        earlier: null,
        onProgress: () => {
          posted = true
        },
      })
      const posts = Array.from({length: 20}, () => topup(database.ledger, request('2', '1')))
      const verifications = Array.from({length: 5}, () => verified(database))
      await Promise.all(posts)

      expect([posted, damages, entries]).to.deep.equal([true, [], 7])
      for (const {verification} of await Promise.all(verifications)) expect(verification.damages).to.deep.equal([])
    }))
})

describe('verify names', () => {
  const hand: readonly [title: string, sql: string, damages: readonly string[]][] = [
    [
      'a changed amount',
      "alter table entry drop constraint entry_adds_up; update entry set amount = amount + 100 where client_id = 1 and unit = 'AZN' and seq = 2",
      ['chain 1-2', 'hash 1-2'],
    ],
    [
      'a changed amount that adds up with its balance',
      "update entry set amount = 1350, balance_after = 3650 where client_id = 1 and unit = 'AZN' and seq = 2",
      ['hash 1-2', 'chain 1-3'],
    ],
    [
      'a changed hash, and only it',
      "update entry set hash = sha256('x') where client_id = 1 and unit = 'AZN' and seq = 2",
      ['hash 1-2'],
    ],
    [
      'a changed hash of a last entry, and only it',
      "update entry set hash = sha256('x') where client_id = 1 and unit = 'AZN' and seq = 4",
      ['hash 1-4'],
    ],
    [
      'a changed note in another unit',
      "update entry set note = 'x' where client_id = 1 and unit = 'lesson'",
      ['hash 1-lesson-1'],
    ],
    [
      'a deleted entry in the middle',
      "delete from entry where client_id = 1 and unit = 'AZN' and seq = 2",
      ['gap 1-2'],
    ],
    ['two deleted entries', "delete from entry where client_id = 1 and unit = 'AZN' and seq in (2, 3)", ['gap 1-2']],
    ['a deleted first entry', 'delete from entry where client_id = 2 and seq = 1', ['gap 2-1']],
    ['a deleted last entry', "delete from entry where client_id = 1 and unit = 'AZN' and seq = 4", ['gap 1-4']],
    ['a set balance', 'update account set balance = balance + 1 where client_id = 2', ['balance 2-2']],
    ['a set last hash', "update account set last_hash = sha256('x') where client_id = 2", ['balance 2-2']],
    [
      'an account that counts less than there is',
      'update account set last_seq = 1 where client_id = 2',
      ['balance 2-2'],
    ],
    ['a balance without an entry', 'update account set balance = 5 where client_id = 3', ['orphan null']],
    ['entries whose account is gone', "delete from account where client_id = 1 and unit = 'AZN'", ['orphan 1-1']],
    ['an account whose entries are gone', 'delete from entry where client_id = 2', ['orphan null']],
    ['an account whose client is gone', 'delete from client where id = 2', ['orphan null']],
    ['entries whose staff is gone', 'delete from staff', ['orphan 1-2', 'orphan 1-3', 'orphan 2-2']],
    [
      'an entry moved to another unit',
      "update entry set unit = 'EUR' where client_id = 2 and seq = 2",
      ['gap 2-2', 'gap 2-EUR-1', 'orphan 2-EUR-2'],
    ],
    [
      'an entry in no known unit',
      "update entry set unit = 'wish' where client_id = 2 and seq = 1",
      ['gap 2-1', 'hash 2-wish-1', 'orphan 2-wish-1'],
    ],
    [
      'a reference that stands twice',
      "alter table entry drop constraint entry_reference_once; update entry set reference = 'r-1' where client_id = 1 and unit = 'AZN' and seq = 4",
      ['hash 1-4', 'reference 1-4'],
    ],
  ]
  for (const [title, statements, damages] of hand) {
    it(title, () =>
      withLedger(async (database) => {
        await bySuperuser(database, statements)

        expect((await damagesOf(database)).toSorted()).to.deep.equal(damages.toSorted())
      }),
    )
  }

  it('an inserted entry with a right hash that its account does not know', () =>
    withLedger(async (database) => {
      await forge(database, {client_id: 2, direction: 'IN', amount: 100n}, {move: false})

      expect(await damagesOf(database)).to.deep.equal(['balance 2-3'])
    }))

  it('a sealed entry that takes a balance below zero or moves nothing', () =>
    withLedger(async (database) => {
      await bySuperuser(
        database,
        'alter table entry drop constraint entry_balance_range; alter table account drop constraint account_balance_range; alter table entry drop constraint entry_amount_range',
      )
      await forge(database, {client_id: 2, direction: 'OUT', amount: 9900n, staff_id: 1n})
      await forge(database, {client_id: 1, direction: 'IN', amount: 0n})

      expect(await damagesOf(database)).to.deep.equal(['chain 1-5', 'chain 2-3'])
    }))

  it('a reference that stands twice, however many a client has', () =>
    withLedger(async (database) => {
      await bySuperuser(database, 'alter table entry drop constraint entry_reference_once')
      await forge(database, {client_id: 1, direction: 'IN', amount: 1n, reference: 'r-1'})
      await forge(database, {client_id: 1, unit: 'lesson', direction: 'IN', amount: 1n, reference: 'r-1'})

      expect(await damagesOf(database)).to.deep.equal(['reference 1-5', 'reference 1-lesson-2'])
    }))

  const side = {kind: 'transfer', amount: 300n, reference: 't-1'} as const
  /** Anna gives Ben 3.00. */
  async function transferred(database: TestDatabase, other: Partial<Parameters<typeof forge>[1]> = {}): Promise<void> {
    await forge(database, {...side, client_id: 1, direction: 'OUT', counter_client_id: 2n, counter_seq: 3n})
    await forge(database, {...side, client_id: 2, direction: 'IN', counter_client_id: 1n, counter_seq: 5n, ...other})
  }

  it('no transfer whose sides match', () =>
    withLedger(async (database) => {
      await transferred(database)

      expect(await damagesOf(database)).to.deep.equal([])
      expect(await damagesOf(database, null, 'ben')).to.deep.equal([])
    }))

  it('a transfer whose other side is missing, though sealed', () =>
    withLedger(async (database) => {
      await forge(database, {...side, client_id: 1, direction: 'OUT', counter_client_id: 2n, counter_seq: 3n})

      expect(await damagesOf(database)).to.deep.equal(['transfer 1-5'])
    }))

  for (const [title, other] of [
    ['amount', {amount: 200n}],
    ['direction', {direction: 'OUT'}],
    ['counterpart', {counter_seq: 4n}],
    ['reference', {reference: 't-2'}],
    ['kind', {kind: 'topup', counter_client_id: null, counter_seq: null}],
  ] as const) {
    it(`a transfer whose other side has another ${title}, though sealed`, () =>
      withLedger(async (database) => {
        await transferred(database, other)

        expect(await damagesOf(database)).to.include('transfer 1-5')
      }))
  }

  it('no reversals that stay within their original', () =>
    withLedger(async (database) => {
      await forge(database, {client_id: 1, kind: 'reversal', direction: 'IN', amount: 1000n, reverses: 2n})
      await forge(database, {client_id: 1, kind: 'reversal', direction: 'IN', amount: 250n, reverses: 2n})

      expect(await damagesOf(database)).to.deep.equal([])
    }))

  const reversal = {client_id: 1, kind: 'reversal', direction: 'IN', amount: 1000n} as const
  for (const [title, statements, forged] of [
    ['over its original', '', [{reverses: 2n}, {reverses: 2n, amount: 251n}]],
    ['of nothing', 'alter table entry drop constraint entry_reverses_known', [{}, {reverses: null}]],
    ['the same way', '', [{reverses: 2n}, {reverses: 1n}]],
    ['of a reversal', '', [{reverses: 2n}, {reverses: 5n, direction: 'OUT', amount: 1n, staff_id: 1n}]],
  ] as const) {
    it(`a reversal ${title}, though sealed`, () =>
      withLedger(async (database) => {
        if (title === 'of nothing') {
          await bySuperuser(database, 'alter table entry drop constraint entry_reversal_linked')
          await forge(database, {...reversal, reverses: 2n})
          await forge(database, {...reversal, reverses: null})
        } else {
          if (statements !== '') await bySuperuser(database, statements)
          for (const more of forged) await forge(database, {...reversal, ...more})
        }

        expect(await damagesOf(database)).to.deep.equal(['reversal 1-6'])
      }))
  }

  it('at most a thousand, and counts all', () =>
    withLedger(async (database) => {
      await bySuperuser(
        database,
        `insert into entry (client_id, unit, seq, kind, direction, amount, balance_before, balance_after, reference, occurred_at, operator, hash)
         select 3, 'AZN', n, 'topup', 'IN', 1, n - 1, n, n::text, now(), 'x', sha256('x') from generate_series(1, 1500) n;
         update account set balance = 1500, last_seq = 1500, last_hash = sha256('x') where client_id = 3`,
      )
      const {damages, damageCount} = (await verified(database)).verification

      expect([damages.length, damageCount]).to.deep.equal([1000, 1500])
    }))

  it('a reference that stands twice among more entries than are held in memory', () =>
    withLedger(async (database) => {
      const entries = 100_100
      await bySuperuser(
        database,
        `alter table entry drop constraint entry_reference_once;
         insert into entry (client_id, unit, seq, kind, direction, amount, balance_before, balance_after, reference, occurred_at, operator, hash)
         select 3, 'AZN', n, 'topup', 'IN', 1, n - 1, n, case n when ${entries} then '7' else n::text end, now(), 'x', sha256('x')
         from generate_series(1, ${entries}) n;
         update account set balance = ${entries}, last_seq = ${entries}, last_hash = sha256('x') where client_id = 3`,
      )
      const {damageCount, damageKinds} = (await verified(database)).verification

      expect([...damageKinds]).to.deep.equal(['hash', 'reference'])
      expect(damageCount).to.equal(entries + 1)
    }))
})

describe('verify against a checkpoint', () => {
  it('finds it contained when the ledger has only grown', () =>
    withLedger(async (database) => {
      const {heads} = await verified(database)
      await topup(database.ledger, request('2', '1'))
      await topup(database.ledger, request('3', '1'))
      await topup(database.ledger, request('1', '1', {unit: 'EUR'}))

      expect(await damagesOf(database, heads)).to.deep.equal([])
    }))

  it('catches a tail that was cut off with its account set back', () =>
    withLedger(async (database) => {
      const {heads} = await verified(database)
      await bySuperuser(database, "delete from entry where client_id = 1 and unit = 'AZN' and seq = 4")
      await moveAccount(database, 1, 'AZN')

      expect(await damagesOf(database)).to.deep.equal([])
      expect(await damagesOf(database, heads)).to.deep.equal(['checkpoint 1-4'])
    }))

  it('catches a cut-off tail that was grown again', () =>
    withLedger(async (database) => {
      const {heads} = await verified(database)
      await bySuperuser(database, "delete from entry where client_id = 1 and unit = 'AZN' and seq = 4")
      await moveAccount(database, 1, 'AZN')
      await topup(database.ledger, request('1', '1'))
      await topup(database.ledger, request('1', '1'))

      expect(await damagesOf(database)).to.deep.equal([])
      expect(await damagesOf(database, heads)).to.deep.equal(['checkpoint 1-4'])
    }))

  it('catches a chain that was rewritten and hashed anew', () =>
    withLedger(async (database) => {
      const {heads} = await verified(database)
      await rewriteChain(database, 1, 'AZN', (entries) =>
        entries.map((entry) => (entry.seq === 2n ? {...entry, amount: 1n} : entry)),
      )

      expect(await damagesOf(database)).to.deep.equal([])
      expect(await damagesOf(database, heads)).to.deep.equal(['checkpoint 1-4'])
    }))

  it('catches an entry that was inserted in the past with a right hash', () =>
    withLedger(async (database) => {
      const {heads} = await verified(database)
      await rewriteChain(database, 2, 'AZN', (entries) =>
        entries.flatMap((entry) =>
          entry.seq === 2n
            ? [{...entry, kind: 'topup', direction: 'IN', staff_id: null, reference: 'new'}, entry]
            : [entry],
        ),
      )

      expect(await damagesOf(database)).to.deep.equal([])
      expect(await damagesOf(database, heads)).to.deep.equal(['checkpoint 2-2'])
    }))

  it('catches an account, and a client, that were deleted without a trace', () =>
    withLedger(async (database) => {
      const {heads} = await verified(database)
      await bySuperuser(
        database,
        `delete from entry where unit = 'lesson' or client_id = 2; delete from account where unit = 'lesson' or client_id > 1;
         delete from client where id = 2`,
      )

      expect(await damagesOf(database)).to.deep.equal([])
      expect(await damagesOf(database, heads)).to.deep.equal(['checkpoint 1-lesson-1', 'checkpoint 2-2'])
    }))

  it('does not take a chain that is the same for another', () =>
    withLedger(async (database) => {
      const before = (await verified(database)).verification.checkpoint
      await rewriteChain(database, 1, 'AZN', (entries) => entries)

      expect((await verified(database)).verification.checkpoint).to.deep.equal(before)
    }))
})
