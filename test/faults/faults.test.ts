/** Real commands under everything that can go wrong; no unit of money may be lost, doubled or invented. */

import {join} from 'node:path'
import {expect} from 'chai'
import type {Sabotage} from '../support/faults/answer.ts'
import {batchDesk} from '../support/faults/batch-desk.ts'
import {jumpingClock} from '../support/faults/clock.ts'
import {type ProgramOptions, programDesk} from '../support/faults/desk.ts'
import {importer} from '../support/faults/import-work.ts'
import {posterDesk} from '../support/faults/poster-desk.ts'
import {runFaults, type Setting} from '../support/faults/run.ts'
import {FAULT_SECONDS, FAULT_SEED, LIMIT_MS} from '../support/faults/settings.ts'
import {tellSkipped} from '../support/skipped.ts'

const SABOTAGES = ['none', 'none', 'none', 'signal', 'signal', 'output full', 'reader gone', 'clock'] as const

function desksOf({place, proxy, embedded, proxied, tally, randomOf}: Setting) {
  const harmed = (name: string, env: NodeJS.ProcessEnv, what = 'program'): ProgramOptions => ({
    name,
    env,
    random: randomOf(name),
    sabotages: SABOTAGES,
    clock: jumpingClock(join(String(env.HOME), `clock-${name}`)),
    onSabotage: (sabotage: Sabotage) => tally.count(`${what}: ${sabotage}`),
  })
  const unharmed = (name: string): ProgramOptions => ({
    name,
    env: embedded,
    random: randomOf(name),
    sabotages: [],
    clock: null,
    onSabotage: () => {},
  })
  const poster = (name: string, url: string, killEvery: number) =>
    posterDesk({
      name,
      url,
      connections: 3,
      random: randomOf(name),
      killEvery,
      onSabotage: () => tally.count('poster: killed'),
    })
  const longLived = poster('poster', proxy.url, 60)
  const nearBatch = batchDesk(harmed('batch-embedded', embedded, 'batch'))
  const farBatch = batchDesk(harmed('batch-proxied', proxied, 'batch'))
  const busy = [
    programDesk(harmed('embedded-1', embedded)),
    programDesk(harmed('embedded-2', embedded)),
    programDesk(harmed('proxied-1', proxied)),
    programDesk(harmed('proxied-2', proxied)),
    // Each of these takes several at once.
    longLived,
    longLived,
    longLived,
    nearBatch,
    nearBatch,
    farBatch,
    farBatch,
    farBatch,
  ]
  if (place.fillDisk === null) tellSkipped('a full disk (needs root, and the right to mount)')
  if (jumpingClock('/dev/null') === null) tellSkipped('a clock that jumps (needs faketime)')
  const importers = {
    busy: [
      importer(harmed('import-embedded', embedded, 'import')),
      importer(harmed('import-proxied', proxied, 'import')),
    ],
    sound: importer(unharmed('sound-import')),
  }
  return {busy, sound: programDesk(unharmed('sound')), importers}
}

describe('faults', () => {
  it('of program, server, wire, disk and clock lose, double and invent nothing', async () => {
    process.stdout.write(`      FAULT_SEED=${FAULT_SEED} FAULT_SECONDS=${FAULT_SECONDS}\n`)

    const {findings, report} = await runFaults({
      seconds: FAULT_SECONDS * 0.7,
      seed: FAULT_SEED,
      clients: 6,
      openingCents: 20_000,
      verbs: ['topup', 'topup', 'pay', 'pay', 'transfer', 'transfer', 'reverse', 'edit'],
      troubles: (all) => all,
      desks: desksOf,
    })

    process.stdout.write(report)
    expect(findings, `FAULT_SEED=${FAULT_SEED}`).to.deep.equal([])
  }).timeout(LIMIT_MS)
})
