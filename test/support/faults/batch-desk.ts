/** A desk whose commands are lines of one `fleks batch`: asked through a pipe, answered line by line, and harmed. */

import type {ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {pick, type Random} from '../random.ts'
import {type Answer, answerOf} from './answer.ts'
import {FULL_EXIT, type Harm, harmOf, lineOf} from './batch-line.ts'
import {HANG_MS, possibleSabotages, startProgram} from './child.ts'
import type {Command} from './command.ts'
import {type Desk, type ProgramOptions, SIGNALS} from './desk.ts'

interface Waiting {
  readonly command: Command
  /** Its line was cut, so it must not be done. */
  readonly torn: boolean
  readonly answer: (answer: Answer) => void
}

/** One process, from its start to its end. */
interface Life {
  readonly child: ChildProcess
  readonly waiting: Waiting[]
  readonly harm: Harm
  /** The harm comes with this line. */
  readonly lastLine: number
  lines: number
  stderr: string
  hung: boolean
}

const LINES_MAX = 40
const HARM_WITHIN_MS = 60
const END_LIMIT_MS = 10_000

/** Takes several commands at once. */
export function batchDesk(options: ProgramOptions): Desk {
  const {name, env, random, clock, onSabotage} = options
  const possible = possibleSabotages(options.sabotages, clock)
  let life: Life | null = null

  function living(): Life {
    if (life !== null) return life
    const sabotage = pick(random, possible)
    const harm = harmOf(sabotage, random)
    if (harm !== 'none') onSabotage(sabotage)
    const child = startProgram(['batch'], {
      env: {...env, ...(sabotage === 'clock' ? clock?.(random) : {})},
      stdin: 'pipe',
      full: harm === 'output full',
    })
    const lastLine = harm === 'output full' ? 1 + random(3) : 1 + random(LINES_MAX)
    const fresh: Life = {child, waiting: [], harm, lastLine, lines: 0, stderr: '', hung: false}
    child.stdin?.on('error', () => {})
    child.stderr?.on('data', (data) => {
      fresh.stderr += data
    })
    let rest = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      // Half a line is no answer.
      rest = lines.pop() ?? ''
      for (const line of lines) hear(fresh, line)
    })
    child.on('close', (code, signal) => {
      if (life === fresh) life = null
      for (const one of fresh.waiting.splice(0)) one.answer(unanswered(fresh, code, signal))
    })
    life = fresh
    return fresh
  }

  /** No command follows; the process may go on for a while. */
  function leave(one: Life): void {
    if (life === one) life = null
  }

  return {
    name,
    lacks: ['edit'],
    attempt: (command) =>
      new Promise((resolve) => {
        const one = living()
        one.lines++
        const last = one.lines === one.lastLine
        const line = lineOf(command)
        const torn = last && one.harm === 'torn'
        const limit = setTimeout(() => {
          one.hung = true
          one.child.kill('SIGKILL')
        }, HANG_MS)
        const answer = (told: Answer) => {
          clearTimeout(limit)
          resolve(told)
        }
        one.waiting.push({command, torn, answer})
        if (last && one.harm === 'reader gone') one.child.stdout?.destroy()
        one.child.stdin?.write(torn ? line.slice(0, 1 + random(line.length - 1)) : `${line}\n`)
        if (last) harmNow(one, random, leave)
      }),
    close: async () => {
      if (life === null) return
      const {child} = life
      const gone = once(child, 'close')
      child.stdin?.end()
      const limit = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS)
      await gone
      clearTimeout(limit)
    },
  }
}

function harmNow(life: Life, random: Random, leave: (life: Life) => void): void {
  const {child, harm} = life
  if (harm === 'signal') {
    setTimeout(() => child.kill(pick(random, SIGNALS)), random(HARM_WITHIN_MS))
    return
  }
  leave(life)
  child.stdin?.end()
}

function hear(life: Life, line: string): void {
  const next = life.waiting.shift()
  if (next === undefined) return
  const {command, torn, answer} = next
  const error = errorIn(line)
  const ended = {signal: null, stdout: line, stderr: '', sabotage: 'none', hung: false} as const
  answer(
    torn && error?.code === 'INVALID_INPUT'
      ? {kind: 'not done', code: 'half a line'}
      : answerOf(command.verb, {...ended, code: error?.exit ?? 0}),
  )
}

function errorIn(line: string): {readonly code: string; readonly exit: number} | null {
  try {
    return JSON.parse(line).error ?? null
  } catch {
    return null
  }
}

/** What a line came to that was sent and never answered. */
function unanswered(life: Life, code: number | null, signal: string | null): Answer {
  const {harm, hung, stderr} = life
  if (hung) return {kind: 'hung'}
  const broken = (why: string): Answer => ({
    kind: 'broken',
    why: `the batch ${why} (exit ${code}, signal ${signal}, ${harm}): ${stderr.slice(0, 500)}`,
  })
  if (/\n\s+at .+:\d+/.test(stderr)) return broken('ended with a stack trace')
  if (harm === 'signal') {
    // What it does is finished and told before it ends at a signal that it can hear.
    if (code === 130 || code === 143) return {kind: 'not done', code: 'a signal'}
    if (signal !== null) return {kind: 'unknown', why: 'a signal'}
  }
  if (harm === 'output full' && code === FULL_EXIT) return {kind: 'unknown', why: 'no output'}
  if (harm === 'reader gone') return {kind: 'unknown', why: 'no reader'}
  // All lines that it read were answered before it gave up.
  return code === 9 ? {kind: 'not done', code: 'DATABASE_UNAVAILABLE'} : broken('ended by itself')
}
