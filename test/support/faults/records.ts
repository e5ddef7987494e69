/** Remembers every command and everything that was said about it. */

import type {Answer} from './answer.ts'
import type {Command} from './command.ts'

export interface Attempt {
  readonly by: string
  readonly begunMs: number
  readonly endedMs: number
  readonly answer: Answer
}

export interface Recorded {
  readonly command: Command
  readonly attempts: readonly Attempt[]
}

export class Recorder {
  /** The names of postings that were acknowledged, in that order. */
  readonly acknowledged: string[] = []
  readonly #records = new Map<string, {readonly command: Command; readonly attempts: Attempt[]}>()

  get all(): readonly Recorded[] {
    return [...this.#records.values()]
  }

  /** Before its first attempt, so that a command that never answers is known as well. */
  begin(command: Command): void {
    this.#records.set(command.name, {command, attempts: []})
  }

  add(command: Command, attempt: Attempt): void {
    this.#records.get(command.name)?.attempts.push(attempt)
    if (attempt.answer.kind === 'acknowledged' && command.verb !== 'edit') this.acknowledged.push(command.name)
  }
}

/** Nothing is left to ask. */
export function isSettled({kind}: Answer): boolean {
  return kind !== 'unknown' && kind !== 'not done'
}

/** When the command was first known to be done; null where it never was. */
export function acknowledgedMs({attempts}: Recorded): number | null {
  return attempts.find(({answer}) => answer.kind === 'acknowledged')?.endedMs ?? null
}

export function begunMs({attempts}: Recorded): number {
  return attempts[0]?.begunMs ?? Number.POSITIVE_INFINITY
}
