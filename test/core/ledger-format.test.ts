import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {CheckpointDigest, headText} from '../../src/core/checkpoint.ts'
import {canonicalEntry, chainRoot, entryHash} from '../../src/core/hash-chain.ts'
import {money} from '../../src/core/money.ts'

const DOCUMENT = readFileSync(new URL('../../docs/LEDGER-FORMAT.md', import.meta.url), 'utf8')

const AZN = {code: 'AZN', decimals: 2}
const COMMON = {clientId: 42n, unit: AZN, reversesSeq: null, counter: null, operator: 'ina'} as const
const FIRST = {
  ...COMMON,
  seq: 1n,
  kind: 'topup',
  direction: 'IN',
  amount: money(5000n),
  balanceBefore: money(0n),
  balanceAfter: money(5000n),
  staff: null,
  method: 'cash',
  note: null,
  reference: 'receipt-1017',
  occurredAt: '2026-11-22T10:00:00.000Z',
}
const SECOND = {
  ...COMMON,
  seq: 2n,
  kind: 'payment',
  direction: 'OUT',
  amount: money(1250n),
  balanceBefore: money(5000n),
  balanceAfter: money(3750n),
  staff: {id: 3n},
  method: null,
  note: 'massage, "deep"',
  reference: 'visit-204',
  occurredAt: '2026-11-22T11:30:00.000Z',
}

describe('docs/LEDGER-FORMAT.md', () => {
  it('shows what the program computes', () => {
    const root = chainRoot(42n, AZN)
    const first = entryHash(root, FIRST)
    const second = entryHash(first, SECOND).toString('hex')
    const head = {clientId: 42n, unitCode: 'AZN', seq: 2n, hash: second}
    const digest = new CheckpointDigest()
    digest.add(head)

    expect(/<!-- example -->\n```text\n(.*?)```/s.exec(DOCUMENT)?.[1]).to.equal(
      [
        'root of 42 in AZN',
        '  fleks:1:42:AZN',
        `  ${root.toString('hex')}`,
        'entry 42-1',
        `  ${canonicalEntry(FIRST)}`,
        `  ${first.toString('hex')}`,
        'entry 42-2',
        `  ${canonicalEntry(SECOND)}`,
        `  ${second}`,
        'checkpoint of a ledger with this account alone',
        '  fleks:checkpoint:1',
        `  ${headText(head)}`,
        `  ${digest.end().digest}`,
        '',
      ].join('\n'),
    )
    expect(DOCUMENT)
      .to.contain(`printf '${first.toString('hex')}'`)
      .and.contain(`printf '%s' '${canonicalEntry(SECOND)}'`)
  })
})
