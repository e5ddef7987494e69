import {expect} from 'chai'
import {type Columns, insert, refusedBy, withLedgerAt50} from '../support/intruder.ts'

/** Anna has 50.00 after one entry; these follow each other: 1.00 in, then parts of it out again. */
const TOPUP: Columns = {}
const part = (seq: number, before: number, amount: number, more: Columns = {}): Columns => ({
  seq,
  kind: 'reversal',
  direction: 'OUT',
  amount,
  balance_before: before,
  balance_after: before - amount,
  reverses: 2,
  reference: `r-${seq}`,
  ...more,
})

/** 1.00 from Anna (entry 2) to Ben (entry 1). */
const OUT: Columns = {
  kind: 'transfer',
  direction: 'OUT',
  balance_after: 4900,
  reference: 'gift',
  counter_client_id: 2,
  counter_seq: 1,
}
const IN: Columns = {
  client_id: 2,
  seq: 1,
  kind: 'transfer',
  balance_before: 0,
  balance_after: 100,
  reference: 'gift',
  counter_client_id: 1,
  counter_seq: 2,
}

/** A sound entry of another account. */
const BENS: Columns = {client_id: 2, seq: 1, balance_before: 0, balance_after: 100, reference: 'ben-1'}

const BEN = `
  insert into client (id, name, search_key) overriding system value values (2, 'Ben', 'ben'), (3, 'Cem', 'cem');
  insert into account (client_id, unit) values (2, 'AZN'), (3, 'AZN'), (2, 'EUR'), (1, 'EUR')`

describe('the database itself, of entries that are linked,', () => {
  const right: readonly (readonly [what: string, ...statements: (readonly Columns[])[]])[] = [
    ['a reversal of the whole', [TOPUP], [part(3, 5100, 100)]],
    ['an entry and its reversal at once', [TOPUP, part(3, 5100, 100)]],
    ['parts up to the whole, one by one', [TOPUP], [part(3, 5100, 60)], [part(4, 5040, 40)]],
    ['parts up to the whole, at once', [TOPUP], [part(3, 5100, 60), part(4, 5040, 40)]],
    ['both sides of a transfer', [OUT, IN]],
    ['both sides of a transfer, the other way round', [IN, OUT]],
  ]
  for (const [what, ...statements] of right) {
    it(`takes ${what}`, () =>
      withLedgerAt50(async (database) => {
        await database.sql(BEN)
        for (const rows of statements) await insert(database, ...rows)

        const [sums] = await database.sql(
          `select (select sum(balance) from account)::text as balances,
             (select sum(case direction when 'IN' then amount else -amount end) from entry)::text as entries`,
        )
        expect(sums?.balances).to.equal(sums?.entries)
      }))
  }

  const wrong: readonly (readonly [what: string, by: string, ...statements: (readonly Columns[])[]])[] = [
    [
      'a reversal in the same direction',
      'entry_reversal_opposes',
      [TOPUP],
      [part(3, 5100, 100, {direction: 'IN', balance_after: 5200})],
    ],
    ['a reversal of more than the whole', 'entry_reversal_within', [TOPUP], [part(3, 5100, 101)]],
    ['parts beyond the whole, one by one', 'entry_reversal_within', [TOPUP], [part(3, 5100, 60)], [part(4, 5040, 41)]],
    ['parts beyond the whole, at once', 'entry_reversal_within', [TOPUP], [part(3, 5100, 60), part(4, 5040, 41)]],
    ['a second reversal', 'entry_reversal_within', [TOPUP], [part(3, 5100, 100)], [part(4, 5000, 1)]],
    [
      'a reversal of a reversal',
      'entry_reversible',
      [TOPUP],
      [part(3, 5100, 100)],
      [part(4, 5000, 100, {direction: 'IN', balance_after: 5100, reverses: 3})],
    ],
    [
      'a reversal of one side of a transfer',
      'entry_reversible',
      [OUT, IN],
      [part(3, 4900, 100, {direction: 'IN', balance_after: 5000, reverses: 2})],
    ],
    ['a reversal of a later entry', 'entry_reversal_linked', [TOPUP], [part(3, 5100, 100, {reverses: 4})]],
    ['a bad reversal among good entries', 'entry_reversal_within', [TOPUP, part(3, 5100, 60), part(4, 5040, 50), BENS]],
    ['a transfer that nobody receives', 'entry_transfer_two_sided', [OUT]],
    ['a transfer that nobody gives', 'entry_transfer_two_sided', [{...IN, counter_seq: 1}]],
    [
      'a transfer that gives more than it takes',
      'entry_transfer_two_sided',
      [OUT, {...IN, amount: 101, balance_after: 101}],
    ],
    [
      'a transfer that gives on both sides',
      'entry_transfer_two_sided',
      [{...OUT, direction: 'IN', balance_after: 5100}, IN],
    ],
    ['a transfer under two references', 'entry_transfer_two_sided', [OUT, {...IN, reference: 'other'}]],
    ['a transfer into another unit', 'entry_transfer_two_sided', [OUT, {...IN, unit: 'EUR'}]],
    ['a transfer whose other side is elsewhere', 'entry_transfer_two_sided', [OUT, {...IN, counter_seq: 1}]],
    [
      'a transfer that two give and one receives',
      'entry_transfer_two_sided',
      [TOPUP, {...BENS, client_id: 3}],
      [
        {...OUT, seq: 3, balance_before: 5100, balance_after: 5000},
        {...IN, counter_seq: 3},
        {...OUT, client_id: 3, balance_before: 100, balance_after: 0},
      ],
    ],
    ['a transfer to oneself', 'entry_transfer_elsewhere', [{...OUT, counter_client_id: 1}]],
    ['an opening that is not the first entry', 'entry_opening_first', [{kind: 'opening'}]],
  ]
  for (const [what, by, ...statements] of wrong) {
    it(`refuses ${what}`, () =>
      withLedgerAt50(async (database) => {
        await database.sql(BEN)
        for (const rows of statements.slice(0, -1)) await insert(database, ...rows)

        expect(await refusedBy(insert(database, ...(statements.at(-1) ?? [])))).to.equal(by)
      }))
  }
})
