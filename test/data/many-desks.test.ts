/** Several desks post whatever comes to mind, at once; afterwards the books must balance. */

import {expect} from 'chai'
import {Refusal} from '../../src/core/refusal.ts'
import {addClient} from '../../src/data/clients.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {adjust, pay, refund, topup} from '../../src/data/posting.ts'
import {reverse} from '../../src/data/reversal.ts'
import {transfer} from '../../src/data/transfer.ts'
import {withTestDatabase} from '../support/database.ts'
import {type Random, randomFrom} from '../support/random.ts'
import {openBusiness, request, reversal, transferRequest, UNIQUE} from '../support/world.ts'

const DESKS = 6
const POSTINGS_EACH = 60

/** What a desk may be told; anything else is a fault. */
const ANSWERS = new Set([
  'INSUFFICIENT_FUNDS',
  'ALREADY_REVERSED',
  'NOT_REVERSIBLE',
  'ENTRY_NOT_FOUND',
  'INVALID_AMOUNT',
  'REFERENCE_CONFLICT',
])

async function postSomething(ledger: Ledger, random: Random): Promise<void> {
  const client = String(1 + random(3))
  const other = String(1 + ((Number(client) + random(2)) % 3))
  const amount = String(1 + random(20))
  // A few references are used by several desks, for the same and for other postings.
  const options = random(4) === 0 ? {reference: `r-${random(20)}`} : {}
  const verbs = [
    () => topup(ledger, request(client, amount, options)),
    () => pay(ledger, request(client, amount, {...options, staff: 'Ina'})),
    () => refund(ledger, request(client, amount, options)),
    () => adjust(ledger, random(2) === 0 ? 'IN' : 'OUT', request(client, amount, options)),
    () => reverse(ledger, reversal(`${client}-${1 + random(40)}`, random(2) === 0 ? null : amount, options)),
    () => transfer(ledger, transferRequest(client, other, amount, options)),
    () => transfer(ledger, transferRequest(client, other, amount, options)),
  ]
  await verbs[random(verbs.length)]?.()
}

describe('many desks', () => {
  it('post at random, and the books balance', () =>
    withTestDatabase(async ({ledger, sql}) => {
      const seed = Date.now() % 2 ** 31
      await openBusiness(ledger)
      await addClient(ledger, 'Ben', {}, UNIQUE)
      await addClient(ledger, 'Cem', {}, UNIQUE)
      const clashes: string[] = []
      const told: Ledger = {...ledger, onRetry: (_attempt, _waitMs, reason) => clashes.push(reason)}

      const desks = Array.from({length: DESKS}, async (_, desk) => {
        const random = randomFrom(seed + desk)
        for (let n = 0; n < POSTINGS_EACH; n++) {
          await postSomething(told, random).catch((error: unknown) => {
            if (!(error instanceof Refusal) || !ANSWERS.has(error.code)) throw error
          })
        }
      })
      await Promise.all(desks)

      expect(clashes, `seed ${seed}`).to.deep.equal([])
      const faults = await sql(`
        select 'balance' as fault, a.client_id from account a
          where balance <> (select coalesce(sum(case direction when 'IN' then amount else -amount end), 0)
                            from entry e where e.client_id = a.client_id and e.unit = a.unit)
        union all
        select 'seq', client_id from account a
          where last_seq <> (select count(*) from entry e where e.client_id = a.client_id and e.unit = a.unit)
        union all
        select 'reversed too much', o.client_id from entry o
          where o.amount < (select sum(amount) from entry r where (r.client_id, r.unit, r.reverses) = (o.client_id, o.unit, o.seq))
        union all
        select 'transfers', 0 where (select sum(case direction when 'IN' then amount else -amount end)
                                     from entry where kind = 'transfer') <> 0`)
      expect(faults, `seed ${seed}`).to.deep.equal([])
      const kinds = await sql('select distinct kind from entry order by kind')
      expect(kinds, `seed ${seed}`).to.have.length(6)
    }, DESKS)).timeout(120_000)
})
