/** Runs the built program and looks at how much memory it takes meanwhile. */

import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import type {Outcome, Program} from './program.ts'

const LOOK_EVERY_MS = 20
const LIMIT_MS = 100_000

/** As `program.run`; `memoryKb` is 0 where the machine does not tell it. */
export async function watched(
  program: Program,
  words: readonly string[],
  input: Iterable<Buffer> = [],
): Promise<Outcome & {readonly memoryKb: number}> {
  const child = program.start(words)
  const told = {stdout: '', stderr: ''}
  let memoryKb = 0
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      told[name] += text
    })
  }
  const looking = setInterval(() => {
    memoryKb = Math.max(memoryKb, memoryOf(child.pid ?? 0))
  }, LOOK_EVERY_MS)
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
  child.stdin?.on('error', () => {})
  const ended = new Promise<Pick<Outcome, 'code' | 'signal'>>((resolve) => {
    child.on('close', (code, signal) => resolve({code, signal}))
  })
  for (const bytes of input) {
    if (child.stdin?.write(bytes) === false) await Promise.race([once(child.stdin, 'drain'), ended])
  }
  child.stdin?.end()
  const outcome = await ended
  clearInterval(looking)
  clearTimeout(limit)
  return {...outcome, ...told, memoryKb}
}

function memoryOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    // It has ended, or this is no Linux.
    return 0
  }
}
