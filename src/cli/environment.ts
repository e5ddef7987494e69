/** Where the data is and who runs the command: environment, then config file, then default; each with its source. */

import {homedir, userInfo} from 'node:os'
import {isAbsolute, join, resolve} from 'node:path'
import {Refusal} from '../core/refusal.ts'
import {cleanText, OPERATOR_MAX, shownPath} from '../core/text.ts'
import {isPostgresUrl, splitUrls} from '../data/connection-url.ts'
import {configPath, readConfigFile} from './config-file.ts'

interface Sourced<T> {
  readonly value: T
  /** Such as `FLEKS_DATA_DIR`, the config file's path, or `default`. */
  readonly source: string
}

export interface Environment {
  /** Null: the embedded PostgreSQL of the data directory. */
  readonly databaseUrl: Sourced<string | null>
  readonly dataDir: Sourced<string>
  readonly operator: Sourced<string>
  readonly configPath: string
}

/** An empty variable counts as not set. Refused (INVALID_CONFIG, INVALID_INPUT): a config file or operator that cannot be used. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const path = configPath(env)
  const file = readConfigFile(path)
  const fromFile = (value: string | undefined) => (value ? {value, source: path} : null)
  return {
    databaseUrl: variable(env, 'FLEKS_DATABASE_URL') ??
      variable(env, 'DATABASE_URL') ??
      fromFile(file.databaseUrl) ?? {value: null, source: 'default'},
    dataDir: absolute(variable(env, 'FLEKS_DATA_DIR') ?? fromFile(file.dataDir) ?? defaultDataDir(env)),
    operator: cleaned(
      variable(env, 'FLEKS_OPERATOR') ?? fromFile(file.operator) ?? {value: osUser(), source: 'system user'},
    ),
    configPath: path,
  }
}

function variable(env: NodeJS.ProcessEnv, name: string): Sourced<string> | null {
  const value = env[name]
  return value ? {value, source: name} : null
}

function defaultDataDir(env: NodeJS.ProcessEnv): Sourced<string> {
  const xdg = env.XDG_DATA_HOME
  if (xdg !== undefined && isAbsolute(xdg)) return {value: join(xdg, 'fleks'), source: 'XDG_DATA_HOME'}
  return {value: join(env.HOME || homedir(), '.local', 'share', 'fleks'), source: 'default'}
}

/** No system takes a longer path (macOS; Linux 4096), and it would fill every screen. */
const DATA_DIR_MAX_BYTES = 1024

function absolute({value, source}: Sourced<string>): Sourced<string> {
  if (Buffer.byteLength(value) <= DATA_DIR_MAX_BYTES && !value.includes('\0')) return {value: resolve(value), source}
  throw new Refusal('INVALID_CONFIG', `The data directory from ${shownPath(source)} cannot be a path`, {
    hint: `It can have at most ${DATA_DIR_MAX_BYTES} bytes`,
  })
}

function cleaned({value, source}: Sourced<string>): Sourced<string> {
  return {value: cleanText('operator', value, OPERATOR_MAX), source}
}

function osUser(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a uid that no user has.
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}

/** The URL, or the list of URLs, without passwords and without anything that may hide one, for showing. */
export function redactedUrl(list: string): string {
  return splitUrls(list).map(redacted).join(',')
}

/** Shown in part only where it is clear which part the password is: a URL with a slip in it may have it anywhere. */
function redacted(url: string): string {
  const hidden = '(a URL that cannot be read)'
  if (!isPostgresUrl(url)) return hidden
  try {
    const {protocol, username, host, pathname} = new URL(url)
    if (!/^[^@:]*$/.test(decodeURIComponent(pathname))) return hidden
    return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`
  } catch {
    return hidden
  }
}
