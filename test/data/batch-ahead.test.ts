import {expect} from 'chai'
import type {BatchAnswer} from '../../src/core/batch.ts'
import {Refusal} from '../../src/core/refusal.ts'
import {type BatchRequest, peopleAhead, runBatch} from '../../src/data/batch.ts'
import {addClient} from '../../src/data/clients.ts'
import type {Ledger} from '../../src/data/ledger.ts'
import {withTestDatabase} from '../support/database.ts'
import {openBusiness, request, UNIQUE} from '../support/world.ts'

function topupOf(client: string, amount = '5'): BatchRequest {
  return {op: 'posting', operation: {...request(client, amount), kind: 'topup'}}
}

const ADDING: BatchRequest = {op: 'client.add', name: 'Zoe Newcomer', profile: {}, allowDuplicate: false}

/** Tells what was asked of it. */
function watched(pool: Ledger['pool'], asked: string[]): Ledger['pool'] {
  return new Proxy(pool, {
    get(target, name, receiver) {
      const method = Reflect.get(target, name, receiver)
      if (typeof method !== 'function') return method
      return (query: {sql?: string}, ...more: unknown[]) => {
        if (typeof query?.sql === 'string') asked.push(query.sql)
        return method.call(target, query, ...more)
      }
    },
  })
}

async function answersOf(
  ledger: Ledger,
  requests: readonly BatchRequest[],
  ahead: Awaited<ReturnType<typeof peopleAhead>>,
) {
  const answers: (BatchAnswer | Refusal)[] = []
  const tell = async (some: readonly (BatchAnswer | Refusal)[]) => {
    answers.push(...some)
  }
  await runBatch(ledger, requests, tell, {known: ahead})
  return answers.map((answer) => (answer instanceof Refusal ? answer.code : answer.of))
}

describe('people whom a batch finds ahead', () => {
  it('are not looked for again when it is their turn', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      const requests = [topupOf('1'), topupOf('1')]
      const ahead = await peopleAhead({...ledger, lookout: ledger.pool}, [topupOf('1')], requests)
      const asked: string[] = []

      const answers = await answersOf({...ledger, pool: watched(ledger.pool, asked)}, requests, ahead)

      expect(answers).to.deep.equal(['posting', 'posting'])
      expect(asked.filter((text) => text.includes('client_code'))).to.deep.equal([])
    }))

  it('are looked for again where they were not there yet', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      const requests = [topupOf('Zoe Newcomer')]
      const ahead = await peopleAhead({...ledger, lookout: ledger.pool}, [topupOf('1')], requests)
      expect(ahead).not.to.equal(undefined)

      await addClient(ledger, 'Zoe Newcomer', {}, UNIQUE)

      expect(await answersOf(ledger, requests, ahead)).to.deep.equal(['posting'])
    }))

  it('are not believed where an operation before them brings people', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      const looking = {...ledger, lookout: ledger.pool}
      const postings = [topupOf('1')]

      expect(await peopleAhead(looking, [ADDING], postings)).to.equal(undefined)
      expect(await peopleAhead(looking, postings, [...postings, ADDING])).to.equal(undefined)
      expect(await peopleAhead(looking, [new Refusal('INVALID_INPUT', 'no')], postings)).not.to.equal(undefined)

      // What came to the chunk after it was looked through.
      const ahead = await peopleAhead(looking, postings, [topupOf('Anna Petrova')])
      const namesake: BatchRequest = {op: 'client.add', name: 'Anna Petrova', profile: {}, allowDuplicate: true}
      const answers = await answersOf(ledger, [namesake, topupOf('Anna Petrova')], ahead)
      expect(answers).to.deep.equal(['client', 'AMBIGUOUS'])
    }))

  it('are found later where there is no lookout, or it fails', () =>
    withTestDatabase(async ({ledger}) => {
      await openBusiness(ledger)
      const gone = watched(ledger.pool, [])
      const failing: Ledger['pool'] = new Proxy(gone, {
        get: () => async () => {
          throw Object.assign(new Error('the connection is lost'), {code: 'ECONNRESET'})
        },
      })

      expect(await peopleAhead(ledger, [], [topupOf('1')])).to.equal(undefined)
      expect(await peopleAhead({...ledger, lookout: failing}, [], [topupOf('1')])).to.equal(undefined)
    }))
})
