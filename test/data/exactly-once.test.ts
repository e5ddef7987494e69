import {expect} from 'chai'
import type {Entry} from '../../src/core/entry.ts'
import {addClient} from '../../src/data/clients.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {openPool} from '../../src/data/pool.ts'
import {adjust, openAccount, type PostingOptions, pay, refund, topup} from '../../src/data/posting.ts'
import {reverse} from '../../src/data/reversal.ts'
import {transfer} from '../../src/data/transfer.ts'
import {contend} from '../support/contention.ts'
import {CUTS, cuttingProxy} from '../support/cutting-proxy.ts'
import {withTestDatabase} from '../support/database.ts'
import {refusalOf} from '../support/refusal.ts'
import {openBusiness, request, reversal, transferRequest, UNIQUE} from '../support/world.ts'

/** What is the same in a posting and in a transfer. */
interface Posted {
  readonly posting: {
    readonly entry: Entry
    readonly counterEntry?: Entry
    readonly replayed: boolean
    readonly dryRun: boolean
  }
}
type Options = Partial<PostingOptions>
type Post = (ledger: Ledger, options: Options) => Promise<Posted>

/** Every verb, and the same verb with other content; Anna (1) has 50.00 by 1-1, Ben (2) nothing. */
const verbs: readonly (readonly [verb: string, post: Post, ...others: Post[]])[] = [
  [
    'topup',
    (ledger, options) => topup(ledger, request('1', '5', options)),
    (ledger, options) => topup(ledger, request('1', '6', options)),
    (ledger, options) => topup(ledger, request('1', '5', {...options, method: 'cash'})),
  ],
  [
    'pay',
    (ledger, options) => pay(ledger, request('1', '5', {...options, staff: 'Ina'})),
    (ledger, options) => refund(ledger, request('1', '5', {...options, staff: 'Ina'})),
  ],
  [
    'refund',
    (ledger, options) => refund(ledger, request('1', '5', {...options, method: 'cash'})),
    (ledger, options) => refund(ledger, request('1', '5', {...options, method: 'card'})),
  ],
  [
    'adjust',
    (ledger, options) => adjust(ledger, 'OUT', request('1', '5', options)),
    (ledger, options) => adjust(ledger, 'IN', request('1', '5', options)),
    (ledger, options) => adjust(ledger, 'OUT', request('1', '5', {...options, note: 'another reason'})),
  ],
  [
    'opening',
    (ledger, options) => openAccount(ledger, request('2', '5', options)),
    (ledger, options) => openAccount(ledger, request('2', '5', {...options, unit: 'EUR'})),
  ],
  [
    'reverse',
    (ledger, options) => reverse(ledger, reversal('1-1', '5', options)),
    (ledger, options) => reverse(ledger, reversal('1-1', '6', options)),
    // It was a part, and not all that was left.
    (ledger, options) => reverse(ledger, reversal('1-1', null, options)),
  ],
  [
    'reverse, the whole',
    (ledger, options) => reverse(ledger, reversal('1-1', null, options)),
    (ledger, options) => reverse(ledger, reversal('1-1', '5', options)),
    (ledger, options) => topup(ledger, request('1', '50', options)),
  ],
  [
    'transfer',
    (ledger, options) => transfer(ledger, transferRequest('1', '2', '5', options)),
    (ledger, options) => transfer(ledger, transferRequest('1', '2', '6', options)),
    (ledger, options) => transfer(ledger, transferRequest('2', '1', '5', options)),
    (ledger, options) => transfer(ledger, transferRequest('1', '3', '5', options)),
    // The other side has the reference as well.
    (ledger, options) => topup(ledger, request('2', '5', options)),
    (ledger, options) => transfer(ledger, transferRequest('3', '2', '5', options)),
  ],
]

async function openThree(ledger: Ledger): Promise<void> {
  await openBusiness(ledger)
  await addClient(ledger, 'Ben', {}, UNIQUE)
  await addClient(ledger, 'Cem', {}, UNIQUE)
  await topup(ledger, request('1', '50'))
}

const STATE = `
  select (select count(*)::integer from entry) as entries, (select sum(balance)::integer from account) as balances`

for (const [verb, post, ...others] of verbs) {
  describe(`exactly once: ${verb}`, () => {
    it('the same reference with the same content replays, with other content is a conflict', () =>
      withTestDatabase(async ({ledger, sql}) => {
        await openThree(ledger)

        const first = await post(ledger, {reference: 'r-1'})
        const after = await sql(STATE)
        const second = await post(ledger, {reference: 'r-1'})
        const third = await post(ledger, {reference: 'r-1', at: first.posting.entry.occurredAt})

        for (const again of [second, third]) expect(again.posting).to.deep.equal({...first.posting, replayed: true})
        expect((await refusalOf(post(ledger, {reference: 'r-1', at: '2026-01-01'}))).code).to.equal(
          'REFERENCE_CONFLICT',
        )
        for (const other of others) {
          const conflict = await refusalOf(other(ledger, {reference: 'r-1'}))
          expect(conflict).to.include({code: 'REFERENCE_CONFLICT', exit: 6})
          expect(conflict.details).to.include.keys('reference', 'existing', 'asked')
        }
        expect(await sql(STATE)).to.deep.equal(after)
      }))

    it('a dry run shows the entry and writes nothing', () =>
      withTestDatabase(async ({ledger, sql}) => {
        await openThree(ledger)
        const before = await sql(STATE)

        const dry = await post(ledger, {dryRun: true, reference: 'r-1', at: '2026-01-02'})

        expect(dry.posting).to.include({dryRun: true, replayed: false})
        expect(await sql(STATE)).to.deep.equal(before)
        const real = await post(ledger, {reference: 'r-1', at: '2026-01-02'})
        expect(real.posting.entry.hash).to.equal(dry.posting.entry.hash)
        expect(real.posting.counterEntry?.hash).to.equal(dry.posting.counterEntry?.hash)
      }))

    it('many at once are one entry', () =>
      withTestDatabase(async ({ledger, url, sql}) => {
        await openThree(ledger)
        const before = await sql('select count(*)::integer as n from entry')

        const outcomes = await contend(
          url,
          'select 1 from account for update',
          Array.from({length: 4}, () => () => post(ledger, {reference: 'r-1'})),
        )

        const postings = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.posting : null))
        expect(postings.filter((posting) => posting?.replayed === false)).to.have.length(1)
        expect(postings.filter((posting) => posting?.replayed === true)).to.have.length(3)
        expect(new Set(postings.map((posting) => posting?.entry.hash))).to.have.property('size', 1)
        const added = verb === 'transfer' ? 2 : 1
        expect(await sql('select count(*)::integer as n from entry')).to.deep.equal([{n: Number(before[0]?.n) + added}])
      }))

    for (const cut of CUTS) {
      it(`a connection that is cut ${cut} is opened again, and the answer is the truth`, () =>
        withTestDatabase(async ({ledger, url, sql}) => {
          await openThree(ledger)
          const before = await sql('select count(*)::integer as n from entry')
          const proxy = await cuttingProxy(url)
          const told: unknown[] = []
          const pool = await openPool(proxy.url)
          const cutLedger: Ledger = {
            ...ledger,
            pool,
            onRetry: (...args) => told.push(args),
          }
          try {
            proxy.cutNext(cut)
            const {posting} = await post(cutLedger, {})

            expect(proxy.cuts()).to.equal(1)
            expect(told).to.deep.equal([[1, 50, 'lost']])
            expect(posting).to.include({replayed: false})
            const sides = posting.counterEntry === undefined ? [posting.entry] : [posting.entry, posting.counterEntry]
            expect(await sql('select count(*)::integer as n from entry')).to.deep.equal([
              {n: Number(before[0]?.n) + sides.length},
            ])
            for (const {clientId, unit, hash, balanceAfter} of sides) {
              const [account] = await sql('select * from account where client_id = $1 and unit = $2', [
                clientId,
                unit.code,
              ])
              expect(account).to.include({balance: String(balanceAfter)})
              expect(account?.last_hash).to.deep.equal(Buffer.from(hash, 'hex'))
            }
          } finally {
            await pool.end()
            proxy.close()
          }
        }))
    }
  })
}
