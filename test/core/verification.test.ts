import {createHash} from 'node:crypto'
import {expect} from 'chai'
import fc from 'fast-check'
import type {StoredAccount, StoredSeal} from '../../src/core/chain-check.ts'
import {type ChainHead, CheckpointDigest, CheckpointScanner, compareHeads, headText} from '../../src/core/checkpoint.ts'
import {canonicalEntry, canonicalText, entryHash, type Sealed} from '../../src/core/hash-chain.ts'
import {money} from '../../src/core/money.ts'
import {storedSeal} from '../support/copy-line.ts'
import {ledgerOf, steps, verifierOf} from '../support/decided-ledger.ts'

const AZN = {code: 'AZN', decimals: 2}
const LESSON = {code: 'lesson', decimals: 0}

/** What an entry may hold, and more than the program itself would write. */
const sealedEntry: fc.Arbitrary<Sealed> = fc.record({
  clientId: fc.bigInt(1n, 999_999_999_999_999n),
  unit: fc.constantFrom(AZN, LESSON, {code: 'KWD', decimals: 3}),
  seq: fc.bigInt(1n, 999_999_999_999_999n),
  kind: fc.constantFrom('topup', 'payment', 'reversal'),
  direction: fc.constantFrom('IN', 'OUT'),
  amount: fc.bigInt(1n, 999_999_999_999_999n).map(money),
  balanceBefore: fc.bigInt(0n, 900_000_000_000_000_000n).map(money),
  balanceAfter: fc.bigInt(-5n, 900_000_000_000_000_000n).map(money),
  staff: fc.option(fc.record({id: fc.bigInt(1n, 99n)})),
  method: fc.option(fc.constantFrom('cash', 'card')),
  note: fc.option(fc.string({unit: 'binary', maxLength: 2_000}), {freq: 2}),
  reference: fc.string({unit: 'binary', maxLength: 200}),
  reversesSeq: fc.option(fc.bigInt(1n, 99n)),
  counter: fc.option(fc.record({clientId: fc.bigInt(1n, 99n), seq: fc.bigInt(1n, 99n)})),
  occurredAt: fc.constant('2026-11-22T10:00:00.000Z'),
  operator: fc.string({unit: 'binary', maxLength: 100}),
})

describe('the canonical form', () => {
  it('is what any JSON library writes', () => {
    const decimals = (amount: bigint, places: number) => {
      const digits = String(amount < 0n ? -amount : amount).padStart(places + 1, '0')
      const whole = digits.slice(0, digits.length - places)
      return `${amount < 0n ? '-' : ''}${whole}${places === 0 ? '' : `.${digits.slice(-places)}`}`
    }
    fc.assert(
      fc.property(sealedEntry, (entry) => {
        const written = JSON.stringify([
          Number(entry.clientId),
          entry.unit.code,
          Number(entry.seq),
          entry.kind,
          entry.direction,
          decimals(entry.amount, entry.unit.decimals),
          decimals(entry.balanceBefore, entry.unit.decimals),
          decimals(entry.balanceAfter, entry.unit.decimals),
          entry.staff === null ? null : Number(entry.staff.id),
          entry.method,
          entry.note,
          entry.reference,
          entry.reversesSeq === null ? null : Number(entry.reversesSeq),
          entry.counter === null ? null : Number(entry.counter.clientId),
          entry.counter === null ? null : Number(entry.counter.seq),
          entry.occurredAt,
          entry.operator,
        ])
        expect(canonicalEntry(entry)).to.equal(written)
        expect(canonicalText(storedSeal(entry, ''), entry.unit.decimals)).to.equal(written)
      }),
      {numRuns: 500},
    )
  })

  it('is hashed after the hash before, whatever its length', () => {
    fc.assert(
      fc.property(sealedEntry, fc.uint8Array({minLength: 32, maxLength: 32}), fc.nat(6), (entry, before, times) => {
        const long = {...entry, note: entry.note?.repeat(times) ?? null}
        const expected = createHash('sha256').update(before).update(canonicalEntry(long)).digest('hex')
        expect(entryHash(before, long).toString('hex')).to.equal(expected)
      }),
    )
  })
})

/** Another value for each column of an entry; of a kind that a person with every right could write. */
const CHANGES: Readonly<Record<keyof StoredSeal, (value: string | null) => string | null>> = {
  clientId: (value) => String(Number(value) + 1),
  unit: (value) => (value === 'AZN' ? 'lesson' : 'AZN'),
  seq: (value) => String(Number(value) + 1000),
  kind: (value) => (value === 'topup' ? 'adjustment' : 'refund'),
  direction: (value) => (value === 'IN' ? 'OUT' : 'IN'),
  amount: (value) => String(Number(value) + 1),
  balanceBefore: (value) => String(Number(value) + 1),
  balanceAfter: (value) => String(Number(value) + 1),
  staffId: (value) => (value === null ? '1' : null),
  method: (value) => (value === 'cash' ? 'card' : 'cash'),
  note: (value) => (value === null ? 'x' : null),
  reference: (value) => `${value}0`,
  reversesSeq: () => '1',
  counterClientId: () => '2',
  counterSeq: () => '2',
  occurredAt: (value) => String(value).replace('00.000Z', '00.001Z'),
  operator: (value) => `${value} `,
  hash: (value) => String(value).replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
}

describe('verifying a ledger', () => {
  it('finds every ledger sound that the program wrote', () => {
    fc.assert(
      fc.property(steps, (posted) => {
        const ledger = ledgerOf(posted)
        const {verifier, checkpoint} = verifierOf(
          ledger.map(({account}) => account),
          ledger.flatMap(({entries}) => entries),
        )

        expect(verifier.damages.listed).to.deep.equal([])
        expect(checkpoint).to.include({accounts: BigInt(ledger.length), entries: BigInt(posted.length)})
      }),
    )
  })

  it('names a damage whichever column of whichever entry was changed', () => {
    const column = fc.constantFrom(...(Object.keys(CHANGES) as (keyof StoredSeal)[]))
    fc.assert(
      fc.property(steps, column, fc.nat(), (posted, changed, which) => {
        const ledger = ledgerOf(posted)
        const entries = ledger.flatMap((line) => line.entries)
        const at = which % entries.length
        const victim = entries[at] as StoredSeal
        const damaged = {...victim, [changed]: CHANGES[changed](victim[changed])}
        const {verifier} = verifierOf(
          ledger.map(({account}) => account),
          entries.with(at, damaged),
          {plainly: which % 2 === 0},
        )

        expect(verifier.damages.count, changed).to.be.greaterThan(0)
      }),
      {numRuns: 2_000},
    )
  })

  it('names a damage whichever entry was deleted, and whatever of an account was changed', () => {
    const deed = fc.constantFrom('entry', 'account', 'balance', 'lastSeq', 'lastHash', 'clientKnown')
    fc.assert(
      fc.property(steps, deed, fc.nat(), (posted, what, which) => {
        const ledger = ledgerOf(posted)
        const accounts = ledger.map(({account}) => account)
        const entries = ledger.flatMap((line) => line.entries)
        const at = which % accounts.length
        const victim = accounts[at] as StoredAccount
        const changes: Record<string, Partial<StoredAccount>> = {
          balance: {balance: String(Number(victim.balance) + 1)},
          lastSeq: {lastSeq: String(Number(victim.lastSeq) + (which % 2 === 0 ? 1 : -1))},
          lastHash: {lastHash: 'ab'.repeat(32)},
          clientKnown: {clientKnown: false},
        }
        const {verifier} = verifierOf(
          what === 'account' ? accounts.toSpliced(at, 1) : accounts.with(at, {...victim, ...changes[what]}),
          what === 'entry' ? entries.toSpliced(which % entries.length, 1) : entries,
        )

        expect(verifier.damages.count, what).to.be.greaterThan(0)
      }),
      {numRuns: 1_000},
    )
  })
})

describe('a checkpoint', () => {
  const head = fc.record({
    clientId: fc.bigInt(1n, 999_999_999_999_999n),
    unitCode: fc.constantFrom('AZN', 'lesson', 'urok', 'урок', 'ders', 'x"\\y'),
    seq: fc.bigInt(1n, 999_999n),
    hash: fc.uint8Array({minLength: 32, maxLength: 32}).map((bytes) => Buffer.from(bytes).toString('hex')),
  })
  const heads = fc
    .uniqueArray(head, {selector: ({clientId, unitCode}) => `${clientId} ${unitCode}`, maxLength: 40})
    .map((list) => list.toSorted(compareHeads))

  function digestOf(list: readonly ChainHead[]): string {
    const digest = new CheckpointDigest()
    for (const one of list) digest.add(one)
    return digest.end().digest
  }

  it('is the SHA-256 of a line for itself and one for each head', () => {
    const list = [{clientId: 42n, unitCode: 'AZN', seq: 7n, hash: 'ab'.repeat(32)}]

    const text = `fleks:checkpoint:1\n[42,"AZN",7,"${'ab'.repeat(32)}"]\n`
    expect(digestOf(list)).to.equal(createHash('sha256').update(text).digest('hex'))
  })

  it('is found again in its file, laid out in any way and read in any pieces', () => {
    fc.assert(
      fc.property(heads, fc.constantFrom(0, 2), fc.integer({min: 1, max: 200}), (list, indent, size) => {
        const plain = `{"digest":"${digestOf(list)}","heads":[${list.map(headText).join(',\n')}]}\n`
        const file = indent === 0 ? plain : JSON.stringify(JSON.parse(plain), null, indent)
        const scanner = new CheckpointScanner()
        const found: ChainHead[] = []
        for (let at = 0; at < file.length; at += size) found.push(...scanner.push(file.slice(at, at + size)))

        expect(found).to.deep.equal(list)
        expect(scanner.digests).to.deep.equal([digestOf(list)])
      }),
    )
  })

  it('has the same digest whatever order a database keeps units in', () => {
    fc.assert(
      fc.property(steps, (posted) => {
        const ledger = ledgerOf(posted)
        const list: ChainHead[] = []
        const {checkpoint} = verifierOf(
          ledger.map(({account}) => account),
          ledger.flatMap(({entries}) => entries),
          {onHead: (one) => list.push(one)},
        )

        expect(list).to.deep.equal(list.toSorted(compareHeads))
        expect(checkpoint.digest).to.equal(digestOf(list))
      }),
    )
  })
})
