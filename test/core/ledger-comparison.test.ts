import {expect} from 'chai'
import {LedgerSum} from '../../src/core/ledger-comparison.ts'

const HEADER = '{"fleks":"ledger","exportedAt":"2026-01-01","settings":{"unit":"AZN"}}\n'

function sumOf(...texts: readonly string[]): string {
  const sum = new LedgerSum()
  for (const text of texts) sum.add(Buffer.from(text))
  return sum.text
}

describe('two exports', () => {
  it('hold the same ledger whatever the order of their lines and the time of writing', () => {
    const one = sumOf(HEADER, '{"a":1}\n{"b":2}\n{"end":{"x":1}}\n')

    expect(sumOf(HEADER.replace('2026', '2027'), '{"b":2}\n', '{"a":1}\n', '{"end":{"x":2}}\n')).to.equal(one)
  })

  it('differ by one character, by a line too many, and by a setting', () => {
    const one = sumOf(HEADER, '{"a":1}\n{"b":2}\n')

    expect(sumOf(HEADER, '{"a":1}\n{"b":3}\n')).to.not.equal(one)
    expect(sumOf(HEADER, '{"a":1}\n{"b":2}\n{"b":2}\n')).to.not.equal(one)
    expect(sumOf(HEADER.replace('AZN', 'EUR'), '{"a":1}\n{"b":2}\n')).to.not.equal(one)
  })
})
