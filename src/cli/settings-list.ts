/** All settings together: the business's, from the database, and this machine's. */

import type {Settings} from '../core/client.ts'
import {Refusal} from '../core/refusal.ts'
import {parseSettingKey, SETTING_DEFAULTS, SETTINGS, type SettingKey, settingText} from '../core/setting.ts'
import {nearest} from '../core/similarity.ts'
import type {Environment} from './environment.ts'
import {isLocalKey, LOCAL_SETTINGS, type LocalKey, type ShownSetting, shownLocal} from './local-settings.ts'

export function shownBusiness(settings: Settings, key: SettingKey): ShownSetting {
  const value = settingText(settings, key)
  return {key, value, source: value === SETTING_DEFAULTS[key] ? 'default' : 'database'}
}

export function allSettings(settings: Settings, environment: Environment): readonly ShownSetting[] {
  return [
    ...(Object.keys(SETTINGS) as SettingKey[]).map((key) => shownBusiness(settings, key)),
    ...(Object.keys(LOCAL_SETTINGS) as LocalKey[]).map((key) => shownLocal(environment, key)),
  ]
}

/** Refused (USAGE): a key that does not exist, with the nearest. */
export function anyKey(text: string): SettingKey | LocalKey {
  if (isLocalKey(text)) return text
  const [near] = nearest(text, Object.keys(LOCAL_SETTINGS), 1)
  if (near === undefined || Object.hasOwn(SETTINGS, text)) return parseSettingKey(text)
  throw new Refusal('USAGE', `There is no setting ${JSON.stringify(text)}`, {hint: `Did you mean: ${near}?`})
}
