import {createHash} from 'node:crypto'
import {expect} from 'chai'
import fc from 'fast-check'
import type {Entry} from '../../src/core/entry.ts'
import {canonicalEntry, chainRoot, entryHash} from '../../src/core/hash-chain.ts'
import {type Circumstances, decidePayment, decideTopup, type HeldAccount} from '../../src/core/ledger.ts'
import {BALANCE_MAX, money} from '../../src/core/money.ts'
import {decideReplay} from '../../src/core/replay.ts'
import {refusal} from '../support/refusal.ts'

const AZN = {code: 'AZN', decimals: 2}
const ACCOUNT: HeldAccount = {
  client: {id: 42n, name: 'Anna Petrova'},
  unit: AZN,
  balance: money(5000n),
  lastSeq: 6n,
  lastHash: Buffer.alloc(32, 7),
  archived: false,
}
const INA = {id: 3n, name: 'Ina', archived: false}
const AROUND: Circumstances = {
  staff: INA,
  method: null,
  note: null,
  reference: 'r-1',
  occurredAt: '2026-11-22T10:00:00.000Z',
  operator: 'tester',
}

describe('deciding a posting', () => {
  it('continues the account', () => {
    const draft = decidePayment(ACCOUNT, money(1250n), AROUND)

    expect(draft).to.include({kind: 'payment', direction: 'OUT', seq: 7n, balanceBefore: 5000n, balanceAfter: 3750n})
    expect(decideTopup(ACCOUNT, money(1250n), AROUND)).to.include({kind: 'topup', direction: 'IN', balanceAfter: 6250n})
  })

  it('never goes below zero, and says what is missing', () => {
    expect(decidePayment(ACCOUNT, money(5000n), AROUND).balanceAfter).to.equal(0n)
    const error = refusal(() => decidePayment(ACCOUNT, money(5001n), AROUND))

    expect(error.code).to.equal('INSUFFICIENT_FUNDS')
    expect(error.details).to.include({balance: '50.00', amount: '50.01', missing: '0.01', unit: 'AZN'})
  })

  it('names a counted unit in the command that tops up what is missing', () => {
    const lessons = {...ACCOUNT, unit: {code: 'lesson', decimals: 0}, balance: money(1n)}

    expect(refusal(() => decidePayment(lessons, money(3n), AROUND)).hint).to.equal(
      'Top up first with: fleks topup 42 2 --unit lesson',
    )
    expect(refusal(() => decidePayment(ACCOUNT, money(5001n), AROUND)).hint).to.equal(
      'Top up first with: fleks topup 42 0.01',
    )
  })

  it('keeps a balance within its limit', () => {
    const full = {...ACCOUNT, balance: money(BALANCE_MAX)}

    expect(refusal(() => decideTopup(full, money(1n), AROUND)).code).to.equal('BALANCE_LIMIT')
  })

  it('refuses archived clients and staff, and a payment without staff', () => {
    expect(refusal(() => decideTopup({...ACCOUNT, archived: true}, money(1n), AROUND)).code).to.equal('ARCHIVED')
    expect(
      refusal(() => decidePayment(ACCOUNT, money(1n), {...AROUND, staff: {...INA, archived: true}})).code,
    ).to.equal('ARCHIVED')
    expect(refusal(() => decidePayment(ACCOUNT, money(1n), {...AROUND, staff: null})).code).to.equal('USAGE')
  })

  it('keeps every balance the sum of its entries, whatever is posted', () => {
    const step = fc.record({out: fc.boolean(), amount: fc.bigInt({min: 1n, max: 10_000n})})
    fc.assert(
      fc.property(fc.array(step, {maxLength: 50}), (steps) => {
        let account: HeldAccount = {...ACCOUNT, balance: money(0n), lastSeq: 0n, lastHash: null}
        let sum = 0n
        for (const {out, amount} of steps) {
          if (out && amount > sum) {
            expect(refusal(() => decidePayment(account, money(amount), AROUND)).code).to.equal('INSUFFICIENT_FUNDS')
            continue
          }
          const draft = out
            ? decidePayment(account, money(amount), AROUND)
            : decideTopup(account, money(amount), AROUND)
          sum += out ? -amount : amount
          expect(draft).to.include({balanceBefore: account.balance, balanceAfter: sum, seq: account.lastSeq + 1n})
          account = {
            ...account,
            balance: draft.balanceAfter,
            lastSeq: draft.seq,
            lastHash: Buffer.from(draft.hash, 'hex'),
          }
        }
      }),
    )
  })
})

describe('a known reference', () => {
  const entry: Entry = {...decidePayment(ACCOUNT, money(1250n), AROUND), recordedAt: '2026-11-22T10:00:01.000Z'}
  const same = {
    kind: 'payment',
    direction: 'OUT',
    unit: AZN,
    amount: money(1250n),
    staffId: 3n,
    method: null,
    note: null,
    reversesSeq: null,
    counterClientId: null,
    occurredAt: null,
  } as const

  it('with the same content is a replay', () => {
    expect(decideReplay(entry, same, '42-7')).to.equal(entry)
    expect(decideReplay(entry, {...same, amount: null}, '42-7')).to.equal(entry)
    expect(decideReplay(entry, {...same, occurredAt: entry.occurredAt}, '42-7')).to.equal(entry)
  })

  const others = [
    {kind: 'topup'},
    {direction: 'IN'},
    {reversesSeq: 1n},
    {counterClientId: 43n},
    {amount: money(1251n)},
    {unit: {code: 'EUR', decimals: 2}},
    {staffId: 4n},
    {staffId: null},
    {method: 'cash'},
    {note: 'x'},
    {occurredAt: '2026-11-22T10:00:00.001Z'},
  ] as const
  for (const other of others) {
    it(`with another ${Object.keys(other)[0]} is a conflict that shows both`, () => {
      const error = refusal(() => decideReplay(entry, {...same, ...other}, '42-7'))

      expect(error.code).to.equal('REFERENCE_CONFLICT')
      expect(error.details).to.have.keys('reference', 'existing', 'asked', 'differs')
    })
  }
})

describe('the hash chain', () => {
  const draft = decidePayment(ACCOUNT, money(1250n), {...AROUND, note: 'ü "x"'})

  it('seals the hash before and the canonical form', () => {
    const canonical =
      '[42,"AZN",7,"payment","OUT","12.50","50.00","37.50",3,null,"ü \\"x\\"","r-1",null,null,null,"2026-11-22T10:00:00.000Z","tester"]'

    expect(canonicalEntry(draft)).to.equal(canonical)
    expect(draft.hash).to.equal(createHash('sha256').update(Buffer.alloc(32, 7)).update(canonical).digest('hex'))
  })

  it('begins over the account’s key', () => {
    expect(chainRoot(42n, AZN).toString('hex')).to.equal(createHash('sha256').update('fleks:1:42:AZN').digest('hex'))
    const first = decideTopup({...ACCOUNT, balance: money(0n), lastSeq: 0n, lastHash: null}, money(1n), AROUND)
    expect(first.hash).to.equal(entryHash(chainRoot(42n, AZN), first).toString('hex'))
  })

  const changes = {
    clientId: 43n,
    unit: {code: 'EUR', decimals: 2},
    seq: 8n,
    kind: 'refund',
    direction: 'IN',
    amount: money(1251n),
    balanceBefore: money(5001n),
    balanceAfter: money(3751n),
    staff: null,
    method: 'cash',
    note: null,
    reference: 'r-2',
    reversesSeq: 1n,
    counter: {clientId: 1n, seq: 1n},
    occurredAt: '2026-11-22T10:00:00.001Z',
    operator: 'another',
  } as const
  for (const [field, value] of Object.entries(changes)) {
    it(`changes with ${field}`, () => {
      const changed = entryHash(Buffer.alloc(32, 7), {...draft, [field]: value}).toString('hex')
      expect(changed).to.not.equal(draft.hash)
    })
  }
})
