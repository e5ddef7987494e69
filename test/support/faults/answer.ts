/** What a run of a command told its caller, read as strictly as a script would read it. */

import {EXIT_CODES, type RefusalCode} from '../../../src/core/refusal.ts'
import {centsOf, type Verb} from './command.ts'

/** An entry as it was acknowledged. */
export interface AcknowledgedEntry {
  readonly id: string
  readonly client: number
  readonly kind: string
  readonly cents: number
  readonly balanceAfterCents: number
  readonly note: string | null
  readonly hash: string
}

export type Answer =
  /** Done; null where the sabotage kept the document from us. */
  | {readonly kind: 'acknowledged'; readonly entries: readonly AcknowledgedEntry[] | null}
  /** The ledger decided against it. */
  | {readonly kind: 'refused'; readonly code: string}
  /** The database did not take it: nothing was written. */
  | {readonly kind: 'not done'; readonly code: string}
  | {readonly kind: 'unknown'; readonly why: string}
  | {readonly kind: 'hung'}
  /** What must never be told. */
  | {readonly kind: 'broken'; readonly why: string}

/** What was done to the process itself. */
export type Sabotage = 'none' | 'signal' | 'output full' | 'reader gone' | 'clock'

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
  readonly sabotage: Sabotage
  /** It was still running when its time was up. */
  readonly hung: boolean
}

/** Refusals that this load can meet. */
const EXPECTED_REFUSALS = new Set(['INSUFFICIENT_FUNDS', 'ALREADY_REVERSED', 'NOT_REVERSIBLE'])

type Broken = Extract<Answer, {kind: 'broken'}>

/** What the end of a process tells, whatever it was asked for; null where its words are to be read. */
export function toldByEnd(ended: Ended): Extract<Answer, {kind: 'unknown' | 'hung' | 'broken'}> | null {
  const {code, signal, stderr, sabotage} = ended
  if (ended.hung) return {kind: 'hung'}
  if (/\n\s+at .+:\d+/.test(stderr)) return brokenEnd(ended, 'a stack trace')
  if (sabotage === 'signal' && (signal !== null || code === 130 || code === 143)) {
    return {kind: 'unknown', why: 'a signal'}
  }
  if (signal !== null) return brokenEnd(ended, 'it died of a signal')
  if (sabotage !== 'output full') return null
  return code === EXIT_CODES.OUTPUT ? {kind: 'unknown', why: 'no output'} : brokenEnd(ended, 'told')
}

export function brokenEnd({code, signal, stdout, stderr, sabotage}: Ended, why: string): Broken {
  const words = `${stdout.slice(0, 500)}${stderr.slice(0, 500)}`
  return {kind: 'broken', why: `${why} (exit ${code}, signal ${signal}, ${sabotage}): ${words}`}
}

export function answerOf(verb: Verb, ended: Ended): Answer {
  const {code, stdout, sabotage} = ended
  const told = toldByEnd(ended)
  if (told !== null) return told
  const broken = (why: string) => brokenEnd(ended, why)
  if (code === 0)
    return stdout === '' && sabotage === 'reader gone' ? {kind: 'acknowledged', entries: null} : done(stdout)
  if (sabotage === 'reader gone') return withoutWords(code) ?? broken('an exit code that this cannot have')
  const refusal = refusalIn(stdout)
  if (refusal === null) return broken('no document')
  if (EXIT_CODES[refusal] !== code) return broken('an exit code that is not the one of its error')
  if (EXPECTED_REFUSALS.has(refusal)) return {kind: 'refused', code: refusal}
  if (refusal === 'OUTCOME_UNKNOWN') return {kind: 'unknown', why: refusal}
  if (refusal !== 'DATABASE_UNAVAILABLE') return broken('a refusal that nothing here earns')
  // An edit carries no reference: after a lost connection it is not known, and done again it is the same.
  return verb === 'edit' ? {kind: 'unknown', why: refusal} : {kind: 'not done', code: refusal}

  function done(text: string): Answer {
    try {
      const document = JSON.parse(text)
      if (verb === 'edit') return {kind: 'acknowledged', entries: []}
      const entries = [document.entry, ...(verb === 'transfer' ? [document.counterEntry] : [])]
      return {kind: 'acknowledged', entries: entries.map(entryOf)}
    } catch (error) {
      return broken(`done, and the document cannot be read: ${error}`)
    }
  }
}

/** Nobody could read the error document, so the exit code is all there is. */
function withoutWords(code: number | null): Answer | null {
  if (code === EXIT_CODES.INSUFFICIENT_FUNDS) return {kind: 'refused', code: 'exit 5'}
  return code === EXIT_CODES.DATABASE_UNAVAILABLE ? {kind: 'unknown', why: 'exit 9'} : null
}

function refusalIn(text: string): RefusalCode | null {
  try {
    const {code} = JSON.parse(text).error
    return Object.hasOwn(EXIT_CODES, code) ? code : null
  } catch {
    return null
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the form of the document is what the caller is about to judge.
function entryOf({id, client, kind, amount, balanceAfter, note, hash}: any): AcknowledgedEntry {
  return {
    id,
    client: client.id,
    kind,
    cents: centsOf(amount),
    balanceAfterCents: centsOf(balanceAfter),
    note,
    hash,
  }
}
