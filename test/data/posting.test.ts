import {expect} from 'chai'
import {parseDecimal} from '../../src/core/money.ts'
import {addClient} from '../../src/data/clients.ts'
import {type PostingRequest, pay, topup} from '../../src/data/posting.ts'
import {addStaff} from '../../src/data/staff.ts'
import {withTestDatabase} from '../support/database.ts'

const NOTHING: Omit<PostingRequest, 'client' | 'amount'> = {
  unit: null,
  staff: null,
  method: null,
  note: null,
  reference: null,
  at: null,
  dryRun: false,
}

describe('posting', () => {
  it('moves the balance and numbers the entries', () =>
    withTestDatabase(async ({ledger}) => {
      await addClient(ledger, 'Anna Petrova', {}, {allowDuplicate: false})
      await addStaff(ledger, 'Ina')

      const first = await topup(ledger, {...NOTHING, client: 'Anna', amount: parseDecimal('50')})
      const second = await pay(ledger, {...NOTHING, client: 'ann pet', amount: parseDecimal('12,50'), staff: 'ina'})

      expect(first.posting.entry).to.include({balanceAfter: 5000n, seq: 1n})
      expect(second.posting.entry).to.include({balanceBefore: 5000n, balanceAfter: 3750n, seq: 2n, kind: 'payment'})
      expect(second.posting.entry.staff?.name).to.equal('Ina')
    }))
})
