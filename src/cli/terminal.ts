/** Asking people: only in a terminal, only on stderr, and Ctrl-C always leaves. */

import {Refusal} from '../core/refusal.ts'
import {safeText} from '../core/safe-text.ts'
import type {Format} from '../core/screen.ts'

/** A prompt on an idle pipe would wait for ever, and a script that wants JSON wants no questions. */
export function canAsk(format: Format): boolean {
  return format === 'table' && process.stdin.isTTY === true && process.stderr.isTTY === true
}

export interface AskContext {
  readonly output: NodeJS.WriteStream
}

/** Runs one prompt. Refused (INTERRUPTED, exit 130): Ctrl-C. */
export async function askOnStderr<T>(ask: (context: AskContext) => Promise<T>): Promise<T> {
  try {
    return await ask({output: process.stderr})
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new Refusal('INTERRUPTED', 'Left without writing anything')
    }
    throw error
  }
}

/** Text from the data, for a prompt. */
export function shown(text: string): string {
  return safeText(text)
}
