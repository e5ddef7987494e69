/** Lets one process at a time make or start the server; the turn ends with the process that has it, however it ends. */

import {rmSync} from 'node:fs'
import {connect, createServer} from 'node:net'
import {join} from 'node:path'
import {pathDigest, type ServerLocation} from './location.ts'

export interface Turn {
  readonly end: () => void
}

/**
 * A listening socket is a lock that the kernel gives back when its holder dies, also by kill -9; a lock file is not.
 * Null while somebody else has the turn.
 */
export async function takeTurn(location: ServerLocation): Promise<Turn | null> {
  // In Linux's abstract namespace it leaves no file (unix(7)).
  if (process.platform === 'linux') return listen(`\0fleks-${process.getuid?.()}-${pathDigest(location.baseDir)}`)
  const path = join(location.socketDir, '.starting')
  const turn = await listen(path)
  if (turn !== null || (await someoneListens(path))) return turn
  rmSync(path, {force: true})
  return listen(path)
}

function listen(address: string): Promise<Turn | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)))
    server.listen(address, () => resolve({end: () => server.close()}))
  })
}

function someoneListens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.on('connect', () => resolve(true))
    socket.on('error', () => resolve(false))
    socket.unref()
  })
}
