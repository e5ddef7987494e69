/**
 * Mocha's own report, then one plain line with the counts. `FLEKS_TEST_COUNTS` names a file that collects them, and
 * `FLEKS_TEST_FAILURES` one for what failed, so that it can be told at the end of a run of several.
 */

import {appendFileSync} from 'node:fs'
import mocha from 'mocha'

export default class CountingReporter extends mocha.reporters.Spec {
  constructor(runner: mocha.Runner, options?: mocha.MochaOptions) {
    super(runner, options)
    runner.on('fail', (test, error) => {
      const collected = process.env.FLEKS_TEST_FAILURES
      if (collected) appendFileSync(collected, `${test.fullTitle()}\n${error.stack ?? error.message}\n\n`)
    })
    runner.once('end', () => {
      const {passes, failures, pending} = this.stats
      process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`)
      const collected = process.env.FLEKS_TEST_COUNTS
      if (collected) appendFileSync(collected, `${passes} ${failures} ${pending}\n`)
    })
  }
}
