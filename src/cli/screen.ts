/** The screen that the answer is shown on. */

import type {Settings} from '../core/client.ts'
import type {Screen} from '../core/screen.ts'

/** The part of the settings that a screen needs; a command without a database has none. */
export type ScreenSettings = Pick<Settings, 'timeZone' | 'locale' | 'unit'>

export const PLAIN_SETTINGS: ScreenSettings = {timeZone: 'UTC', locale: null, unit: {code: 'AZN', decimals: 2}}

export function screenOf({timeZone, locale, unit}: ScreenSettings): Screen {
  const {stdout, env} = process
  return {
    width: stdout.isTTY ? stdout.columns || 80 : null,
    colour: wantsColour(stdout.isTTY, env),
    timeZone,
    locale,
    ownUnit: unit,
  }
}

/** As no-color.org and force-color.org say; a dumb terminal has none. */
function wantsColour(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return isTerminal && env.TERM !== 'dumb'
}
