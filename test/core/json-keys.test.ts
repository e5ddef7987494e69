import {expect} from 'chai'
import fc from 'fast-check'
import {repeatedKey} from '../../src/core/json-keys.ts'

describe('keys of a JSON object', () => {
  it('are told when they stand twice, also where they are written in two ways', () => {
    expect(repeatedKey('{"a":1,"b":2,"a":3}')).to.equal('a')
    expect(repeatedKey('{"a" :1,"\\u0061":3}')).to.equal('a')
    expect(repeatedKey('{"a":{"b":1,"b":2},"b":["a",{"a":1}],"c":"\\"a\\":"}')).to.equal(null)
  })

  it('stand once in what JSON.stringify has written, whatever it is', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(repeatedKey(JSON.stringify(value))).to.equal(null)
      }),
    ))
})
