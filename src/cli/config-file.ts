/** The config file of this user on this machine; what the business decided is in the database instead. */

import {chmodSync, readFileSync, renameSync, writeFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {dirname, isAbsolute, join} from 'node:path'
import {Refusal} from '../core/refusal.ts'
import {quoted, shownPath} from '../core/text.ts'
import {makeDirectories} from '../server/make-directories.ts'

const FILE_KEYS = ['databaseUrl', 'dataDir', 'operator'] as const
export type FileKey = (typeof FILE_KEYS)[number]
export type ConfigFile = {readonly [key in FileKey]?: string}

/** `FLEKS_CONFIG`, else `$XDG_CONFIG_HOME/fleks/config.json`, else `~/.config/fleks/config.json`. */
export function configPath(env: NodeJS.ProcessEnv): string {
  if (env.FLEKS_CONFIG) return env.FLEKS_CONFIG
  // A relative path there must be ignored (XDG Base Directory Specification).
  const xdg = env.XDG_CONFIG_HOME
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env.HOME || homedir(), '.config')
  return join(base, 'fleks', 'config.json')
}

/** Empty where there is no file. Refused (INVALID_CONFIG): a file that cannot be read, naming the key, never a value. */
export function readConfigFile(path: string): ConfigFile {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    // An unreadable home has no config file either.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return {}
    throw invalid(path, 'cannot be read')
  }
  return checked(path, parsed(path, text))
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid(path, 'is not JSON')
  }
}

function checked(path: string, value: unknown): ConfigFile {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(path, 'is not a JSON object')
  for (const [key, entry] of Object.entries(value)) {
    if (!FILE_KEYS.some((known) => known === key)) throw invalid(path, `has an unknown key ${quoted(key)}`)
    if (typeof entry !== 'string') throw invalid(path, `has something else than text as ${key}`)
  }
  return value
}

function invalid(path: string, what: string): Refusal {
  return new Refusal('INVALID_CONFIG', `The config file ${shownPath(path)} ${what}`, {
    hint: `It may hold: ${FILE_KEYS.join(', ')}`,
  })
}

/** Sets or, with null, removes one key. The file is this user's alone and is replaced in one step. */
export function writeConfigFile(path: string, key: FileKey, value: string | null): void {
  const {[key]: _, ...others} = readConfigFile(path)
  const next = value === null ? others : {...others, [key]: value}
  const unfinished = `${path}.${process.pid}.tmp`
  try {
    makeDirectories(dirname(path), 0o700)
    writeFileSync(unfinished, `${JSON.stringify(next, null, 2)}\n`, {mode: 0o600})
    chmodSync(unfinished, 0o600)
    renameSync(unfinished, path)
  } catch (cause) {
    throw new Refusal('INVALID_CONFIG', `The config file ${shownPath(path)} cannot be written`, {
      hint: 'Name another one in FLEKS_CONFIG',
      cause,
    })
  }
}
