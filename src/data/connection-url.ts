/** Database URLs as libpq documents them, and lists of them. */

import type pg from 'pg'
import {parse} from 'pg-connection-string'
import {Refusal} from '../core/refusal.ts'
import {type Tls, tlsAttempts} from './tls.ts'

/** One way to connect. */
export interface Way {
  readonly config: pg.ClientConfig
  readonly tls: Tls
  /** Whether a server that cannot bind the password to its certificate is refused. */
  readonly mustBind: boolean
}

/** The URLs of a list, one for each server: `postgresql://a/db,postgresql://b/db`. */
export function splitUrls(list: string): readonly string[] {
  return list.split(/,(?=\s*postgres(?:ql)?:\/\/)/).map((url) => url.trim())
}

/**
 * What pg takes from a query as libpq does. pg would take any other name as an option of its own, such as `stream` or
 * `types`, and break; those of other programs (`pgbouncer=true`, `schema=public`) mean nothing here and are left out.
 */
const PASSED_ON = ['host', 'port', 'user', 'password', 'options', 'application_name', 'fallback_application_name']

/** The ways to connect that one URL allows, best first. Refused (INVALID_CONFIG): a URL that cannot be read. */
export function waysTo(url: string): readonly Way[] {
  // pg reads anything else as the name of a host, and would send a password to it.
  if (!isPostgresUrl(url)) throw unreadable()
  const [address = '', query = ''] = splitOnce(url, '?')
  const parameters = new URLSearchParams(query)
  const passed = new URLSearchParams(
    [...parameters].filter(([name, value]) => PASSED_ON.includes(name) || isNegotiation(name, value)),
  )
  const config = parsed(passed.size === 0 ? address : `${address}?${passed}`)
  refuseUnusable(config)
  const mustBind = (parameters.get('channel_binding') ?? process.env.PGCHANNELBINDING) === 'require'
  const attempts = attemptsFor(config, parameters)
  if (parameters.get('sslnegotiation') === 'direct' && attempts.includes(false)) {
    throw new Refusal('INVALID_CONFIG', 'sslnegotiation=direct needs a sslmode of require or more', {
      hint: 'Look at the parameters of the database URL',
    })
  }
  return attempts.map((tls) => ({
    // Binding makes the password's exchange worthless to somebody in between; libpq prefers it, too.
    config: {...config, ssl: tls, enableChannelBinding: tls !== false} as pg.ClientConfig,
    tls,
    mustBind,
  }))
}

export function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text)
}

function isNegotiation(name: string, value: string): boolean {
  if (name !== 'sslnegotiation') return false
  if (value === 'postgres' || value === 'direct') return true
  throw new Refusal('INVALID_CONFIG', 'The sslnegotiation is none of postgres, direct', {
    hint: 'Look at the parameters of the database URL',
  })
}

/** No name that PostgreSQL knows holds a NUL, which ends a text on the wire; what followed it would be read as more options. */
function refuseUnusable({host, port, user, password, database, options, application_name}: pg.ClientConfig): void {
  const texts = [host, user, password, database, options, application_name]
  if (texts.some((text) => typeof text === 'string' && text.includes('\0'))) throw unreadable()
  const number = String(port ?? '')
  if (number !== '' && !(/^\d{1,5}$/.test(number) && Number(number) >= 1 && Number(number) <= 65_535))
    throw unreadable()
}

/** What pg needs for the best of the ways that a URL allows. */
export function connectionConfig(url: string): pg.ClientConfig {
  const [way] = waysTo(url)
  if (way === undefined) throw unreadable()
  return way.config
}

function attemptsFor({host}: pg.ClientConfig, parameters: URLSearchParams): readonly Tls[] {
  // No TLS on a socket of this machine, whatever the mode (libpq).
  return (host || process.env.PGHOST || '').startsWith('/') ? [false] : tlsAttempts(parameters)
}

function parsed(url: string): pg.ClientConfig {
  try {
    return parse(url, {useLibpqCompat: true}) as object as pg.ClientConfig
  } catch (cause) {
    throw unreadable(cause)
  }
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

export function unreadable(cause?: unknown): Refusal {
  return new Refusal('INVALID_CONFIG', 'The database URL cannot be read', {
    hint: 'It looks like: postgresql://user:password@host:5432/database',
    cause,
  })
}
