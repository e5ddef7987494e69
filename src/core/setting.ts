/** Business settings by name, as `fleks config` shows and takes them. */

import type {Settings} from './client.ts'
import {isTimeZone} from './moment.ts'
import {Refusal} from './refusal.ts'
import {nearest} from './similarity.ts'
import {cleanText, NAME_MAX, quoted} from './text.ts'
import {findUnit, parseCountedUnit, type Unit} from './unit.ts'

/** Every business setting with what it means; they live in the database, so that every desk agrees. */
export const SETTINGS = {
  'business-name': 'what the business is called',
  unit: "the ledger's own unit: an ISO 4217 currency or a counted unit",
  'time-zone': 'the zone in which days begin, such as Asia/Baku',
  locale: 'how dates are written, such as az-AZ; empty for 2026-11-22 14:00',
  'counted-units': 'units that are counts, such as lesson,hour:2 (the number after : is how many decimals)',
} as const

export type SettingKey = keyof typeof SETTINGS

/** What a setting is where nobody has set it. */
export const SETTING_DEFAULTS: Readonly<Record<SettingKey, string | null>> = {
  'business-name': null,
  unit: 'AZN',
  'time-zone': 'UTC',
  locale: null,
  'counted-units': null,
}

/** Refused (USAGE): a key that does not exist, with the nearest. */
export function parseSettingKey(text: string): SettingKey {
  if (Object.hasOwn(SETTINGS, text)) return text as SettingKey
  const [near] = nearest(text, Object.keys(SETTINGS))
  throw new Refusal('USAGE', `There is no setting ${quoted(text)}`, {
    hint: near === undefined ? `The settings are: ${Object.keys(SETTINGS).join(', ')}` : `Did you mean: ${near}?`,
  })
}

export function settingText(settings: Settings, key: SettingKey): string | null {
  switch (key) {
    case 'business-name':
      return settings.businessName
    case 'unit':
      return settings.unit.code
    case 'time-zone':
      return settings.timeZone
    case 'locale':
      return settings.locale
    case 'counted-units':
      return settings.countedUnits.length === 0 ? null : settings.countedUnits.map(countedUnitText).join(',')
  }
}

function countedUnitText({code, decimals}: Unit): string {
  return decimals === 0 ? code : `${code}:${decimals}`
}

/** The settings with one of them changed; '' empties one that may be empty. Refused: INVALID_INPUT. */
export function withSetting(settings: Settings, key: SettingKey, text: string): Settings {
  switch (key) {
    case 'business-name':
      return {...settings, businessName: text === '' ? null : cleanText('business name', text, NAME_MAX)}
    case 'unit':
      return {...settings, unit: findUnit(text, settings.countedUnits)}
    case 'time-zone':
      return {...settings, timeZone: parseTimeZone(text)}
    case 'locale':
      return {...settings, locale: text === '' ? null : parseLocale(text)}
    case 'counted-units':
      return {...settings, countedUnits: parseCountedUnits(text)}
  }
}

function parseTimeZone(text: string): string {
  if (isTimeZone(text)) return text
  throw new Refusal('INVALID_INPUT', `${quoted(text)} is not a time zone`, {
    hint: 'Use a name of the IANA database, such as Asia/Baku or Europe/Berlin',
  })
}

/** Longer than any that is in use; what BCP 47 allows has no end. */
const LOCALE_MAX = 60

function parseLocale(text: string): string {
  try {
    const [locale] = Intl.getCanonicalLocales(text)
    if (locale !== undefined && locale.length <= LOCALE_MAX) return locale
  } catch {
    // A RangeError: not a BCP 47 tag.
  }
  throw new Refusal('INVALID_INPUT', `${quoted(text)} is not a locale`, {
    hint: 'Use a BCP 47 tag, such as az-AZ or en-GB',
  })
}

/** Every command reads them all. */
const COUNTED_UNITS_MAX = 50

function parseCountedUnits(text: string): readonly Unit[] {
  const parts = text === '' ? [] : text.split(',')
  if (parts.length > COUNTED_UNITS_MAX) {
    throw new Refusal('INVALID_INPUT', `${parts.length} counted units are too many`, {
      hint: `There can be at most ${COUNTED_UNITS_MAX}`,
    })
  }
  const units = parts.map((part) => parseCountedUnit(part.trim()))
  const twice = units.find(({code}, at) => units.findIndex((other) => other.code === code) !== at)
  if (twice === undefined) return units
  throw new Refusal('INVALID_INPUT', `The unit ${twice.code} is named twice`, {hint: 'Name each unit once'})
}
