import {expect} from 'chai'
import fc from 'fast-check'
import {addClient} from '../../src/data/clients.ts'
import {configure} from '../../src/data/configure.ts'
import {adjust, pay, refund, topup} from '../../src/data/posting.ts'
import {reverse} from '../../src/data/reversal.ts'
import {transfer} from '../../src/data/transfer.ts'
import {verify} from '../../src/data/verify.ts'
import {type TestDatabase, withTestDatabase} from '../support/database.ts'
import {bySuperuser} from '../support/sealed.ts'
import {openBusiness, request, reversal, transferRequest, UNIQUE} from '../support/world.ts'

/** Another value for every column of an entry but `recorded_at` and `batch`, which are not sealed. */
const CHANGES = {
  client_id: '3 - client_id',
  unit: "case unit when 'AZN' then 'lesson' else 'AZN' end",
  seq: 'seq + 100',
  kind: "case kind when 'topup' then 'opening' else 'topup' end",
  direction: "case direction when 'IN' then 'OUT' else 'IN' end",
  amount: 'amount + 1',
  balance_before: 'balance_before + 1',
  balance_after: 'balance_after - 1',
  staff_id: 'case when staff_id is null then 1 end',
  method: "case method when 'cash' then 'card' else 'cash' end",
  note: "coalesce(note, '') || ' '",
  reference: "reference || '.'",
  reverses: 'coalesce(reverses, 0) + 1',
  counter_client_id: 'coalesce(counter_client_id, 0) + 1',
  counter_seq: 'coalesce(counter_seq, 0) + 1',
  occurred_at: "occurred_at + interval '1 millisecond'",
  operator: 'upper(operator)',
  hash: 'set_byte(hash, 31, get_byte(hash, 31) # 1)',
} as const

/** Every kind of entry, in two units and two clients. */
async function everyKind({ledger}: TestDatabase): Promise<void> {
  await openBusiness(ledger)
  await addClient(ledger, 'Ben', {}, UNIQUE)
  await configure(ledger, 'counted-units', 'lesson')
  await topup(ledger, request('1', '100', {method: 'cash', note: 'for March'}))
  await pay(ledger, request('1', '12.50', {staff: 'Ina'}))
  await topup(ledger, request('1', '10', {unit: 'lesson'}))
  await topup(ledger, request('2', '30', {staff: 'Ina'}))
  await pay(ledger, request('1', '1', {unit: 'lesson', staff: 'Ina'}))
  await transfer(ledger, transferRequest('1', '2', '5'))
  await reverse(ledger, reversal('1-2', '2.50'))
  await refund(ledger, request('2', '1', {method: 'card'}))
  await adjust(ledger, 'IN', request('2', '0.05', {note: 'rounding'}))
}

/** Nothing of the database's own rules is left: what finds the damage is `verify`. */
const WITHOUT_RULES = `
  do $$
  declare
    rule record;
  begin
    for rule in
      select conname, conrelid::regclass as of_table from pg_constraint
      where conrelid = 'entry'::regclass and contype in ('c', 'f', 'u', 'p')
      order by contype = 'p'
    loop
      execute format('alter table %s drop constraint %I', rule.of_table, rule.conname);
    end loop;
  end
  $$`

describe('verify, whatever one column of one entry is changed to by hand,', () => {
  it('names a damage, and none once it is put back', () =>
    withTestDatabase(async (database) => {
      await everyKind(database)
      await bySuperuser(database, WITHOUT_RULES)
      const entries = await database.sql('select ctid::text as place from entry')
      const count = async () => (await verify(database.ledger, {client: null, earlier: null})).damageCount
      const column = fc.constantFrom(...(Object.keys(CHANGES) as (keyof typeof CHANGES)[]))
      await bySuperuser(database, 'create table whole as select * from entry')

      expect(entries).to.have.length(10)
      expect(await count()).to.equal(0)
      await fc.assert(
        fc.asyncProperty(column, fc.nat(entries.length - 1), async (changed, which) => {
          await bySuperuser(
            database,
            `update entry set ${changed} = ${CHANGES[changed]}
             where ctid = (select ctid from entry order by client_id, unit, seq offset ${which} limit 1)`,
          )
          const damages = await count()
          await bySuperuser(database, 'delete from entry; insert into entry select * from whole')

          expect(damages, `${changed} of entry ${which}`).to.be.greaterThan(0)
        }),
        {numRuns: 60},
      )
      expect(await count()).to.equal(0)
    }))
})
