/** Failures: any error → a refusal with its exit code → a few lines for people or one JSON document for scripts. */

import {distance} from 'fastest-levenshtein'
import {Refusal} from '../core/refusal.ts'
import {safeJson, safeText} from '../core/safe-text.ts'
import type {Format} from '../core/screen.ts'
import {databaseRefusal} from '../data/failure.ts'

export function asRefusal(error: unknown, command: CommandSurface | null): Refusal {
  if (error instanceof Refusal) return error
  return parseRefusal(error, command) ?? databaseRefusal(error) ?? internal(error)
}

/** What a command takes, for suggestions. */
export interface CommandSurface {
  readonly name: string
  readonly flags: readonly string[]
}

/** oclif's parse errors, told by what they carry; their own reports would show configuration and paths. */
function parseRefusal(error: unknown, command: CommandSurface | null): Refusal | null {
  if (!(error instanceof Error) || !('oclif' in error)) return null
  const hint = command === null ? 'See: fleks --help' : `See: fleks ${command.name} --help`
  if ('flags' in error && Array.isArray(error.flags)) {
    return unknownFlags(error.flags.map(String), command, hint)
  }
  return new Refusal('USAGE', missingText(error) ?? parseMessage(error.message), {hint})
}

/** `KEY and VALUE are missing`, where oclif lists the arguments that it misses. */
function missingText(error: Error): string | null {
  if (!('args' in error) || !Array.isArray(error.args)) return null
  const names = error.args.flatMap((arg) => (typeof arg?.name === 'string' ? [arg.name.toUpperCase()] : []))
  if (names.length === 0) return null
  return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} missing`
}

const MESSAGE_MAX = 300

function parseMessage(message: string): string {
  // oclif puts a heading over missing flags and values that are not allowed; what follows says it.
  const told = message
    .replace(/\s*See more help with --help.*$/s, '')
    .replace(/^The following errors? occurred:\s*/, '')
  const [line = ''] = told.split('\n')
  const characters = [...safeText(line.replace(/:$/, ''))]
  return characters.length > MESSAGE_MAX ? `${characters.slice(0, MESSAGE_MAX).join('')}…` : characters.join('')
}

function unknownFlags(flags: readonly string[], command: CommandSurface | null, hint: string): Refusal {
  const [flag = ''] = flags
  const near = nearestFlag(flag, command?.flags ?? [])
  return new Refusal('USAGE', `There is no flag ${parseMessage(flag.split('=')[0] ?? flag)}`, {
    hint: near === null ? hint : `Did you mean ${near}?`,
    details: {suggestions: near === null ? [] : [near]},
  })
}

function nearestFlag(typed: string, flags: readonly string[]): string | null {
  const word = typed.replace(/^-+/, '').split('=')[0] ?? ''
  const ranked = flags.map((flag) => ({flag, far: distance(word, flag)})).sort((a, b) => a.far - b.far)
  const [best] = ranked
  return best !== undefined && best.far <= Math.max(1, word.length / 3) ? `--${best.flag}` : null
}

function internal(error: unknown): Refusal {
  const kind = error instanceof Error ? error.name : typeof error
  return new Refusal('INTERNAL', `Something went wrong inside fleks (${kind}); this is a bug`, {
    hint: 'Please report what you typed and what DEBUG=1 shows then; npm bugs fleks opens the place',
    cause: error,
  })
}

/** Writes a failure and sets the exit code. */
export function reportFailure(refusal: Refusal, format: Format): void {
  process.exitCode = refusal.exit
  if (format === 'json' || format === 'jsonl') process.stdout.write(`${safeJson(failureJson(refusal))}\n`)
  else process.stderr.write(failureText(refusal))
  if (process.env.DEBUG && refusal.code === 'INTERNAL') process.stderr.write(`${stackText(refusal.cause)}\n`)
}

/** The failure document: a whitelist, so that no error's own properties slip out. */
export function failureJson(refusal: Refusal): object {
  const {code, message, hint, exit, details} = refusal
  return {error: {code, message, hint, exit, details}}
}

function failureText({message, hint, details}: Refusal): string {
  const candidates = Array.isArray(details?.candidates) ? details.candidates.map(candidateText) : []
  const lines = [`Error: ${safeText(message)}`, ...candidates, ...(hint === null ? [] : [`Hint: ${safeText(hint)}`])]
  return lines.map((line) => `${line}\n`).join('')
}

/** A client, a staff member or an entry. */
function candidateText(candidate: Record<string, unknown>): string {
  const {id, name, phone, balance, unit, archived, kind, direction, amount, occurredAt} = candidate
  const parts = [
    name,
    phone,
    balance === undefined ? null : `${balance} ${unit}`,
    archived === true ? 'archived' : null,
    kind,
    amount === undefined ? null : `${direction === 'IN' ? '+' : '-'}${amount} ${unit}`,
    occurredAt,
  ]
  return `  ${String(id).padStart(4)}  ${parts
    .filter((part) => typeof part === 'string')
    .map((part) => safeText(String(part)))
    .join('  ')}`
}

function stackText(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}
