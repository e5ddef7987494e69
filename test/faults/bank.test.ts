/** A bank (after Jepsen's): processes move money at random under faults, and every picture of it holds all of it. */

import {expect} from 'chai'
import {programDesk} from '../support/faults/desk.ts'
import {posterDesk} from '../support/faults/poster-desk.ts'
import {runFaults, type Setting} from '../support/faults/run.ts'
import {FAULT_SECONDS, FAULT_SEED, LIMIT_MS} from '../support/faults/settings.ts'

const PROCESSES = 3
const POSTINGS_AT_ONCE = 3

function desksOf({proxy, embedded, tally, randomOf}: Setting) {
  const processes = Array.from({length: PROCESSES}, (_, index) => {
    const name = `process-${index + 1}`
    const desk = posterDesk({
      name,
      url: proxy.url,
      connections: POSTINGS_AT_ONCE,
      random: randomOf(name),
      killEvery: 200,
      onSabotage: () => tally.count('process killed'),
    })
    return Array.from({length: POSTINGS_AT_ONCE}, () => desk)
  })
  const sound = programDesk({
    name: 'sound',
    env: embedded,
    random: randomOf('sound'),
    sabotages: [],
    clock: null,
    onSabotage: () => {},
  })
  return {busy: processes.flat(), sound}
}

describe('the bank', () => {
  it('has all its money in every picture, none below zero, and every history is in order', async () => {
    const {findings, report} = await runFaults({
      seconds: FAULT_SECONDS * 0.3,
      seed: FAULT_SEED,
      clients: 8,
      openingCents: 100_000,
      verbs: ['transfer', 'transfer', 'transfer', 'pay', 'reverse'],
      troubles: (all) => all.filter(({name}) => !name.startsWith('migrators')),
      desks: desksOf,
    })

    process.stdout.write(report)
    expect(findings, `FAULT_SEED=${FAULT_SEED}`).to.deep.equal([])
  }).timeout(LIMIT_MS)
})
