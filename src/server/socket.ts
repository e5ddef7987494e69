/** Asks a server's socket whether it is ready. */

import {connect} from 'node:net'
import {ROLE_NAMES} from '../core/role.ts'
import {DATABASE, type ServerLocation, socketPath} from './location.ts'

const ANSWER_LIMIT_MS = 2_000

/** True when the server takes connections; false while it starts, stops, or is not there. */
export function socketAnswers(location: Pick<ServerLocation, 'socketDir'>): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath(location))
    const answer = (ready: boolean) => {
      clearTimeout(limit)
      socket.destroy()
      resolve(ready)
    }
    const limit = setTimeout(() => answer(false), ANSWER_LIMIT_MS)
    socket.on('error', () => answer(false))
    socket.on('close', () => answer(false))
    socket.on('connect', () => socket.write(startupMessage()))
    // 'R' asks for (or waives) authentication; 'E' says that the server is starting up or shutting down.
    socket.on('data', (data) => answer(data[0] === 'R'.charCodeAt(0)))
  })
}

/** PostgreSQL's protocol 3.0, StartupMessage. */
function startupMessage(): Buffer {
  const body = Buffer.from(`\0\0\0\0\0\x03\0\0user\0${ROLE_NAMES.superuser}\0database\0${DATABASE}\0\0`, 'latin1')
  body.writeUInt32BE(body.length, 0)
  return body
}
