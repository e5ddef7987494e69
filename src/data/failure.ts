/** What a failure of the database means, told by SQLSTATE and constraint name, never by message text. */

import {Refusal, type RefusalCode} from '../core/refusal.ts'

/** Chains of causes are short; a bound keeps a loop of causes from being endless. */
const CAUSES_MAX = 8

function* causes(error: unknown): Generator<Record<string, unknown>> {
  let current = error
  for (let depth = 0; depth < CAUSES_MAX && current instanceof Error; depth++) {
    yield current as unknown as Record<string, unknown>
    // Of several addresses tried, any failure tells the same story.
    current = current instanceof AggregateError ? current.errors[0] : current.cause
  }
}

/** The SQLSTATE, or Node's code of a network error; null where there is none. */
export function codeOf(error: unknown): string | null {
  for (const {code} of causes(error)) if (typeof code === 'string') return code
  return null
}

/** The name of the constraint that refused a write; null where none did. */
export function constraintOf(error: unknown): string | null {
  for (const {constraint} of causes(error)) if (typeof constraint === 'string') return constraint
  return null
}

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** pg reports a lost connection as a plain Error; these are all the texts it has for it. */
const LOST_TEXTS = [
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'timeout expired',
  'Client is pending destroy',
  'Client is destroyed',
  // The server answers the first word with an error, as when it cannot fork, or is no PostgreSQL at all.
  'There was an error establishing an SSL connection',
]

/** True where the server may answer again in a moment, and what it did before it went is not known. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== null) {
    // 57P01-57P03: shutting down, crashed, starting up. 53300: too many connections.
    return NETWORK_CODES.has(code) || code.startsWith('08') || code.startsWith('57P0') || code === '53300'
  }
  for (const {message} of causes(error)) {
    if (typeof message === 'string' && LOST_TEXTS.some((text) => message.startsWith(text))) return true
  }
  return false
}

/** Whether there was no way to a server: no such socket, host or right to it, whatever the system calls that. */
export function isUnreachable(error: unknown): boolean {
  for (const {syscall} of causes(error)) if (syscall === 'connect' || syscall === 'getaddrinfo') return true
  return false
}

/** What no one at the desk can mend by typing something else. */
const MEANINGS: Record<string, readonly [RefusalCode, string, string]> = {
  '3D000': ['DATABASE_UNAVAILABLE', 'There is no such database on the server', 'Create it, then run: fleks db migrate'],
  '28P01': [
    'DATABASE_UNAVAILABLE',
    'The server refused the password',
    'Check the user and password in the database URL',
  ],
  '28000': ['DATABASE_UNAVAILABLE', 'The server refused the user', 'Check the user and password in the database URL'],
  '42501': [
    'DATABASE_UNAVAILABLE',
    'The database user lacks a right that this needs',
    'See the rights with: fleks db roles',
  ],
  '42P01': ['SCHEMA_OUTDATED', 'This database has no fleks schema', 'Create it with: fleks db migrate'],
  '53100': [
    'DATABASE_UNAVAILABLE',
    'The server has no disk space left; nothing was written',
    'Free some space and run it again',
  ],
  '57014': [
    'DATABASE_UNAVAILABLE',
    'The server took too long and the work was given up; nothing was written',
    'Try again in a moment',
  ],
  '55P03': [
    'DATABASE_UNAVAILABLE',
    'Another program holds this client for too long; nothing was written',
    'Try again in a moment',
  ],
  '25P03': [
    'DATABASE_UNAVAILABLE',
    'The work paused for too long and was given up; nothing was written',
    'Try again in a moment',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'DATABASE_UNAVAILABLE',
    "The server's certificate is for another host",
    'Connect by the name in the certificate, or make sure that it is the right server',
  ],
  '25006': ['DATABASE_UNAVAILABLE', 'The server only allows reading', 'Point FLEKS_DATABASE_URL at the primary server'],
}

/** What Node says of a certificate that it does not take, and of a handshake that fails. */
const CERTIFICATE_CODES = /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME_)/
const TLS_CODES = /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO)/

function tlsRefusal(code: string, cause: unknown): Refusal | null {
  if (CERTIFICATE_CODES.test(code)) {
    return new Refusal('DATABASE_UNAVAILABLE', `The server's certificate is not to be trusted (${code})`, {
      hint: 'Name the authority that signed it in sslrootcert, or make sure that it is the right server',
      cause,
    })
  }
  if (!TLS_CODES.test(code)) return null
  return new Refusal('DATABASE_UNAVAILABLE', `TLS with the server failed (${code})`, {
    hint: 'Look at sslmode, sslcert and sslkey in the database URL',
    cause,
  })
}

/** The refusal that a failure of the database stands for; null where it is a bug of ours. */
export function databaseRefusal(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  for (const cause of causes(error)) if (cause instanceof Refusal) return cause
  const code = codeOf(error)
  const meaning = code === null ? undefined : MEANINGS[code]
  if (meaning !== undefined) return new Refusal(meaning[0], meaning[1], {hint: meaning[2], cause: error})
  const tls = code === null ? null : tlsRefusal(code, error)
  if (tls !== null) return tls
  // Class 53: the server ran out of something; class 58 and XX: its disk or memory failed; class 40: it gave up on us.
  if (isConnectionLoss(error) || isUnreachable(error)) {
    return new Refusal('DATABASE_UNAVAILABLE', 'The database does not answer', {
      hint: 'Look what is configured, and why, with: fleks doctor',
      cause: error,
    })
  }
  if (code !== null && /^(53|58|40|XX)/.test(code)) {
    return new Refusal('DATABASE_UNAVAILABLE', `The database failed with SQLSTATE ${code}; nothing was written`, {
      hint: 'Look into the server log, then run it again',
      cause: error,
    })
  }
  return null
}
