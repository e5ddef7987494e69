import {expect} from 'chai'
import type {Settings} from '../../src/core/client.ts'
import type {Money} from '../../src/core/money.ts'
import {Refusal} from '../../src/core/refusal.ts'
import type {FoundClient} from '../../src/data/find-client.ts'
import {KnownClients, knownClient} from '../../src/data/known-clients.ts'

const settings: Settings = {
  businessName: null,
  unit: {code: 'AZN', decimals: 2},
  timeZone: 'UTC',
  locale: 'en',
  countedUnits: [],
}

/** All that can be kept of a client, `n` of them with one field or another left out. */
function found(n: number): FoundClient {
  return {
    id: BigInt(n),
    name: `Əliyeva "Günel" ${n}`,
    searchKey: `eliyeva gunel ${n}`,
    phone: n % 2 === 0 ? null : '+994 50 123 45 67',
    code: n % 3 === 0 ? null : `vip\t${n}`,
    archived: n % 5 === 0,
    defaultPrice: n % 7 === 0 ? null : (BigInt(n) as Money),
    how: n % 2 === 0 ? 'number' : 'whole name',
  }
}

describe('clients that the lines of a file have named', () => {
  it('are the same when there are so many that they are packed, and refusals are asked for anew', () => {
    const clients = new KnownClients({objects: 100, bytes: 50_000})
    const refusal = new Refusal('CLIENT_NOT_FOUND', 'nobody')
    clients.set('nobody', refusal)
    for (let n = 1; n <= 210; n++) clients.set(String(n), knownClient(found(n), settings))
    expect(clients.get('nobody')).to.equal(refusal)

    clients.makeRoom()

    expect(clients.get('nobody')).to.equal(undefined)
    expect(clients.get('nobody')).to.equal(undefined)
    for (const n of [1, 2, 3, 5, 7, 42, 210]) {
      expect(clients.get(String(n))).not.to.equal(undefined)
      expect(clients.get(String(n))).to.deep.equal(knownClient(found(n), settings))
    }
    expect(clients.count).to.equal(211)
  })

  it('are looked for again once they were not found', () => {
    const clients = new KnownClients()
    clients.set('nobody', new Refusal('CLIENT_NOT_FOUND', 'nobody'))
    clients.set('1', knownClient(found(1), settings))

    clients.forgetRefusal('nobody')
    clients.forgetRefusal('1')

    expect(clients.get('nobody')).to.equal(undefined)
    expect(clients.get('1')).not.to.equal(undefined)
  })

  it('are forgotten when they are more than there is memory for', () => {
    const clients = new KnownClients({objects: 100, bytes: 50_000})
    for (let n = 1; n <= 800; n++) {
      clients.set(String(n), knownClient(found(n), settings))
      if (n % 10 === 0) clients.makeRoom()
    }

    expect(clients.get('1')).to.equal(undefined)
    expect(clients.get('800')).to.deep.equal(knownClient(found(800), settings))
  })
})
