/** Real commands under everything that can go wrong; no unit of money may be lost, doubled or invented. */

import {join} from 'node:path'
import {expect} from 'chai'
import {jumpingClock} from '../support/faults/clock.ts'
import {programDesk} from '../support/faults/desk.ts'
import {posterDesk} from '../support/faults/poster-desk.ts'
import {runFaults, type Setting} from '../support/faults/run.ts'
import {FAULT_SECONDS, FAULT_SEED, LIMIT_MS} from '../support/faults/settings.ts'

const SABOTAGES = ['none', 'none', 'none', 'signal', 'signal', 'output full', 'reader gone', 'clock'] as const

function desksOf({place, proxy, embedded, proxied, tally, randomOf}: Setting) {
  const program = (name: string, env: NodeJS.ProcessEnv) =>
    programDesk({
      name,
      env,
      random: randomOf(name),
      sabotages: SABOTAGES,
      clock: jumpingClock(join(String(env.HOME), `clock-${name}`)),
      onSabotage: (sabotage) => tally.count(`program: ${sabotage}`),
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
  const busy = [
    program('embedded-1', embedded),
    program('embedded-2', embedded),
    program('proxied-1', proxied),
    program('proxied-2', proxied),
    // Posts several at once.
    longLived,
    longLived,
    longLived,
  ]
  const sound = programDesk({
    name: 'sound',
    env: embedded,
    random: randomOf('sound'),
    sabotages: [],
    clock: null,
    onSabotage: () => {},
  })
  if (place.fillDisk === null) process.stderr.write('      skipped: a full disk (needs root, and the right to mount)\n')
  if (jumpingClock('/dev/null') === null) process.stderr.write('      skipped: a clock that jumps (needs faketime)\n')
  return {busy, sound}
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
