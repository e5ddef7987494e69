import {expect} from 'chai'
import fc from 'fast-check'
import {type Linkable, TransferOrder} from '../../src/core/transfer-order.ts'

type Line = Linkable & {readonly n: number}

/** A ledger's entries as they were written: `pairs` are accounts; equal ones post to one account, others transfer. */
function written(pairs: readonly (readonly [number, number])[]): readonly Line[] {
  const seqs = new Map<number, number>()
  const next = (account: number) => {
    const seq = (seqs.get(account) ?? 0) + 1
    seqs.set(account, seq)
    return {clientId: String(account), unit: 'AZN', seq: String(seq)}
  }
  return pairs.flatMap(([from, to], n): Line[] => {
    const one = next(from)
    if (from === to) return [{...one, n, counterClientId: null, counterSeq: null}]
    const other = next(to)
    return [
      {...one, n, counterClientId: other.clientId, counterSeq: other.seq},
      {...other, n, counterClientId: one.clientId, counterSeq: one.seq},
    ]
  })
}

function byAccount(lines: readonly Line[]): readonly Line[] {
  return lines.toSorted((a, b) => Number(a.clientId) - Number(b.clientId) || Number(a.seq) - Number(b.seq))
}

describe('the order in which a ledger can be written again', () => {
  const account = fc.integer({min: 1, max: 6})
  const ledger = fc.array(fc.tuple(account, account), {maxLength: 60})

  it('keeps each account in order and both sides of a transfer together, whatever transfers there are', () => {
    fc.assert(
      fc.property(ledger, (pairs) => {
        const lines = byAccount(written(pairs))
        const order = new TransferOrder<Line>()
        const seqs = new Map<string, number>()
        let count = 0

        for (const line of lines) {
          const together = order.add(line)
          for (const ready of together) {
            expect(Number(ready.seq)).to.equal((seqs.get(ready.clientId) ?? 0) + 1)
            seqs.set(ready.clientId, Number(ready.seq))
            count++
            if (ready.counterSeq !== null) expect(together.filter(({n}) => n === ready.n)).to.have.length(2)
          }
        }

        expect(count).to.equal(lines.length)
        expect(order.unmatched).to.equal(null)
      }),
    )
  })

  it('tells of a transfer whose other side never comes', () => {
    const [side] = written([[1, 2]])
    if (side === undefined) throw new Error('two sides')
    const order = new TransferOrder<Line>()

    expect(order.add(side)).to.deep.equal([])
    expect(order.unmatched).to.equal(side)
  })
})
