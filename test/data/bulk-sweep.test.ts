import {expect} from 'chai'
import fc from 'fast-check'
import {type Line, type Packing, Sweep} from '../../src/data/bulk-sweep.ts'

function line(clientId: number, place: number): Line {
  return {place, client: {id: BigInt(clientId), name: ''}}
}

const packing: Packing<Line> = {
  pack: ({place, client}, {words, bigints}) => {
    words[1] = place
    bigints[1] = client.id
    return 16
  },
  unpack: ({words, bigints}, length) => {
    expect(length).to.equal(16)
    return line(Number(bigints[1]), words[1] ?? 0)
  },
}

/** Lines of some clients come in pieces; between the pieces a chunk is taken. */
const courses = fc.array(
  fc.record({added: fc.array(fc.integer({min: 1, max: 400}), {maxLength: 40}), most: fc.integer({min: 1, max: 30})}),
  {maxLength: 30},
)

describe('lines that wait to be posted', () => {
  it('are each taken once, those of a client in the order in which they came', () =>
    fc.assert(
      fc.property(courses, (course) => {
        const sweep = new Sweep(packing)
        const taken: Line[] = []
        const waiting = new Set<number>()
        let place = 0
        const take = (most: number) => {
          const some = sweep.take(most)
          expect(some.length).to.be.at.most(most)
          for (const one of some) waiting.delete(one.place)
          taken.push(...some)
        }
        for (const {added, most} of course) {
          for (const client of added) {
            waiting.add(place)
            sweep.add(line(client, place++))
          }
          take(most)
          expect(sweep.size).to.equal(waiting.size)
          const oldest = Math.min(...waiting)
          if (waiting.size === 0) expect(sweep.oldest()).to.equal(Number.POSITIVE_INFINITY)
          else expect(sweep.oldest()).to.be.within(oldest - 511, oldest)
        }
        while (sweep.size > 0) take(7)
        expect(sweep.bytes).to.equal(0)

        expect(taken.map((one) => one.place).toSorted((a, b) => a - b)).to.deep.equal(
          Array.from({length: place}, (_, at) => at),
        )
        const byClient = Map.groupBy(taken, ({client}) => client.id)
        for (const own of byClient.values()) {
          const places = own.map((one) => one.place)
          expect(places).to.deep.equal(places.toSorted((a, b) => a - b))
        }
      }),
    ))

  it('are neighbours where their clients are', () => {
    const sweep = new Sweep(packing)
    for (let place = 0; place < 10_000; place++) sweep.add(line(1 + ((place * 7919) % 5_000), place))

    const clients = new Set(sweep.take(1_000).map(({client}) => client.id))

    expect(clients.size).to.be.lessThan(600)
  })

  it('all come in turn, however many more are added meanwhile', () => {
    const sweep = new Sweep(packing)
    sweep.add(line(1_000_000, 0))
    let rounds = 0
    for (let first = false; !first && rounds < 1_000; rounds++) {
      sweep.add(line(1 + (rounds % 100), 1 + rounds))
      if (sweep.size > 10) first = sweep.take(5).some(({place}) => place === 0)
    }

    expect(rounds).to.be.lessThan(100)
  })
})
