/** Somebody in between: ends the client's TLS with a certificate of its own, and speaks TLS to the real server. */

import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {connect, createServer, type Socket} from 'node:net'
import {connect as connectTls, TLSSocket} from 'node:tls'
import type {Pair} from './certificates.ts'

/** PostgreSQL's SSLRequest. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

export interface TlsProxy {
  readonly port: number
  readonly close: () => void
}

export async function tlsProxy(serverPort: number, {certificate, key}: Pair): Promise<TlsProxy> {
  const sockets: Socket[] = []
  const keep = <T extends Socket>(socket: T): T => {
    sockets.push(socket)
    socket.on('error', () => {})
    return socket
  }
  const server = createServer(async (raw) => {
    keep(raw)
    await once(raw, 'data')
    raw.write('S')
    const client = keep(new TLSSocket(raw, {isServer: true, cert: readFileSync(certificate), key: readFileSync(key)}))
    const upstream = keep(connect(serverPort, '127.0.0.1'))
    upstream.write(SSL_REQUEST)
    await once(upstream, 'data')
    const backend = keep(connectTls({socket: upstream, rejectUnauthorized: false}))
    client.pipe(backend).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port')
  return {
    port: address.port,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
