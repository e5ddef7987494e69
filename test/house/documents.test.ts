import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'

const ROOT = join(import.meta.dirname, '../..')
const DOCS = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'))

/** Files of this project as documents name them, in code marks. */
const NAMED = /`((?:src|test|migrations|scripts|bench|examples|docs)\/[\w./-]+)`/g

describe('documents', () => {
  for (const name of DOCS) {
    it(`${name} names files that are there`, () => {
      const text = readFileSync(join(ROOT, 'docs', name), 'utf8')

      const missing = [...text.matchAll(NAMED)]
        .map(([, path = '']) => path)
        .filter((path) => !existsSync(join(ROOT, path)))

      expect(missing).to.deep.equal([])
    })
  }
})
