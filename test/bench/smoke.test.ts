/** The benchmarks run, at sizes that prove nothing but that: what they need of the program and the schema is still there. */

import {spawnSync} from 'node:child_process'
import {existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {skip} from '../support/skipped.ts'

const SIZES = {
  ...{ROUNDS: '1', CLIENTS: '200', ENTRIES: '36000', LINES: '400', SECONDS: '1', PER_CLASS: '3'},
  ...{IMPORT_LINES: '300', KILLS: '1', CRON_MINUTES: '0.05', ONLY: 'forScripts'},
}

/** The program's name, and what it prints when it has come to its end. */
const PROGRAMS: readonly (readonly [name: string, found: RegExp])[] = [
  ['startup', /fleks client search .*at most 1\.35: (kept|MISSED)/],
  ['flatness', /fleks history --json\n.*\n.*at most [\d.]+: (kept|MISSED)/],
  ['postings', /one hot client, 8 connections .*at least 0\.60: (kept|MISSED)/],
  ['rules', /without any check .*×/],
  ['search-speed', /typo in the second word .*: (kept|MISSED)/],
  ['history-speed', /of staff and month .*: (kept|MISSED)/],
  ['totals-speed', /of one month of .*at most 1\.3: (kept|MISSED)/],
  ['search-quality', /first at least 97 %.*: (kept|MISSED)/],
  ['bulk', /ms beyond \(at most 250: (kept|MISSED)\)/],
  ['export', /fleks restore/],
  ['verify', /fleks verify/],
  ['cron-import', /without_references: right/],
  ['killed-import', /with --create-clients: the same/],
]

const hasPgbench = () =>
  existsSync('/usr/lib/postgresql') &&
  readdirSync('/usr/lib/postgresql').some((version) => existsSync(`/usr/lib/postgresql/${version}/bin/pgbench`))

describe('the benchmark', () => {
  let home: string
  before(() => {
    home = mkdtempSync(join(tmpdir(), 'fleks-test-'))
  })
  after(() => rmSync(home, {recursive: true}))

  for (const [name, found] of PROGRAMS) {
    it(`${name} comes to its end`, function () {
      if (name === 'postings' && !hasPgbench()) skip(this, 'pgbench is not installed')
      const env = {...process.env, ...SIZES, HOME: home, TMPDIR: home}
      const {status, stdout, stderr} = spawnSync(process.execPath, [`bench/${name}.ts`], {env, encoding: 'utf8'})

      // 1 also where a limit is missed, which such sizes may well do.
      expect(status, stderr).to.be.oneOf([0, 1])
      expect(stderr).to.not.match(/^ +at .*:\d+:\d+/m)
      expect(stdout).to.match(found)
    }).timeout(120_000)
  }
})
