import {setTimeout as sleep} from 'node:timers/promises'

const LOOKS_MAX = 2_000
const LOOK_EVERY_MS = 10

/** Waits until a condition holds; fails where it does not in good time. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let looked = 0; looked < LOOKS_MAX; looked++) {
    if (await condition()) return
    await sleep(LOOK_EVERY_MS)
  }
  throw new Error(`It never came to this: ${what}`)
}
