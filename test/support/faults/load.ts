/** The work of a desk: command after command, asked again with the same reference until its outcome is known. */

import {setTimeout as sleep} from 'node:timers/promises'
import type {Random} from '../random.ts'
import type {Answer} from './answer.ts'
import type {Command, Imagination} from './command.ts'
import type {Desk} from './desk.ts'
import {isSettled, type Recorder} from './records.ts'

export interface Load {
  readonly recorder: Recorder
  readonly imagination: Imagination
  readonly random: Random
  readonly isOver: () => boolean
}

/** Of so many outcomes that are not known one is left at that, as by somebody who gives up. */
const GIVES_UP_ONE_OF = 7
const PAUSE_MS = 300

export async function work(desk: Desk, load: Load): Promise<void> {
  const {recorder, imagination, random, isOver} = load
  while (!isOver()) {
    const command = imagination.next(random)
    if (desk.lacks?.includes(command.verb)) continue
    recorder.begin(command)
    for (;;) {
      const answer = await attempt(desk, command, recorder, imagination)
      if (isSettled(answer) || isOver() || random(GIVES_UP_ONE_OF) === 0) break
      await sleep(random(PAUSE_MS))
    }
  }
}

const SETTLE_TRIES = 10

/** Asks for the outcome of what the end of the work left open. */
export async function settle(desk: Desk, recorder: Recorder, imagination: Imagination, names: ReadonlySet<string>) {
  for (const {command} of recorder.all.filter(({command: {name}}) => names.has(name))) {
    for (let tried = 0; tried < SETTLE_TRIES; tried++) {
      if (isSettled(await attempt(desk, command, recorder, imagination))) break
      await sleep(PAUSE_MS)
    }
  }
}

export async function attempt(
  desk: Desk,
  command: Command,
  recorder: Recorder,
  imagination: Imagination,
): Promise<Answer> {
  const begunMs = performance.now()
  const answer = await desk.attempt(command)
  recorder.add(command, {by: desk.name, begunMs, endedMs: performance.now(), answer})
  const [entry] = (answer.kind === 'acknowledged' && answer.entries) || []
  if (entry !== undefined && (command.verb === 'topup' || command.verb === 'pay')) imagination.remember(entry)
  return answer
}
