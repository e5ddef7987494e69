/** What goes wrong with the embedded server, as one sentence and a hint. */

import {readFileSync} from 'node:fs'
import {Refusal} from '../core/refusal.ts'
import {shownPath} from '../core/text.ts'
import type {ServerLocation} from './location.ts'

const ELSEWHERE = 'Choose another data directory with: FLEKS_DATA_DIR'

export function unavailable(message: string, hint: string, cause?: unknown): Refusal {
  return new Refusal('DATABASE_UNAVAILABLE', message, {hint, cause})
}

/** A failure of the file system in the data directory. */
export function unusableDirectory(directory: string, cause: unknown): Refusal {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  const reason =
    {
      EACCES: 'it belongs to somebody else',
      EPERM: 'it belongs to somebody else',
      EROFS: 'the disk is read-only',
      ENOSPC: 'the disk is full',
      EDQUOT: 'the disk is full',
      ENOTDIR: 'a file is in the way',
      EEXIST: 'a file is in the way',
    }[code] ?? code
  return unavailable(`The data directory ${shownPath(directory)} cannot be used: ${reason}`, ELSEWHERE, cause)
}

/** The server or initdb gave up; the log says why. */
export function serverFailed(what: string, {logFile}: ServerLocation, cause?: unknown): Refusal {
  const reason = lastFatal(logFile)
  return unavailable(
    reason === null ? `The embedded PostgreSQL ${what}` : `The embedded PostgreSQL ${what}: ${reason}`,
    `Look into its log: ${shownPath(logFile)}`,
    cause,
  )
}

function lastFatal(logFile: string): string | null {
  try {
    const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-50)
    const at = lines.findLastIndex((text) => /(FATAL|PANIC|error):/.test(text))
    // What is wrong in a configuration file stands in the line before the one that gives up.
    const told = lines[at]?.includes('configuration file') ? lines[at - 1] : lines[at]
    return told?.replace(/^.*?(LOG|FATAL|PANIC|error):\s*/, '').slice(0, 200) ?? null
  } catch {
    return null
  }
}
