/** Profiles of imports: the flags that read one bank's or one program's files, kept under a name. */

import {mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {Refusal} from '../core/refusal.ts'
import {quoted} from '../core/text.ts'
import {configPath} from './config-file.ts'

/** What a profile can hold: flags that say how a file is read, and none that says what is written. */
export const PROFILE_FLAGS = [
  'date-format',
  'decimal',
  'encoding',
  'header',
  'kind',
  'map',
  'method',
  'out',
  'staff',
  'unit',
  'create-clients',
  'overlap',
] as const

type ProfileFlag = (typeof PROFILE_FLAGS)[number]
export type ImportProfile = {readonly [flag in ProfileFlag]?: string | boolean | readonly string[]}

function profilePath(name: string): string {
  if (!/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u.test(name)) {
    throw new Refusal('USAGE', `${quoted(name)} cannot be the name of a profile`, {
      hint: 'Use letters, digits, - and _, as in: --profile bank',
    })
  }
  return join(dirname(configPath(process.env)), 'import', `${name}.json`)
}

/** Refused (USAGE): no such profile; (INVALID_CONFIG): one that cannot be read. */
export function readProfile(name: string): ImportProfile {
  const path = profilePath(name)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Refusal('USAGE', `There is no import profile ${quoted(name)}`, {
      hint: `Save one with: fleks import FILE --save-profile ${name}`,
      cause,
    })
  }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && Object.keys(value).every(isFlag)) return value as ImportProfile
  } catch {
    // Told below.
  }
  throw new Refusal('INVALID_CONFIG', `The import profile ${path} cannot be read`, {
    hint: 'Mend it, or save it anew with --save-profile',
  })
}

function isFlag(key: string): boolean {
  return PROFILE_FLAGS.some((flag) => flag === key)
}

export function writeProfile(name: string, profile: ImportProfile): void {
  const path = profilePath(name)
  try {
    mkdirSync(dirname(path), {recursive: true, mode: 0o700})
    writeFileSync(`${path}.${process.pid}.tmp`, `${JSON.stringify(profile, null, 2)}\n`, {mode: 0o600})
    renameSync(`${path}.${process.pid}.tmp`, path)
  } catch (cause) {
    throw new Refusal('INVALID_CONFIG', `The import profile ${path} cannot be written`, {
      hint: 'Name another place for your configuration in FLEKS_CONFIG',
      cause,
    })
  }
}
