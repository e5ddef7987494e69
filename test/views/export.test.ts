import {expect} from 'chai'
import fc from 'fast-check'
import {contraOf} from '../../src/core/contra.ts'
import {DIRECTIONS, type Entry, KINDS, METHODS} from '../../src/core/entry.ts'
import type {ExportedEntry} from '../../src/core/export-form.ts'
import {money} from '../../src/core/money.ts'
import {entryJson} from '../../src/views/entry-json.ts'
import {csvForm, journalForm, jsonlForm} from '../../src/views/export-forms.ts'
import {beancount} from '../../src/views/journal-beancount.ts'
import {HLEDGER, LEDGER} from '../../src/views/journal-plain.ts'
import {entryLine} from '../../src/views/ledger-jsonl.ts'
import {refusal} from '../support/refusal.ts'

const AZN = {code: 'AZN', decimals: 2}
const LESSON = {code: 'lesson', decimals: 0}
const SETTINGS = {businessName: null, unit: AZN, timeZone: 'Asia/Baku', locale: null, countedUnits: [LESSON]}
const HEADER = {
  version: '1.0.0',
  exportedAt: '2026-11-22T10:00:00.000Z',
  scope: {client: null, from: null, to: null},
  settings: SETTINGS,
}

const TOPUP: Entry = {
  clientId: 42n,
  client: {id: 42n, name: 'Anna; "A"  Petrova: 1'},
  unit: AZN,
  seq: 1n,
  kind: 'topup',
  direction: 'IN',
  amount: money(5000n),
  balanceBefore: money(0n),
  balanceAfter: money(5000n),
  staff: null,
  method: 'cash',
  note: '=1+1',
  reference: 'receipt, [1]',
  reversesSeq: null,
  reversedBySeqs: [],
  counter: null,
  occurredAt: '2026-11-21T21:00:00.000Z',
  recordedAt: '2026-11-21T21:00:01.000Z',
  operator: 'root',
  hash: 'ab'.repeat(32),
}
const PAYMENT: Entry = {
  ...TOPUP,
  seq: 2n,
  kind: 'payment',
  direction: 'OUT',
  amount: money(1250n),
  balanceBefore: money(5000n),
  balanceAfter: money(3750n),
  staff: {id: 3n, name: 'Ina'},
  method: null,
  note: null,
  reference: 'visit',
  occurredAt: '2026-11-20T10:00:00.000Z',
}
const exported = (entry: Entry): ExportedEntry => ({entry, batch: null, reversed: null})
const both = [TOPUP, PAYMENT].map(exported)

describe('an exported ledger', () => {
  it('writes each entry as the text of its JSON', () => {
    const text = fc.string({unit: 'binary', maxLength: 30})
    const whole = fc.bigInt({min: 1n, max: 10n ** 15n})
    const balance = fc.bigInt({min: 0n, max: 9n * 10n ** 17n}).map(money)
    const anyEntry = fc.record({
      clientId: whole,
      unit: fc.constantFrom(AZN, LESSON, {code: 'занятие', decimals: 4}),
      seq: whole,
      kind: fc.constantFrom(...KINDS),
      direction: fc.constantFrom(...DIRECTIONS),
      amount: whole.map(money),
      balanceBefore: balance,
      balanceAfter: balance,
      client: fc.record({id: whole, name: text}),
      staff: fc.option(fc.record({id: whole, name: text})),
      method: fc.option(fc.constantFrom(...METHODS)),
      note: fc.option(text),
      reference: text,
      reversesSeq: fc.option(whole),
      reversedBySeqs: fc.array(whole, {maxLength: 3}),
      counter: fc.option(fc.record({clientId: whole, seq: whole})),
      occurredAt: fc.constant('2026-11-21T21:00:00.000Z'),
      recordedAt: fc.constant('2026-11-21T21:00:00.123Z'),
      operator: text,
      hash: fc.constant('0f'.repeat(32)),
    })
    fc.assert(
      fc.property(anyEntry, (entry) => {
        expect(entryLine(entry, AZN)).to.equal(`${JSON.stringify(entryJson(entry, AZN))}\n`)
      }),
    )
  })

  it('has in JSON lines a line for each thing, and tells when the import changes', () => {
    const form = jsonlForm(SETTINGS)

    const lines = [
      form.start(HEADER),
      form.staff?.([{id: 3n, name: 'Ina', createdAt: '2026-01-01T00:00:00.000001Z', archivedAt: null}]),
      form.entries([{...exported(TOPUP), batch: 7n}, exported(PAYMENT)]),
      form.end('cafe'),
    ]

    expect(lines.join('')).to.equal(
      [
        '{"fleks":"ledger","format":1,"version":"1.0.0","exportedAt":"2026-11-22T10:00:00.000Z","scope":{"client":null,"from":null,"to":null},"settings":{"businessName":null,"unit":"AZN","timeZone":"Asia/Baku","locale":null,"countedUnits":[{"code":"lesson","decimals":0}]}}',
        '{"staff":{"id":3,"name":"Ina","createdAt":"2026-01-01T00:00:00.000001Z","archivedAt":null}}',
        '{"batch":7}',
        JSON.stringify(entryJson(TOPUP, AZN)),
        '{"batch":null}',
        JSON.stringify(entryJson(PAYMENT, AZN)),
        '{"end":{"staff":1,"rows":0,"clients":0,"entries":2,"sha256":"cafe"}}',
        '',
      ].join('\n'),
    )
  })

  it('is harmless in a spreadsheet, and its numbers stay numbers', () => {
    const form = csvForm(SETTINGS)

    const [header, first] = (form.start(HEADER) + form.entries(both)).split('\r\n')

    expect(header).to.match(/^id,occurredAt,client\.id,client\.name,kind,/)
    expect(first).to.equal(
      `42-1,2026-11-21T21:00:00.000Z,42,"Anna; ""A""  Petrova: 1",topup,IN,50.00,AZN,0.00,50.00,,,cash,'=1+1,"receipt, [1]",,,,2026-11-21T21:00:01.000Z,root,${'ab'.repeat(32)}`,
    )
  })

  it('is a journal for hledger, in days of the business, with the balance checked where all is before it', () => {
    const form = journalForm(HLEDGER, SETTINGS, {whole: true})

    expect(form.start(HEADER) + form.entries(both) + form.end('')).to.equal(
      `decimal-mark .

commodity 1000.00 AZN
account liabilities:clients:42 Anna, "A" Petrova. 1
account assets:cash:cash

2026-11-22 (42-1) Anna, "A" Petrova: 1 | =1+1
    ; kind: topup
    ; at: 2026-11-21T21:00:00.000Z
    ; reference: receipt; (1)
    liabilities:clients:42 Anna, "A" Petrova. 1  -50.00 AZN
    assets:cash:cash  50.00 AZN
account income:3 Ina

2026-11-20 (42-2) Anna, "A" Petrova: 1
    ; kind: payment
    ; at: 2026-11-20T10:00:00.000Z
    ; reference: visit
    liabilities:clients:42 Anna, "A" Petrova. 1  12.50 AZN
    income:3 Ina  -12.50 AZN

2026-11-22 balance
    liabilities:clients:42 Anna, "A" Petrova. 1  0.00 AZN = -37.50 AZN
`,
    )
  })

  it('is a journal for Ledger, which has hours of its own', () => {
    const form = journalForm(LEDGER, SETTINGS, {whole: true})
    const hours = {...TOPUP, unit: {code: 'h', decimals: 0}}

    expect(form.start(HEADER) + form.entries([exported(hours)]) + form.end('')).to.equal(
      `tag at
tag kind
tag reference

commodity "unit h"
    format 1000 "unit h"
account liabilities:clients:42 Anna, "A" Petrova. 1
account assets:cash:cash

2026-11-22 (42-h-1) Anna, "A" Petrova: 1 | =1+1
    ; kind: topup
    ; at: 2026-11-21T21:00:00.000Z
    ; reference: receipt; (1)
    liabilities:clients:42 Anna, "A" Petrova. 1  -5000 "unit h" = -5000 "unit h"
    assets:cash:cash  5000 "unit h"
`,
    )
  })

  it('is a journal for Beancount, in the letters that it takes', () => {
    const form = journalForm(
      beancount((text) => text.replaceAll('ə', 'a')),
      SETTINGS,
      {whole: true},
    )
    const entry = {...TOPUP, unit: {code: 'занятие', decimals: 0}, client: {id: 42n, name: 'ələ "x"'}}

    expect(form.start(HEADER) + form.entries([exported(entry)]) + form.end('')).to.equal(
      `1800-01-01 commodity U-8ED71A
  name: "занятие"
1800-01-01 open Liabilities:Clients:42-ala-x
  name: "ələ \\"x\\""
1800-01-01 open Assets:Cash:Cash

2026-11-22 * "ələ \\"x\\"" "=1+1"
  id: "42-занятие-1"
  kind: "topup"
  at: "2026-11-21T21:00:00.000Z"
  reference: "receipt, [1]"
  Liabilities:Clients:42-ala-x  -5000 U-8ED71A
  Assets:Cash:Cash  5000 U-8ED71A

2026-11-23 balance Liabilities:Clients:42-ala-x  -5000 U-8ED71A
`,
    )
  })

  it('states no balances for a part of an account', () => {
    const form = journalForm(HLEDGER, SETTINGS, {whole: false})

    expect(form.start(HEADER) + form.entries(both) + form.end('')).to.not.match(/ = |balance/)
  })
})

describe('the account against which an entry is booked', () => {
  const reversal = {...TOPUP, kind: 'reversal'} as const

  it('is cash by method, income by staff, or a part of equity', () => {
    expect(contraOf(TOPUP, null)).to.deep.equal({of: 'cash', method: 'cash'})
    expect(contraOf({...TOPUP, kind: 'refund', method: null}, null)).to.deep.equal({of: 'cash', method: null})
    expect(contraOf(PAYMENT, null)).to.deep.equal({of: 'income', staff: {id: 3n, name: 'Ina'}})
    expect(contraOf({...TOPUP, kind: 'adjustment'}, null)).to.deep.equal({of: 'adjustments'})
    expect(contraOf({...TOPUP, kind: 'opening'}, null)).to.deep.equal({of: 'openings'})
    expect(contraOf({...TOPUP, kind: 'transfer'}, null)).to.deep.equal({of: 'transfers'})
  })

  it('of a reversal is that of what it reverses', () => {
    const topup = {kind: 'topup', method: 'card', staff: null} as const
    const payment = {kind: 'payment', method: null, staff: {id: 3n, name: 'Ina'}} as const

    expect(contraOf(reversal, topup)).to.deep.equal({of: 'cash', method: 'card'})
    expect(contraOf(reversal, payment)).to.deep.equal({of: 'income', staff: {id: 3n, name: 'Ina'}})
    expect(refusal(() => contraOf(reversal, null)).code).to.equal('INTEGRITY')
  })
})
