/** Screens to show things on. */

import type {Screen} from '../../src/core/screen.ts'

/** A pipe: no width, no colour. */
export const PIPE: Screen = {
  width: null,
  colour: false,
  timeZone: 'UTC',
  locale: null,
  ownUnit: {code: 'AZN', decimals: 2},
}

export function screen(changes: Partial<Screen>): Screen {
  return {...PIPE, ...changes}
}
