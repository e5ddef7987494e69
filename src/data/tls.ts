/** TLS as libpq documents it (PostgreSQL, "SSL Support", Table 32.1): what the sslmode of a URL means, and its files. */

import {existsSync, readFileSync, statSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {type ConnectionOptions, getCACertificates} from 'node:tls'
import {Refusal} from '../core/refusal.ts'
import {shownPath} from '../core/text.ts'

/** False is a connection without TLS. */
export type Tls = false | ConnectionOptions

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']

/**
 * What to try, in order; the second only where the server refuses the first (src/data/connection.ts). Each parameter
 * is the URL's, else the environment's (PGSSLMODE and so on), else libpq's default. Refused (INVALID_CONFIG): an
 * unknown mode, and a file that cannot be used.
 */
export function tlsAttempts(parameters: URLSearchParams): readonly Tls[] {
  const mode = modeOf(parameters)
  if (!MODES.includes(mode)) throw invalid(`The sslmode is none of ${MODES.join(', ')}`)
  if (mode === 'disable') return [false]
  const client = clientCertificate(parameters)
  const unverified = {...client, rejectUnauthorized: false}
  if (mode === 'allow') return [false, unverified]
  if (mode === 'prefer') return [unverified, false]

  const root = rootCertificate(parameters)
  const verified = {...client, ...revoked(parameters), ...(root === null ? {} : {ca: root})}
  if (mode === 'verify-full') return [verified]
  if (root === null && mode === 'require') return [unverified]
  if (root === null || setting(parameters, 'sslrootcert') === 'system') {
    throw invalid(`sslmode=${mode} needs the certificate of your own authority in sslrootcert, or use verify-full`)
  }
  // Without the look at the host's name, which is what tells it from verify-full.
  return [{...verified, checkServerIdentity: () => undefined}]
}

function modeOf(parameters: URLSearchParams): string {
  // JDBC's way to write it, which libpq takes as well.
  if (parameters.get('ssl') === 'true' && !parameters.has('sslmode')) return 'require'
  return setting(parameters, 'sslmode') ?? 'prefer'
}

function setting(parameters: URLSearchParams, name: string): string | null {
  return parameters.get(name) || process.env[`PG${name.toUpperCase()}`] || null
}

/** Null: Node's own authorities, as good for verify-full as the system's, and no measure for anything less. */
function rootCertificate(parameters: URLSearchParams): string | string[] | null {
  const named = setting(parameters, 'sslrootcert')
  if (named === 'system') return getCACertificates('system')
  if (named !== null) return contents(named, 'sslrootcert')
  const usual = usualFile('root.crt')
  return usual === null ? null : contents(usual, 'sslrootcert')
}

function revoked(parameters: URLSearchParams): ConnectionOptions {
  const named = setting(parameters, 'sslcrl')
  return named === null ? {} : {crl: contents(named, 'sslcrl')}
}

function clientCertificate(parameters: URLSearchParams): ConnectionOptions {
  const certificate = setting(parameters, 'sslcert') ?? usualFile('postgresql.crt')
  if (certificate === null) return {}
  const key = setting(parameters, 'sslkey') ?? usualFile('postgresql.key')
  if (key === null) throw invalid('There is a client certificate (sslcert) and no key to it (sslkey)')
  const text = contents(key, 'sslkey')
  // As libpq: root's key may be readable by a group, anybody else's by its owner only.
  const {mode, uid} = statSync(key)
  if ((mode & (uid === 0 ? 0o037 : 0o077)) !== 0)
    throw invalid(`The key ${shownPath(key)} (sslkey) can be read by others; chmod it to 600`)
  const passphrase = parameters.get('sslpassword')
  return {cert: contents(certificate, 'sslcert'), key: text, ...(passphrase === null ? {} : {passphrase})}
}

/** A file where libpq looks for it; null where there is none. */
function usualFile(name: string): string | null {
  const path = join(process.env.HOME || homedir(), '.postgresql', name)
  // Not `statSync`, which throws for a HOME that is no directory.
  return existsSync(path) ? path : null
}

function contents(path: string, parameter: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw invalid(`The file ${shownPath(path)} (${parameter}) cannot be read`, cause)
  }
}

function invalid(message: string, cause?: unknown): Refusal {
  return new Refusal('INVALID_CONFIG', message, {hint: 'Look at the parameters of the database URL', cause})
}
