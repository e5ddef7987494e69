import {expect} from 'chai'
import {type Columns, insert, NEXT, refusedBy, withLedgerAt50} from '../support/intruder.ts'

describe('the database itself, whoever connects,', () => {
  it('takes an entry that continues its account, and moves the account', () =>
    withLedgerAt50(async (database) => {
      await insert(database, {})

      const rows = await database.sql('select balance, last_seq, last_hash from account where client_id = 1')
      expect(rows).to.deep.equal([{balance: '5100', last_seq: '2', last_hash: NEXT.hash}])
    }))

  it('takes many entries at once when they follow each other, in any order', () =>
    withLedgerAt50(async (database) => {
      await insert(
        database,
        {seq: 3, balance_before: 5100, balance_after: 5200, reference: 'r-3'},
        {},
        {
          client_id: 1,
          unit: 'AZN',
          seq: 4,
          kind: 'payment',
          direction: 'OUT',
          amount: 200,
          balance_before: 5200,
          balance_after: 5000,
          staff_id: 1,
          reference: 'r-4',
        },
      )

      const [account] = await database.sql('select balance, last_seq from account where client_id = 1')
      expect(account).to.deep.equal({balance: '5000', last_seq: '4'})
    }))

  const wrong: readonly (readonly [what: string, by: string, ...rows: Columns[]])[] = [
    ['a gap in seq', 'entry_continues_account', {seq: 3}],
    ['a seq that is taken', 'entry_pkey', {seq: 1}],
    ['a wrong balance before', 'entry_continues_account', {balance_before: 4900, balance_after: 5000}],
    [
      'a gap inside one statement',
      'entry_continues_account',
      {},
      {seq: 4, balance_before: 5100, balance_after: 5200, reference: 'r-3'},
    ],
    [
      'a break inside one statement',
      'entry_continues_account',
      {},
      {seq: 3, balance_before: 5000, balance_after: 5100, reference: 'r-3'},
    ],
    [
      'an account that does not exist',
      'entry_continues_account',
      {unit: 'EUR', seq: 1, balance_before: 0, balance_after: 100},
    ],
    [
      'one good and one bad account',
      'entry_continues_account',
      {},
      {unit: 'EUR', seq: 1, balance_before: 0, balance_after: 100, reference: 'r-3'},
    ],
    ['a sum that is not one', 'entry_adds_up', {balance_after: 5200}],
    ['the wrong direction', 'entry_adds_up', {kind: 'adjustment', direction: 'OUT'}],
    ['a top-up that takes', 'entry_kind_direction', {direction: 'OUT', balance_after: 4900}],
    ['a payment that gives', 'entry_kind_direction', {kind: 'payment', staff_id: 1}],
    [
      'a balance below zero',
      'entry_balance_range',
      {kind: 'payment', direction: 'OUT', staff_id: 1, amount: 5001, balance_after: -1},
    ],
    ['an amount of zero', 'entry_amount_range', {amount: 0, balance_after: 5000}],
    ['a negative amount', 'entry_amount_range', {amount: -100, balance_after: 4900}],
    [
      'the same reference again',
      'entry_reference_once',
      {reference: 'r-3'},
      {seq: 3, balance_before: 5100, balance_after: 5200, reference: 'r-3'},
    ],
    ['a payment without staff', 'entry_payment_staffed', {kind: 'payment', direction: 'OUT', balance_after: 4900}],
    ['staff that does not exist', 'entry_staff_id_fkey', {staff_id: 99}],
    ['an unknown kind', 'entry_kind_known', {kind: 'gift'}],
    ['an unknown direction', 'entry_adds_up', {direction: 'UP', kind: 'adjustment'}],
    ['a short hash', 'entry_hash_length', {hash: Buffer.from('short')}],
    ['a reversal of nothing', 'entry_reversal_linked', {kind: 'reversal'}],
    ['a reversal of what does not exist', 'entry_reverses_known', {kind: 'reversal', reverses: 0}],
    ['a transfer without its other side', 'entry_transfer_linked', {kind: 'transfer'}],
    ['an empty reference', 'entry_reference_length', {reference: ''}],
  ]
  for (const [what, by, ...rows] of wrong) {
    it(`refuses ${what}`, () =>
      withLedgerAt50(async (database) => {
        expect(await refusedBy(insert(database, ...rows))).to.equal(by)
      }))
  }

  const tampering: readonly (readonly [what: string, by: string, text: string])[] = [
    [
      'changing an entry',
      'entry_append_only',
      'update entry set amount = amount + 1, balance_after = balance_after + 1',
    ],
    ['changing a note', 'entry_append_only', "update entry set note = 'x'"],
    ['deleting an entry', 'entry_append_only', 'delete from entry'],
    ['emptying the ledger', 'entry_append_only', 'truncate entry'],
    ['setting a balance', 'account_follows_entries', 'update account set balance = balance + 100'],
    ['setting a seq', 'account_follows_entries', 'update account set last_seq = 0, last_hash = null, balance = 0'],
    ['setting a last hash', 'account_follows_entries', "update account set last_hash = sha256('x')"],
    ['moving an account to another client', 'account_follows_entries', "update account set unit = 'EUR'"],
    ['deleting an account', 'account_follows_entries', 'delete from account'],
    ['emptying the accounts', 'account_follows_entries', 'truncate account'],
    [
      'an account that begins with money',
      'account_follows_entries',
      "insert into account (client_id, unit, balance) values (1, 'EUR', 100)",
    ],
    ['a second settings row', 'settings_has_one_row', 'insert into settings (id) values (2)'],
    [
      'a second staff member of one name',
      'staff_name_unique',
      "insert into staff (name, search_key) values ('Ina', 'ina')",
    ],
  ]
  for (const [what, by, text] of tampering) {
    it(`refuses ${what}`, () =>
      withLedgerAt50(async ({sql}) => {
        expect(await refusedBy(sql(text))).to.equal(by)
      }))
  }

  it('lets an account be held, which changes nothing', () =>
    withLedgerAt50(async ({sql}) => {
      await sql('update account set hold = hold')
    }))
})
