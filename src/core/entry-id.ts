/** Ids as people and scripts write them. */

import type {EntryKey} from './entry.ts'
import {Refusal} from './refusal.ts'
import {quoted} from './text.ts'
import type {Unit} from './unit.ts'

/** `42-7`; `42-lesson-3` outside the ledger's own unit. */
export function entryId({clientId, unit, seq}: EntryKey, ownUnit: Unit): string {
  return unit.code === ownUnit.code ? `${clientId}-${seq}` : `${clientId}-${unit.code}-${seq}`
}

export interface ParsedEntryId {
  readonly clientId: bigint
  /** Null: the ledger's own unit. */
  readonly unitCode: string | null
  readonly seq: bigint
}

/** Refused (INVALID_INPUT): anything that `entryId` does not write. */
export function parseEntryId(text: string): ParsedEntryId {
  const match = /^([1-9]\d{0,14})-(?:([\p{L}\p{N}_]{1,20})-)?([1-9]\d{0,14})$/u.exec(text)
  if (match === null) {
    throw new Refusal('INVALID_INPUT', `${quoted(text)} is not the id of an entry`, {
      hint: 'It looks like 42-7; find it with: fleks history',
    })
  }
  const [, client = '', unitCode, seq = ''] = match
  return {clientId: BigInt(client), unitCode: unitCode ?? null, seq: BigInt(seq)}
}

/** The id of a client or staff member; null where the text is not one. */
export function parseClientId(text: string): bigint | null {
  return /^[1-9]\d{0,14}$/.test(text) ? BigInt(text) : null
}
