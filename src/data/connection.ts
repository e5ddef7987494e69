/** Opens one connection, by each way that its URL allows in turn. */

import type {EventEmitter} from 'node:events'
import type {Socket} from 'node:net'
import pg from 'pg'
import {Refusal} from '../core/refusal.ts'
import {unreadable, type Way, waysTo} from './connection-url.ts'
import {codeOf, databaseRefusal} from './failure.ts'
import {filedPassword} from './password-file.ts'

/** Connects, or fails as the last way did. Refusals: INVALID_CONFIG, and DATABASE_UNAVAILABLE for TLS and passwords. */
export async function openConnection(url: string, extra: pg.ClientConfig): Promise<pg.Client> {
  const ways = waysTo(url)
  for (const [at, way] of ways.entries()) {
    const client = clientFor({...way.config, ...extra})
    takePasswordFile(client)
    // A lost connection rejects the query that runs; without a listener it would also end the process.
    client.on('error', () => {})
    if (way.mustBind) refuseUnbound(client)

    try {
      return await client.connect()
    } catch (error) {
      streamOf(client).destroy()
      if (at === ways.length - 1 || !mayTryNext(way, error)) throw meaningOf(error)
    }
  }
  throw new Error('A URL allows at least one way to connect')
}

/** pg looks at the environment as well (PGSSLNEGOTIATION and others), and has plain errors for what it cannot read. */
function clientFor(config: pg.ClientConfig): pg.Client {
  try {
    return new pg.Client(config)
  } catch (cause) {
    throw unreadable(cause)
  }
}

/**
 * sslmode prefer and allow: the server has no TLS, or wants it otherwise. Never after a wrong password, or what was
 * kept from the wire by TLS would be sent again without it.
 */
function mayTryNext({tls}: Way, error: unknown): boolean {
  return codeOf(error) === '28000' || (tls !== false && isTlsFailure(error))
}

const NO_TLS = 'The server does not support SSL connections'

function isTlsFailure(error: unknown): boolean {
  return error instanceof Error && (error.message === NO_TLS || /^(ERR_SSL|ERR_TLS|EPROTO)/.test(codeOf(error) ?? ''))
}

/** pg has plain errors for these, which would read as bugs of ours. */
function meaningOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (error.message === NO_TLS) {
    return unavailable(
      'The server does not offer TLS, and the sslmode asks for it',
      'Look at sslmode in the database URL',
      error,
    )
  }
  if (/^SASL: .*client password must be/.test(error.message)) {
    return unavailable(
      'The server asks for a password, and there is none',
      'Put it into the database URL or PGPASSWORD',
      error,
    )
  }
  if (error.message.startsWith('SASL: ')) {
    return unavailable(
      'The server does not prove that it knows the password',
      'Make sure that it is the right server',
      error,
    )
  }
  if (databaseRefusal(error) !== null) return error
  // Such as PGPORT=abc.
  if (/^ERR_(SOCKET|INVALID_ARG|OUT_OF)/.test(codeOf(error) ?? '')) return unreadable(error)
  // A server's answer to what it was greeted with, such as options that it does not know.
  if ('severity' in error) {
    return unavailable(
      `The server refused the connection with SQLSTATE ${codeOf(error)}`,
      'Look at the parameters of the database URL, and at PGOPTIONS',
      error,
    )
  }
  return error
}

/** Asked for only when the server wants a password and neither the URL nor PGPASSWORD has one; pg's own way to it warns. */
function takePasswordFile(client: pg.Client): void {
  if (client.password) return
  const login = {host: client.host, port: String(client.port), database: client.database ?? '', user: client.user ?? ''}
  const open = client as {password: unknown}
  open.password = () => filedPassword({...login, host: login.host.startsWith('/') ? 'localhost' : login.host})
}

/** Ends a connection that does not answer; its query fails as one whose server has gone. */
export function abandon(client: pg.Client): void {
  streamOf(client).destroy()
}

interface Wire extends EventEmitter {
  readonly stream: Socket
}

function wireOf(client: pg.Client): Wire {
  return (client as unknown as {readonly connection: Wire}).connection
}

function streamOf(client: pg.Client): Socket {
  return wireOf(client).stream
}

/** channel_binding=require: before anything of the password is sent. */
function refuseUnbound(client: pg.Client): void {
  let bound = false
  const refuse = () => {
    const error = unavailable(
      'The server does not bind the password to its certificate, and channel_binding asks for it',
      'Look at channel_binding in the database URL',
    )
    streamOf(client).destroy(error)
  }
  const wire = wireOf(client)
  wire.on('authenticationSASL', ({mechanisms}: {readonly mechanisms: readonly string[]}) => {
    bound = mechanisms.includes('SCRAM-SHA-256-PLUS')
    if (!bound) refuse()
  })
  for (const event of ['authenticationCleartextPassword', 'authenticationMD5Password']) wire.on(event, refuse)
  wire.on('authenticationOk', () => {
    if (!bound) refuse()
  })
}

function unavailable(message: string, hint: string, cause?: unknown): Refusal {
  return new Refusal('DATABASE_UNAVAILABLE', message, {hint, cause})
}
