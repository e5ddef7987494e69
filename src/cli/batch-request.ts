/** Reads one line of a batch: a JSON object with the words of the command it stands for. */

import {METHODS, type Method} from '../core/entry.ts'
import {parseName} from '../core/name.ts'
import {Refusal} from '../core/refusal.ts'
import {nearest} from '../core/similarity.ts'
import {quoted} from '../core/text.ts'
import type {BatchRequest} from '../data/batch.ts'
import {profileOf} from './profile.ts'
import {adjustmentRequest, named, postingRequest, reversalRequest, transferRequest} from './requests.ts'

const EVERY_POSTING = ['at', 'dryRun', 'note', 'reference', 'unit'] as const
const PROFILE = [
  'address',
  'birthDate',
  'category',
  'code',
  'defaultPrice',
  'email',
  'note',
  'phone',
  'source',
] as const

/** What each operation takes beside `op`. */
const KEYS = {
  adjust: ['amount', 'at', 'client', 'dryRun', 'reason', 'reference', 'unit'],
  balance: ['client', 'unit'],
  'client.add': ['allowDuplicate', 'name', ...PROFILE],
  'client.find': ['client'],
  opening: ['amount', 'client', ...EVERY_POSTING],
  pay: ['amount', 'client', 'staff', ...EVERY_POSTING],
  refund: ['amount', 'client', 'method', 'staff', ...EVERY_POSTING],
  reverse: ['amount', 'at', 'dryRun', 'entry', 'reason', 'reference'],
  'staff.add': ['name'],
  topup: ['amount', 'client', 'method', 'staff', ...EVERY_POSTING],
  transfer: ['amount', 'from', 'to', ...EVERY_POSTING],
} as const satisfies Record<string, readonly string[]>

type Op = keyof typeof KEYS
const OPS = Object.keys(KEYS)

/** Of the operations that move one account. */
const POSTING_KINDS = {opening: 'opening', pay: 'payment', refund: 'refund', topup: 'topup'} as const

/** Refused: what is no operation (USAGE, INVALID_INPUT), and whatever the command of that name refuses to read. */
export function batchRequest(line: string, now: Date): BatchRequest | Refusal {
  try {
    return requestOf(line, now)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function requestOf(line: string, now: Date): BatchRequest {
  const fields = objectOf(line)
  const op = opOf(fields.op)
  refuseUnknownKeys(op, fields)
  const text = (key: string) => textOf(fields, key)
  const required = (key: string) => textOf(fields, key) ?? refuseMissing(op, key)
  const options = {at: text('at'), 'dry-run': flagOf(fields, 'dryRun'), reference: text('reference')}
  const client = text('client')
  switch (op) {
    case 'balance':
      return {op, client: client === undefined ? null : named(client, 'client'), unit: text('unit') ?? null}
    case 'client.find':
      return {op, client: named(client, 'client')}
    case 'staff.add':
      return {op, name: parseName(required('name'))}
    case 'client.add':
      return {
        op,
        name: parseName(required('name')),
        profile: profileIn(fields, now),
        allowDuplicate: flagOf(fields, 'allowDuplicate'),
      }
    case 'reverse':
      return {
        op,
        request: reversalRequest(
          {entry: required('entry')},
          {...options, amount: text('amount'), reason: required('reason')},
        ),
      }
    case 'transfer': {
      const args = {from: required('from'), to: required('to'), amount: required('amount')}
      return {op, request: transferRequest(args, {...options, note: text('note'), unit: text('unit')})}
    }
    case 'adjust': {
      const args = {client, amount: required('amount')}
      const {direction, request} = adjustmentRequest({
        args,
        flags: {...options, reason: required('reason'), unit: text('unit')},
      })
      return {op: 'posting', operation: {...request, kind: 'adjustment', direction}}
    }
    default: {
      const amount = op === 'pay' ? text('amount') : required('amount')
      const flags = {
        ...options,
        note: text('note'),
        unit: text('unit'),
        staff: text('staff'),
        method: methodOf(text('method')),
      }
      return {op: 'posting', operation: {...postingRequest({args: {client, amount}, flags}), kind: POSTING_KINDS[op]}}
    }
  }
}

function objectOf(line: string): Record<string, unknown> {
  let value: unknown
  // What the bytes were is lost, so no name or note with it can be the one that was meant.
  if (line.includes('\ufffd')) {
    throw new Refusal('INVALID_INPUT', `The line ${quoted(line)} has bytes that are no characters`, {
      hint: 'Write it in UTF-8',
    })
  }
  try {
    value = JSON.parse(line)
  } catch {
    throw new Refusal('INVALID_INPUT', `The line ${quoted(line)} is not JSON`, {hint: EXAMPLE})
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Refusal('INVALID_INPUT', `The line ${quoted(line)} is not a JSON object`, {hint: EXAMPLE})
}

const EXAMPLE =
  'An operation looks like: {"op":"pay","client":42,"amount":"12.50","staff":"Ina","reference":"visit-204"}'

function opOf(value: unknown): Op {
  const known = OPS.find((op) => op === value)
  if (known !== undefined) return known as Op
  const near = typeof value === 'string' ? nearest(value, OPS) : []
  throw new Refusal('USAGE', noOperation(value), {
    hint: near.length > 0 ? `Did you mean: ${near.join(', ')}?` : `"op" is one of: ${OPS.join(', ')}`,
  })
}

function noOperation(value: unknown): string {
  if (value === undefined) return 'The operation is not named'
  return typeof value === 'string' ? `There is no operation ${quoted(value)}` : notText('op', value)
}

function notText(key: string, value: unknown): string {
  return `"${key}" is ${shown(value)}, which is not a text`
}

function refuseUnknownKeys(op: Op, fields: Record<string, unknown>): void {
  const known: readonly string[] = KEYS[op]
  const unknown = Object.keys(fields).find((key) => key !== 'op' && !known.includes(key))
  if (unknown === undefined) return
  const [near] = nearest(unknown, known)
  throw new Refusal('USAGE', `The operation ${op} takes no ${quoted(unknown)}`, {
    hint: near === undefined ? `It takes: ${known.join(', ')}` : `Did you mean "${near}"?`,
  })
}

/** A text, or an id as a number; null is as good as left out. */
function textOf(fields: Record<string, unknown>, key: string): string | undefined {
  const value = fields[key]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  const isId = key === 'client' || key === 'staff' || key === 'from' || key === 'to'
  if (isId && Number.isSafeInteger(value)) return String(value)
  throw new Refusal('INVALID_INPUT', notText(key, value), {
    hint: key === 'amount' ? 'Write amounts in quotes, as in "12.50": a number would be rounded' : 'Write it in quotes',
  })
}

/** For a message; what is nested has no text that is sure to be short, or to be one at all. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : quoted(String(value))
}

function flagOf(fields: Record<string, unknown>, key: string): boolean {
  const value = fields[key] ?? false
  if (typeof value === 'boolean') return value
  throw new Refusal('INVALID_INPUT', `"${key}" is ${shown(value)}`, {hint: 'It is true or false'})
}

function refuseMissing(op: Op, key: string): never {
  throw new Refusal('USAGE', `The operation ${op} needs "${key}"`, {hint: `It takes: ${KEYS[op].join(', ')}`})
}

function methodOf(text: string | undefined): Method | undefined {
  if (text === undefined) return undefined
  const method = METHODS.find((known) => known === text)
  if (method !== undefined) return method
  throw new Refusal('USAGE', `There is no method ${quoted(text)}`, {hint: `It is one of: ${METHODS.join(', ')}`})
}

function profileIn(fields: Record<string, unknown>, now: Date) {
  const given = PROFILE.map((key) => [
    key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    textOf(fields, key),
  ])
  return profileOf(Object.fromEntries(given), now)
}
