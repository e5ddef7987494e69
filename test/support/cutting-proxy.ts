/** A proxy between program and server that cuts connections at chosen moments. */

import {once} from 'node:events'
import {connect, createServer, type Socket} from 'node:net'
import {join} from 'node:path'
import {temporaryFolder} from './server.ts'

export type Cut = 'before COMMIT is sent' | 'after COMMIT is sent'

export interface CuttingProxy {
  readonly url: string
  /** Cuts the next connection that sends COMMIT; later ones pass. */
  readonly cutNext: (cut: Cut) => void
  readonly cuts: () => number
  readonly close: () => void
}

/** Listens on a socket of its own in front of the server that `url` names (a socket's directory as host). */
export async function cuttingProxy(url: string): Promise<CuttingProxy> {
  const target = new URL(url)
  const upstream = join(decodeURIComponent(target.hostname), '.s.PGSQL.5432')
  const folder = await temporaryFolder()
  let next: Cut | null = null
  let cuts = 0
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const backend = connect(upstream)
    let armed: Cut | null = null
    for (const socket of [client, backend]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    const cut = () => {
      cuts++
      client.destroy()
      backend.destroy()
    }
    client.on('data', (data) => {
      if (next !== null && data.includes('COMMIT')) {
        armed = next
        next = null
      }
      if (armed === 'before COMMIT is sent') return cut()
      backend.write(data)
    })
    // The server has answered, so it has committed; the answer never arrives.
    backend.on('data', (data) => (armed === 'after COMMIT is sent' ? cut() : client.write(data)))
    client.on('close', () => backend.destroy())
    backend.on('close', () => client.destroy())
  })
  server.listen(join(folder, '.s.PGSQL.5432'))
  await once(server, 'listening')
  target.hostname = encodeURIComponent(folder)
  return {
    url: url.replace(/@[^/:]+/, `@${encodeURIComponent(folder)}`),
    cutNext: (cut) => {
      next = cut
    },
    cuts: () => cuts,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
