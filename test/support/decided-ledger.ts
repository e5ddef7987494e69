/** Small ledgers as the program decides them, without a database, and the verifier over whatever is left of one. */

import fc from 'fast-check'
import type {StoredAccount, StoredSeal} from '../../src/core/chain-check.ts'
import {decidePayment, decideTopup, type HeldAccount} from '../../src/core/ledger.ts'
import {money} from '../../src/core/money.ts'
import {LedgerVerifier, type VerifierOptions} from '../../src/core/verification.ts'
import {copyLine, storedSeal} from './copy-line.ts'

const AZN = {code: 'AZN', decimals: 2}
export const LESSON = {code: 'lesson', decimals: 0}

export interface DecidedAccount {
  readonly account: StoredAccount
  readonly entries: readonly StoredSeal[]
}

/** One step: which client and unit, in or out, how much, and what is written beside it. */
const step = fc.record({
  client: fc.integer({min: 1, max: 3}),
  unit: fc.constantFrom(AZN, LESSON),
  payment: fc.boolean(),
  amount: fc.bigInt(1n, 500n),
  note: fc.option(fc.string({maxLength: 5})),
  method: fc.option(fc.constantFrom('cash' as const, 'card' as const)),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

export const steps = fc.array(step, {minLength: 1, maxLength: 30})

/** Posts the steps as the program decides them; a payment that the balance does not bear becomes a top-up. */
export function ledgerOf(steps: readonly Step[]): DecidedAccount[] {
  const accounts = new Map<string, {held: HeldAccount; entries: StoredSeal[]}>()
  steps.forEach(({client, unit, payment, amount, note, method}, at) => {
    const key = `${client} ${unit.code}`
    const known = accounts.get(key)
    const held = known?.held ?? {
      ...{client: {id: BigInt(client), name: 'x'}, unit, balance: money(0n), lastSeq: 0n, lastHash: null},
      archived: false,
    }
    const around = {
      staff: {id: 1n, name: 'Ina', archived: false},
      method,
      note,
      reference: `r-${at}`,
      occurredAt: new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString(),
      operator: 'tester',
    }
    const decide = payment && held.balance >= amount ? decidePayment : decideTopup
    const draft = decide(held, money(amount), around)
    accounts.set(key, {
      held: {...held, balance: draft.balanceAfter, lastSeq: draft.seq, lastHash: Buffer.from(draft.hash, 'hex')},
      entries: [...(known?.entries ?? []), storedSeal(draft, draft.hash)],
    })
  })
  return [...accounts.values()].map(({held, entries}) => ({
    account: {
      clientId: String(held.client.id),
      unit: held.unit.code,
      balance: String(held.balance),
      lastSeq: String(held.lastSeq),
      lastHash: entries.at(-1)?.hash ?? null,
      clientKnown: true,
    },
    entries,
  }))
}

/**
 * Reads accounts and entries in the order of the database, whatever was done to them; `plainly`: each entry as its line
 * of COPY first, as `verify` does.
 */
export function verifierOf(
  accounts: readonly StoredAccount[],
  entries: readonly StoredSeal[],
  {plainly = false, onHead}: {readonly plainly?: boolean; readonly onHead?: VerifierOptions['onHead']} = {},
) {
  const options = {ownUnitCode: 'AZN', countedUnits: [LESSON], staffIds: new Set(['1']), onHead}
  const verifier = new LedgerVerifier(options)
  const rows = [
    ...accounts.map((account) => ({...account, seq: '-1', account: true as const})),
    ...entries.map((entry) => ({...entry, account: false as const})),
  ].toSorted(
    (a, b) =>
      Number(a.clientId) - Number(b.clientId) ||
      (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : 0) ||
      Number(a.seq) - Number(b.seq),
  )
  let current = ''
  for (const row of rows) {
    if (row.clientId !== current) verifier.client(BigInt(row.clientId), [])
    current = row.clientId
    if (row.account) verifier.account(row)
    else if (!plainly || verifier.plainEntry(Buffer.from(copyLine(row)), 0) === null) verifier.entry(row)
  }
  return {verifier, checkpoint: verifier.end()}
}
