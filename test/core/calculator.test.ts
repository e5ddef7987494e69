/** The core against a calculator: random postings of every kind, and both must agree at every step. */

import {expect} from 'chai'
import fc from 'fast-check'
import type {Entry} from '../../src/core/entry.ts'
import {
  type Circumstances,
  decideAdjustment,
  decideOpening,
  decidePayment,
  decideRefund,
  decideTopup,
  type HeldAccount,
} from '../../src/core/ledger.ts'
import {money} from '../../src/core/money.ts'
import {decideReversal} from '../../src/core/reversal.ts'
import {decideTransfer} from '../../src/core/transfer.ts'
import {refusal} from '../support/refusal.ts'

const AZN = {code: 'AZN', decimals: 2}
const EMPTY: HeldAccount = {
  client: {id: 1n, name: 'Client 1'},
  unit: AZN,
  balance: money(0n),
  lastSeq: 0n,
  lastHash: null,
  archived: false,
}
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

/** What the owner's calculator would say: balances, and what is left of each entry. */
class Calculator {
  readonly balances = [0n, 0n, 0n]
  readonly entries = [0, 0, 0]
  readonly left = new Map<string, bigint>()

  moves(client: number, change: bigint): boolean {
    const balance = (this.balances[client] ?? 0n) + change
    if (balance < 0n) return false
    this.balances[client] = balance
    this.entries[client] = (this.entries[client] ?? 0) + 1
    return true
  }
}

const VERBS = ['topup', 'payment', 'refund', 'adjustIn', 'adjustOut', 'opening', 'reversal', 'transfer'] as const

describe('the ledger as a whole', () => {
  const step = fc.record({
    verb: fc.constantFrom(...VERBS),
    client: fc.nat({max: 2}),
    other: fc.nat({max: 2}),
    amount: fc.bigInt({min: 1n, max: 3000n}),
    target: fc.nat({max: 30}),
    part: fc.boolean(),
  })

  it('agrees with a calculator, whatever is posted and in whatever order', () => {
    fc.assert(
      fc.property(fc.array(step, {maxLength: 60, size: 'max'}), (steps) => {
        const accounts = [1n, 2n, 3n].map((id): HeldAccount => ({...EMPTY, client: {id, name: `Client ${id}`}}))
        const book: Entry[] = []
        const sums = new Calculator()
        for (const {verb, client, other, amount, target, part} of steps) {
          const account = accounts[client] ?? EMPTY
          const write = (...drafts: readonly Omit<Entry, 'recordedAt'>[]) => {
            for (const draft of drafts) {
              book.push({...draft, ...WRITTEN})
              accounts[Number(draft.clientId) - 1] = {
                ...account,
                client: draft.client,
                balance: draft.balanceAfter,
                lastSeq: draft.seq,
                lastHash: Buffer.from(draft.hash, 'hex'),
              }
            }
          }
          const original = book[target % Math.max(1, book.length)]
          const attempt = decisionOf(verb, {account, other: accounts[other] ?? EMPTY, amount, original, part, book})
          if (attempt === null) continue
          const expected = expectedOf(sums, {verb, client, other, amount, original, part})
          if (!expected) {
            refusal(attempt)
            continue
          }
          write(...attempt())
        }
        for (const [at, {client, balance, lastSeq}] of accounts.entries()) {
          const own = book.filter(({clientId}) => clientId === client.id)
          const sum = own.reduce((total, {direction, amount}) => total + (direction === 'IN' ? amount : -amount), 0n)
          expect([balance, sum]).to.deep.equal([sums.balances[at], sums.balances[at]])
          expect(own.map(({seq}) => Number(seq))).to.deep.equal(own.map((_, index) => index + 1))
          expect(lastSeq).to.equal(BigInt(own.length))
          expect(own.every((entry, index) => entry.balanceBefore === (own[index - 1]?.balanceAfter ?? 0n))).to.equal(
            true,
          )
        }
        const transfers = book.filter(({kind}) => kind === 'transfer')
        expect(
          transfers.reduce((net, {direction, amount}) => net + (direction === 'IN' ? amount : -amount), 0n),
        ).to.equal(0n)
      }),
      {numRuns: 200},
    )
  })
})

interface Step {
  readonly account: HeldAccount
  readonly other: HeldAccount
  readonly amount: bigint
  readonly original: Entry | undefined
  readonly part: boolean
  readonly book: readonly Entry[]
}

/** The decision under test, ready to be made; null where there is nothing to reverse. */
function decisionOf(
  verb: (typeof VERBS)[number],
  {account, other, amount: minor, original, part, book}: Step,
): (() => readonly Omit<Entry, 'recordedAt'>[]) | null {
  const amount = money(minor)
  switch (verb) {
    case 'topup':
      return () => [decideTopup(account, amount, AROUND)]
    case 'payment':
      return () => [decidePayment(account, amount, {...AROUND, staff: INA})]
    case 'refund':
      return () => [decideRefund(account, amount, AROUND)]
    case 'adjustIn':
      return () => [decideAdjustment(account, 'IN', amount, AROUND)]
    case 'adjustOut':
      return () => [decideAdjustment(account, 'OUT', amount, AROUND)]
    case 'opening':
      return () => [decideOpening(account, amount, AROUND)]
    case 'transfer':
      return () => {
        const {entry, counterEntry} = decideTransfer(account, other, amount, AROUND)
        return [entry, counterEntry]
      }
    case 'reversal': {
      if (original === undefined || original.clientId !== account.client.id) return null
      const parts = book.filter(
        ({clientId, reversesSeq}) => clientId === original.clientId && reversesSeq === original.seq,
      )
      return () => [decideReversal(account, {entry: original, parts}, part ? amount : null, AROUND, AZN)]
    }
  }
}

interface Wish {
  readonly verb: (typeof VERBS)[number]
  readonly client: number
  readonly other: number
  readonly amount: bigint
  readonly original: Entry | undefined
  readonly part: boolean
}

/** Whether the calculator allows it; it moves its own sums when it does. */
function expectedOf(sums: Calculator, {verb, client, other, amount, original, part}: Wish): boolean {
  switch (verb) {
    case 'topup':
    case 'adjustIn':
      return sums.moves(client, amount)
    case 'payment':
    case 'refund':
    case 'adjustOut':
      return sums.moves(client, -amount)
    case 'opening':
      return sums.entries[client] === 0 && sums.moves(client, amount)
    case 'transfer':
      return client !== other && sums.moves(client, -amount) && sums.moves(other, amount)
    case 'reversal': {
      if (original === undefined || original.kind === 'reversal' || original.kind === 'transfer') return false
      const key = `${original.clientId}-${original.seq}`
      const left = sums.left.get(key) ?? original.amount
      const taken = part ? amount : left
      if (left === 0n || taken > left) return false
      if (!sums.moves(client, original.direction === 'IN' ? -taken : taken)) return false
      sums.left.set(key, left - taken)
      return true
    }
  }
}
