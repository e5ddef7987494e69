/** A proxy between program and server that cuts connections at chosen moments, delays them, or lets none in. */

import {once} from 'node:events'
import {connect, createServer, type Socket} from 'node:net'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {temporaryFolder} from './server.ts'

export const CUTS = [
  'before COMMIT is sent',
  'inside COMMIT',
  // The server has it, and nobody waits for what comes of it.
  'as COMMIT is sent',
  // The server has answered, so it has committed; the answer never arrives.
  'after COMMIT is sent',
  'inside the answer to COMMIT',
] as const
type Cut = (typeof CUTS)[number]

/** What the wire is like at the moment; each is asked when it matters. */
interface Weather {
  /** When a connection sends COMMIT. */
  readonly cut: () => Cut | null
  /** Before each piece goes on, either way. */
  readonly delayMs: () => number
  /** How many bytes a new connection may carry before it is cut, whatever they are; null: any. */
  readonly bytesMax: () => number | null
  readonly accepts: () => boolean
  /** Before each piece goes on: whether it is swallowed. Such a connection is cut when the weather changes. */
  readonly swallows: () => boolean
}

const FAIR: Weather = {
  cut: () => null,
  delayMs: () => 0,
  bytesMax: () => null,
  accepts: () => true,
  swallows: () => false,
}

export interface CuttingProxy {
  /** As the URL it stands for. */
  readonly url: string
  /** Cuts the next connection that sends COMMIT; later ones pass. */
  readonly cutNext: (cut: Cut) => void
  readonly setWeather: (weather: Partial<Weather>) => void
  readonly cuts: () => number
  readonly close: () => void
}

/** Stands in front of the server that `url` names (a socket's directory as host), on a socket of its own or on TCP. */
export async function cuttingProxy(url: string, on: 'socket' | 'tcp' = 'socket'): Promise<CuttingProxy> {
  const upstream = join(decodeURIComponent(new URL(url).hostname), '.s.PGSQL.5432')
  let next: Cut | null = null
  let weather = FAIR
  let cuts = 0
  const sockets = new Set<Socket>()
  const silenced = new Set<Socket>()
  const cutNow = () => {
    const cut = next ?? weather.cut()
    next = null
    return cut
  }
  const server = createServer((client) => {
    if (!weather.accepts()) {
      client.destroy()
      return
    }
    const backend = connect(upstream)
    for (const socket of [client, backend]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    pass(client, backend, {
      bytesMax: weather.bytesMax(),
      // A connection can outlive the weather it began in.
      delayMs: () => weather.delayMs(),
      swallows: () => {
        if (weather.swallows()) silenced.add(client)
        return silenced.has(client)
      },
      cutNow,
      onCut: () => cuts++,
    })
  })
  const host = await listen(server, on)
  return {
    url: url.replace(/@[^/]+/, `@${host}`),
    cutNext: (cut) => {
      next = cut
    },
    setWeather: (changes) => {
      weather = {...FAIR, ...changes}
      for (const socket of silenced) socket.destroy()
      silenced.clear()
    },
    cuts: () => cuts,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

async function listen(server: ReturnType<typeof createServer>, on: 'socket' | 'tcp'): Promise<string> {
  const folder = await temporaryFolder()
  if (on === 'socket') server.listen(join(folder, '.s.PGSQL.5432'))
  else server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null
    ? `127.0.0.1:${address.port}`
    : `${encodeURIComponent(folder)}:5432`
}

interface Passage {
  readonly bytesMax: number | null
  readonly delayMs: () => number
  readonly swallows: () => boolean
  readonly cutNow: () => Cut | null
  readonly onCut: () => void
}

/** One connection, until it ends or is cut. */
function pass(client: Socket, backend: Socket, {bytesMax, delayMs, swallows, cutNow, onCut}: Passage): void {
  let armed: Cut | null = null
  let bytesLeft = bytesMax ?? Number.POSITIVE_INFINITY
  const cut = () => {
    if (client.destroyed) return
    onCut()
    client.destroy()
    backend.destroy()
  }
  const lastWords = (to: Socket, data: Buffer) => to.write(data, cut)
  const within = (data: Buffer, to: Socket): boolean => {
    bytesLeft -= data.length
    if (bytesLeft >= 0) return true
    lastWords(to, data.subarray(0, data.length + bytesLeft))
    return false
  }
  const toServer = (data: Buffer) => {
    if (swallows()) return
    const at = data.indexOf('COMMIT')
    if (at !== -1) armed = cutNow()
    if (armed === 'before COMMIT is sent') return cut()
    if (armed === 'inside COMMIT') return lastWords(backend, data.subarray(0, at + 3))
    if (armed === 'as COMMIT is sent') return lastWords(backend, data)
    if (within(data, backend)) backend.write(data)
  }
  const toClient = (data: Buffer) => {
    if (swallows()) return
    if (armed === 'after COMMIT is sent') return cut()
    if (armed === 'inside the answer to COMMIT') return lastWords(client, data.subarray(0, data.length / 2))
    if (within(data, client)) client.write(data)
  }
  inOrder(client, toServer, delayMs)
  inOrder(backend, toClient, delayMs)
  client.on('close', () => backend.destroy())
  backend.on('close', () => client.destroy())
}

/** Pieces go on one after the other, however long each is held back. */
function inOrder(from: Socket, forward: (data: Buffer) => void, delayMs: () => number): void {
  let before = Promise.resolve()
  from.on('data', (data) => {
    const ms = delayMs()
    before = before.then(() => (ms === 0 ? undefined : sleep(ms))).then(() => forward(data))
  })
}
