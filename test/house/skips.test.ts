import {globSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'

const TESTS = join(import.meta.dirname, '..')
/** Of mocha's ways to leave tests out, those that give no reason. */
const SILENT = /\.skip\(|\bx(?:it|describe)\(/
const SPEAKING = 'support/skipped.ts'

describe('tests', () => {
  it('are left out with a reason only', () => {
    const files = globSync('**/*.ts', {cwd: TESTS}).filter((file) => file !== SPEAKING)

    const silent = files.filter((file) => SILENT.test(readFileSync(join(TESTS, file), 'utf8')))

    expect(files).to.include('house/skips.test.ts')
    expect(silent).to.deep.equal([])
  })
})
