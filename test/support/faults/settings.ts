/** How long and with which chance the fault suite runs. */

/** FAULT_SECONDS: how long faults are made, over all tests; a whole run takes about half as long again. */
export const FAULT_SECONDS = positive('FAULT_SECONDS', 60)

/** FAULT_SEED: repeats the choices of an earlier run; moments differ, as they do between any two runs. */
export const FAULT_SEED = positive('FAULT_SEED', Date.now() % 2 ** 31)

/** For what waits for the last process, which has its own bound. */
export const LIMIT_MS = (FAULT_SECONDS + 600) * 1_000

function positive(name: string, otherwise: number): number {
  const given = Number(process.env[name])
  return Number.isSafeInteger(given) && given > 0 ? given : otherwise
}
