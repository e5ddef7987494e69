/** Makes a directory and those above it. */

import {mkdirSync, statSync} from 'node:fs'
import {dirname} from 'node:path'

/** One at a time: Node's recursive mkdir never returns below /proc. Those above are 0755. */
export function makeDirectories(directory: string, mode: number): void {
  const found = statSync(directory, {throwIfNoEntry: false})
  if (found?.isDirectory()) return
  if (found !== undefined) throw Object.assign(new Error('not a directory'), {code: 'ENOTDIR', syscall: 'mkdir'})
  makeDirectories(dirname(directory), 0o755)
  try {
    mkdirSync(directory, {mode})
  } catch (error) {
    const raced = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    if (!raced || !statSync(directory).isDirectory()) throw error
  }
}
