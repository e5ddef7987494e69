import {expect} from 'chai'
import fc from 'fast-check'
import type {Entry} from '../../src/core/entry.ts'
import {type Circumstances, decideOpening, decidePayment, decideTopup, type HeldAccount} from '../../src/core/ledger.ts'
import {BALANCE_MAX, money, parseSignedDecimal} from '../../src/core/money.ts'
import {decideReversal, type Original, restOf} from '../../src/core/reversal.ts'
import {decideTransfer} from '../../src/core/transfer.ts'
import {refusal} from '../support/refusal.ts'

const AZN = {code: 'AZN', decimals: 2}
const LESSON = {code: 'lesson', decimals: 0}
const ANNA: HeldAccount = {
  client: {id: 42n, name: 'Anna'},
  unit: AZN,
  balance: money(5000n),
  lastSeq: 6n,
  lastHash: Buffer.alloc(32, 7),
  archived: false,
}
const BEN: HeldAccount = {...ANNA, client: {id: 43n, name: 'Ben'}, balance: money(0n), lastSeq: 0n, lastHash: null}
const AROUND: Circumstances = {
  staff: null,
  method: null,
  note: 'a reason',
  reference: 'r-1',
  occurredAt: '2026-11-22T10:00:00.000Z',
  operator: 'tester',
}
const WRITTEN = {recordedAt: '2026-11-22T10:00:01.000Z'}
const INA = {id: 3n, name: 'Ina', archived: false}

/** Entry 42-7, a payment of 12.50, and the account after it. */
const payment: Entry = {...decidePayment(ANNA, money(1250n), {...AROUND, staff: INA}), ...WRITTEN}
const AFTER: HeldAccount = {...ANNA, balance: payment.balanceAfter, lastSeq: 7n}
const whole: Original = {entry: payment, parts: []}

describe('deciding a reversal', () => {
  it('goes the other way, links, and keeps staff and method of what it cancels', () => {
    expect(decideReversal(AFTER, whole, null, AROUND, AZN)).to.deep.include({
      kind: 'reversal',
      direction: 'IN',
      amount: 1250n,
      seq: 8n,
      balanceAfter: 5000n,
      reversesSeq: 7n,
      reversedBySeqs: [],
      note: 'a reason',
      staff: {id: 3n, name: 'Ina'},
    })
    const topup: Entry = {...decideTopup(ANNA, money(100n), {...AROUND, method: 'card'}), ...WRITTEN}
    expect(decideReversal(AFTER, {entry: topup, parts: []}, null, AROUND, AZN)).to.include({
      direction: 'OUT',
      method: 'card',
    })
  })

  it('takes what is left when no amount is named', () => {
    const original = {entry: payment, parts: [{seq: 8n, amount: money(250n)}]}

    expect(decideReversal(AFTER, original, null, AROUND, AZN).amount).to.equal(1000n)
    expect(restOf(original)).to.equal(1000n)
    expect(restOf(original, 8n)).to.equal(1250n)
    expect(restOf(original, 9n)).to.equal(1000n)
  })

  it('refuses more than there ever was, more than is left, and anything when nothing is left', () => {
    const some = {entry: payment, parts: [{seq: 8n, amount: money(250n)}]}
    const all = {entry: payment, parts: [...some.parts, {seq: 9n, amount: money(1000n)}]}

    expect(refusal(() => decideReversal(AFTER, whole, money(1251n), AROUND, AZN)).code).to.equal('INVALID_AMOUNT')
    const tooMuch = refusal(() => decideReversal(AFTER, some, money(1001n), AROUND, AZN))
    expect(tooMuch.code).to.equal('ALREADY_REVERSED')
    expect(tooMuch.message).to.equal('2.50 of 12.50 AZN of 42-7 are already reversed by 42-8; 10.00 AZN are left')
    for (const amount of [null, money(1n)]) {
      const nothing = refusal(() => decideReversal(AFTER, all, amount, AROUND, AZN))
      expect(nothing).to.include({code: 'ALREADY_REVERSED', exit: 5})
      expect(nothing.message).to.equal('42-7 is already reversed by 42-8, 42-9; nothing is left of its 12.50 AZN')
      expect(nothing.details).to.deep.include({left: '0.00', reversedBy: ['42-8', '42-9']})
    }
  })

  it('refuses reversals and transfers', () => {
    const reversal: Entry = {...decideReversal(AFTER, whole, null, AROUND, AZN), ...WRITTEN}
    const {entry, counterEntry} = decideTransfer(ANNA, BEN, money(100n), AROUND)

    for (const fixed of [reversal, {...entry, ...WRITTEN}, {...counterEntry, ...WRITTEN}]) {
      const refused = refusal(() => decideReversal(AFTER, {entry: fixed, parts: []}, null, AROUND, AZN))
      expect(refused).to.include({code: 'NOT_REVERSIBLE', exit: 5})
    }
    const elsewhere = {...entry, ...WRITTEN, unit: LESSON}
    expect(refusal(() => decideReversal(AFTER, {entry: elsewhere, parts: []}, null, AROUND, AZN)).hint).to.equal(
      'Transfer it back with: fleks transfer 43 42 100 --unit lesson',
    )
  })

  it('never reverses more than the whole, in whatever parts', () => {
    const amounts = fc.array(fc.option(fc.bigInt({min: 1n, max: 1300n})), {maxLength: 20})
    fc.assert(
      fc.property(amounts, (asked) => {
        let account = AFTER
        let original = whole
        for (const amount of asked) {
          const left = restOf(original)
          const fits = left > 0n && (amount ?? left) <= left
          const attempt = () => decideReversal(account, original, amount === null ? null : money(amount), AROUND, AZN)
          if (!fits) {
            expect(refusal(attempt).code).to.equal(original.parts.length === 0 ? 'INVALID_AMOUNT' : 'ALREADY_REVERSED')
            continue
          }
          const draft = attempt()
          account = {...account, balance: draft.balanceAfter, lastSeq: draft.seq}
          original = {entry: payment, parts: [...original.parts, {seq: draft.seq, amount: draft.amount}]}
        }
        expect(account.balance >= AFTER.balance && account.balance <= ANNA.balance).to.equal(true)
        expect(restOf(original)).to.equal(ANNA.balance - account.balance)
      }),
    )
  })
})

describe('deciding a transfer', () => {
  it('takes and gives the same, and each side names the other', () => {
    const {entry, counterEntry} = decideTransfer(ANNA, BEN, money(1250n), AROUND)

    expect(entry).to.deep.include({kind: 'transfer', direction: 'OUT', seq: 7n, balanceAfter: 3750n})
    expect(entry.counter).to.deep.equal({clientId: 43n, seq: 1n})
    expect(counterEntry).to.deep.include({kind: 'transfer', direction: 'IN', seq: 1n, balanceAfter: 1250n})
    expect(counterEntry.counter).to.deep.equal({clientId: 42n, seq: 7n})
    expect(counterEntry.reference).to.equal(entry.reference)
  })

  it('refuses what either side cannot do', () => {
    const archived = {...BEN, archived: true}
    const full = {...BEN, balance: money(BALANCE_MAX)}
    const codes = [
      refusal(() => decideTransfer(ANNA, ANNA, money(1n), AROUND)),
      refusal(() => decideTransfer(ANNA, BEN, money(5001n), AROUND)),
      refusal(() => decideTransfer(ANNA, archived, money(1n), AROUND)),
      refusal(() => decideTransfer({...ANNA, archived: true}, BEN, money(1n), AROUND)),
      refusal(() => decideTransfer(ANNA, full, money(1n), AROUND)),
    ].map(({code}) => code)

    expect(codes).to.deep.equal(['INVALID_INPUT', 'INSUFFICIENT_FUNDS', 'ARCHIVED', 'ARCHIVED', 'BALANCE_LIMIT'])
  })
})

describe('deciding an opening', () => {
  it('is an account’s first entry or none', () => {
    expect(decideOpening(BEN, money(100n), AROUND)).to.include({kind: 'opening', direction: 'IN', seq: 1n})
    expect(refusal(() => decideOpening(ANNA, money(100n), AROUND))).to.include({code: 'ALREADY_OPENED', exit: 5})
  })
})

describe('signed amounts', () => {
  it('always say whether they are added or taken', () => {
    expect(parseSignedDecimal('+5')).to.deep.equal({digits: 5n, scale: 0, negative: false})
    expect(parseSignedDecimal('-12,50')).to.deep.equal({digits: 1250n, scale: 2, negative: true})
    expect(parseSignedDecimal('\u22125')).to.deep.equal({digits: 5n, scale: 0, negative: true})
    for (const text of [
      '5',
      '',
      '+',
      '-',
      '+-5',
      '--5',
      '++5',
      '- 5',
      '+0',
      '-0.00',
      '+1e3',
      '-\u22125',
      '+5\n',
      '5-',
    ]) {
      expect(refusal(() => parseSignedDecimal(text)).code, text).to.equal('INVALID_AMOUNT')
    }
  })
})
