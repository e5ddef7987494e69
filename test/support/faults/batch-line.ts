/** The commands of the load as lines of a batch, and what may be done to the batch. */

import {EXIT_CODES} from '../../../src/core/refusal.ts'
import {pick, type Random} from '../random.ts'
import type {Sabotage} from './answer.ts'
import {type Command, centsText, STAFF} from './command.ts'

export const FULL_EXIT = EXIT_CODES.OUTPUT

/** `torn`: the last line is cut, and nothing follows. */
export type Harm = 'none' | 'signal' | 'torn' | 'output full' | 'reader gone'

export function harmOf(sabotage: Sabotage, random: Random): Harm {
  if (sabotage === 'none' || sabotage === 'clock') return 'none'
  return sabotage === 'signal' ? pick(random, ['signal', 'signal', 'torn']) : sabotage
}

export function lineOf({verb, client, other, entry, cents, name, reference}: Command): string {
  const amount = cents === null ? undefined : centsText(cents)
  if (verb === 'transfer') return JSON.stringify({op: verb, from: client, to: other, amount, note: name, reference})
  if (verb === 'reverse') return JSON.stringify({op: verb, entry, amount, reason: name, reference})
  const staff = verb === 'pay' ? STAFF : undefined
  return JSON.stringify({op: verb, client, amount, staff, note: name, reference})
}
