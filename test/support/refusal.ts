/** Expecting refusals. */

import {Refusal} from '../../src/core/refusal.ts'

/** The refusal that a piece of work ends in; anything else fails the test. */
export function refusal(work: () => unknown): Refusal {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('It was not refused')
}

export async function refusalOf(work: Promise<unknown> | (() => Promise<unknown>)): Promise<Refusal> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('It was not refused')
}
