/** Several desks at once: each runs one process after another. */

import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {inTurns, type Subject} from '../interleave.ts'
import {atLeast, report} from '../report.ts'
import {byHand, program, SLOW_ROUNDS, type World} from './world.ts'

const DESKS = 8
const EACH = Number(process.env.POSTINGS ?? 5)

export async function desks(world: World): Promise<void> {
  const hand = byHand(world)
  const ours = 'fleks pay --json'
  const measured = await inTurns(
    [
      {name: hand.name, measure: () => rate((desk) => ({...hand, args: ['bench/floor.cjs', desk, '1', 'Ina']}))},
      {name: ours, measure: () => rate((desk) => program(world, 'pay', desk, '0.01', '--staff', 'Ina', '--json'))},
    ],
    SLOW_ROUNDS,
    1,
  )
  const limits = {[ours]: atLeast(0.75)}
  report(measured, {title: `${DESKS} desks, processes one after another`, unit: 'postings/s', limits})
}

async function rate(subjectAt: (desk: string) => Subject): Promise<number> {
  const started = performance.now()
  await Promise.all(
    Array.from({length: DESKS}, async (_, at) => {
      for (let posting = 0; posting < EACH; posting++) await ends(subjectAt(String(at + 1)))
    }),
  )
  return (DESKS * EACH) / ((performance.now() - started) / 1000)
}

/** Runs a process beside others; fails as it does. */
export async function ends({name, command, args, env}: Subject): Promise<void> {
  const child = spawn(command, args, {env: {...process.env, ...env}, stdio: ['ignore', 'ignore', 'inherit']})
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${name} exited ${code}`)
}
