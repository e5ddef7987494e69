import {isAscii} from 'node:buffer'
import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'

describe('the built program', () => {
  it('is all ASCII, because it is read a byte for a character: ə in a regular expression was two others', () => {
    const bundle = readFileSync(fileURLToPath(new URL('../../dist/main.cjs', import.meta.url)))

    expect(isAscii(bundle)).to.equal(true)
  })
})
