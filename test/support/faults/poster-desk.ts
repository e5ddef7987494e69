/** A desk whose program lives long and keeps its connections; killed, it is started again. */

import {type ChildProcess, fork} from 'node:child_process'
import {once} from 'node:events'
import {fileURLToPath} from 'node:url'
import type {Random} from '../random.ts'
import {type Answer, answerOf, type Sabotage} from './answer.ts'
import {HANG_MS} from './child.ts'
import type {Desk} from './desk.ts'
import type {Asked, Told} from './poster.ts'

const PROGRAM = fileURLToPath(new URL('poster.ts', import.meta.url))

export interface PosterDeskOptions {
  readonly name: string
  readonly url: string
  readonly connections: number
  readonly random: Random
  /** Of so many commands one ends with the death of the program; 0: none. */
  readonly killEvery: number
  readonly onSabotage: (sabotage: Sabotage) => void
}

interface Waiting {
  readonly answer: (told: Told | 'gone' | 'hung') => void
}

/** Takes several commands at once. */
export function posterDesk({name, url, connections, random, killEvery, onSabotage}: PosterDeskOptions): Desk {
  let child: ChildProcess | null = null
  let calls = 0
  let killed = false
  let stderr = ''
  const waiting = new Map<number, Waiting>()

  function running(): ChildProcess {
    if (child !== null) return child
    killed = false
    stderr = ''
    const fresh = fork(PROGRAM, [url, String(connections)], {stdio: ['ignore', 'ignore', 'pipe', 'ipc']})
    fresh.stderr?.on('data', (data) => {
      stderr += data
    })
    fresh.on('message', (told: Told) => waiting.get(told.call)?.answer(told))
    fresh.on('exit', () => {
      if (child === fresh) child = null
      for (const one of [...waiting.values()]) one.answer('gone')
    })
    child = fresh
    return fresh
  }

  function kill(): void {
    killed = true
    child?.kill('SIGKILL')
  }

  return {
    name,
    attempt: ({...command}): Promise<Answer> =>
      new Promise((resolve) => {
        const call = ++calls
        const limit = setTimeout(() => waiting.get(call)?.answer('hung'), HANG_MS)
        waiting.set(call, {
          answer: (told) => {
            clearTimeout(limit)
            waiting.delete(call)
            const ended = {signal: null, stderr, sabotage: 'none', hung: told === 'hung'} as const
            if (told === 'hung') kill()
            if (told === 'gone' && killed) resolve({kind: 'unknown', why: 'killed'})
            else if (told === 'gone') resolve({kind: 'broken', why: `the poster ended by itself: ${stderr}`})
            else
              resolve(
                answerOf(command.verb, told === 'hung' ? {...ended, code: null, stdout: ''} : {...ended, ...told}),
              )
          },
        })
        running().send({call, command} satisfies Asked, () => {})
        if (killEvery > 0 && random(killEvery) === 0) {
          onSabotage('signal')
          setTimeout(kill, random(30))
        }
      }),
    close: async () => {
      if (child === null) return
      const gone = once(child, 'exit')
      kill()
      await gone
    },
  }
}
