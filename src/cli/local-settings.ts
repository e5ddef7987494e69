/** The settings of this machine's user, as `fleks config` shows and takes them. */

import {Refusal} from '../core/refusal.ts'
import {cleanText, OPERATOR_MAX} from '../core/text.ts'
import {isPostgresUrl, splitUrls} from '../data/connection-url.ts'
import {type FileKey, writeConfigFile} from './config-file.ts'
import {type Environment, redactedUrl} from './environment.ts'

/** Every local setting with what it means. */
export const LOCAL_SETTINGS = {
  'database-url': 'the PostgreSQL server, instead of the embedded one (set from stdin: it holds a password)',
  'data-dir': 'where the embedded PostgreSQL keeps its files',
  operator: 'who runs the commands',
} as const

export type LocalKey = keyof typeof LOCAL_SETTINGS

const FILE_KEY_OF: Readonly<Record<LocalKey, FileKey>> = {
  'database-url': 'databaseUrl',
  'data-dir': 'dataDir',
  operator: 'operator',
}

export function isLocalKey(text: string): text is LocalKey {
  return Object.hasOwn(LOCAL_SETTINGS, text)
}

/** One setting as it is shown; `source` says where it comes from. */
export interface ShownSetting {
  readonly key: string
  readonly value: string | null
  readonly source: string
}

export function shownLocal(environment: Environment, key: LocalKey): ShownSetting {
  const {value, source} = environment[FILE_KEY_OF[key]]
  return {key, value: key === 'database-url' && value !== null ? redactedUrl(value) : value, source}
}

/**
 * Writes one to the config file; '' removes it. Refused (USAGE): a database URL as an argument, where every user of
 * the machine could read it; (INVALID_INPUT): a URL or name that cannot be used.
 */
export async function setLocal(environment: Environment, key: LocalKey, text: string): Promise<void> {
  if (key === 'database-url' && text !== '-' && text !== '') {
    throw new Refusal('USAGE', 'A database URL holds a password, so it is not taken as an argument', {
      hint: 'Give it on stdin: fleks config set database-url - < url-file',
    })
  }
  const value = text === '-' ? (await readAll(process.stdin)).trim() : text
  writeConfigFile(environment.configPath, FILE_KEY_OF[key], value === '' ? null : checked(key, value))
}

function checked(key: LocalKey, value: string): string {
  if (key === 'operator') return cleanText('operator', value, OPERATOR_MAX)
  if (key === 'database-url' && !splitUrls(value).every((url) => isPostgresUrl(url) && /^\S+$/.test(url))) {
    throw new Refusal('INVALID_INPUT', 'The database URL cannot be read', {
      hint: 'It looks like: postgresql://user:password@host:5432/database',
    })
  }
  if (value.includes('\0'))
    throw new Refusal('INVALID_INPUT', `The ${key} contains a NUL character`, {hint: 'Type it without'})
  return value
}

async function readAll(stream: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
