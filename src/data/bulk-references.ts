/** Finds the references that are already taken, many at once, and what they stand for. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import type {Money} from '../core/money.ts'
import type {Asked} from '../core/replay.ts'
import {int8Column, textColumn} from './binary-arrays.ts'
import type {Ready} from './bulk-requests.ts'
import {textOrNull} from './rows.ts'

/** A reference to look up; it is unique within a client. */
export type ReferenceAsked = Pick<Ready, 'client' | 'reference'>

/** By place among those asked; a place whose reference is free has none. */
export type KnownEntries = readonly (KnownEntry | undefined)[]

const FIELD = '\u001f'
const RECORD = '\u001e'

/** The entries that already carry one of the references. */
export async function findReferences(db: CommonQueryMethods, asked: readonly ReferenceAsked[]): Promise<KnownEntries> {
  const {found} = await db.one(sql.type(z.object({found: textOrNull}))`
    select known_references(${referenceArrays(asked)}) as found`)
  return knownOf(found, asked.length)
}

/** The arguments of `known_references` and of `hold_accounts`. */
export function referenceArrays(asked: readonly ReferenceAsked[]) {
  const clients = sql.binary(int8Column(asked, ({client}) => client.id))
  const references = sql.binary(textColumn(asked, ({reference}) => reference))
  return sql.fragment`${clients}::bigint[], ${references}::text[]`
}

/** What `known_references` has answered for so many references. */
export function knownOf(found: string | null, count: number): KnownEntries {
  const known = new Array<KnownEntry | undefined>(count).fill(undefined)
  if (found === null) return known
  for (const record of found.split(RECORD)) {
    const end = record.indexOf(FIELD)
    known[Number(record.slice(0, end)) - 1] = new KnownEntry(record.slice(end + 1))
  }
  return known
}

/** As much of an entry as tells a replay from a conflict. */
export class KnownEntry {
  /** As the database wrote it, a field after the other: the seq, then what was asked for. */
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  get seq(): bigint {
    return BigInt(this.#field(0))
  }

  get unitCode(): string {
    return this.#field(1)
  }

  get amount(): Money {
    return BigInt(this.#field(4)) as Money
  }

  /**
   * Whether it is plainly what is asked for; what was left open is not compared. As texts: to make values of an entry's
   * fields, a million times, took longer than all the rest of importing a file again.
   */
  says({unit, kind, direction, amount, staffId, method, occurredAt, note}: Asked): boolean {
    const amountText = amount === null ? this.#field(4) : String(amount)
    const atMs = occurredAt === null ? this.#field(7) : String(Date.parse(occurredAt))
    const movement = `${unit.code}${FIELD}${kind}${FIELD}${direction}${FIELD}${amountText}`
    const around = `${staffId ?? ''}${FIELD}${method ?? ''}${FIELD}${atMs}${FIELD}${note === null ? '' : `=${note}`}`
    return this.#text.slice(this.#text.indexOf(FIELD) + 1) === `${movement}${FIELD}${around}`
  }

  #field(at: number): string {
    return this.#text.split(FIELD)[at] ?? ''
  }
}
