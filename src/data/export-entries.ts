/** The stored entries of a scope as entries. */

import {type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import {DIRECTIONS, type Entry, KINDS, METHODS, type Person} from '../core/entry.ts'
import type {ExportedEntry} from '../core/export-form.ts'
import {type Money, money} from '../core/money.ts'
import {findUnit, type Unit} from '../core/unit.ts'
import {type StoredEntry, streamEntries} from './entry-stream.ts'
import type {Scope} from './export-scope.ts'
import {bigintColumn} from './rows.ts'

/** Account by account, each in its order, some hundreds at a time; `onBatch` is awaited before much more is read. */
export async function exportedEntries(
  tx: DatabaseTransactionConnection,
  {client, from, to}: Scope,
  {countedUnits, needsReversed}: {readonly countedUnits: readonly Unit[]; readonly needsReversed: boolean},
  onBatch: (entries: readonly ExportedEntry[]) => Promise<void>,
): Promise<void> {
  const staff = await tx.any(sql.type(z.object({id: bigintColumn, name: z.string()}))`select id, name from staff`)
  const exported = entryReader(countedUnits, new Map(staff.map((person) => [String(person.id), person])))
  const filter = {clientId: client?.id ?? null, from, to, clientNames: true, reversals: true, originals: needsReversed}
  await streamEntries(tx, filter, (stored) => onBatch(stored.map(exported)))
}

/** Reads without a schema: checking every field of a row costs more here than all the rest. */
function entryReader(
  counted: readonly Unit[],
  staff: ReadonlyMap<string, Person>,
): (stored: StoredEntry) => ExportedEntry {
  const units = new Map<string, Unit>()
  const unitOf = (code: string) => {
    const known = units.get(code) ?? findUnit(code, counted)
    units.set(code, known)
    return known
  }
  const personOf = (id: string | null) => (id === null ? null : (staff.get(id) ?? {id: BigInt(id), name: ''}))
  return (stored) => {
    const clientId = BigInt(stored.clientId)
    const {counterClientId, counterSeq, kind, method, note, reference, occurredAt, recordedAt, operator, hash} = stored
    const entry: Entry = {
      clientId,
      client: {id: clientId, name: stored.clientName ?? ''},
      unit: unitOf(stored.unit),
      seq: BigInt(stored.seq),
      kind: oneOf(KINDS, kind),
      direction: oneOf(DIRECTIONS, stored.direction),
      amount: moneyOf(stored.amount),
      balanceBefore: moneyOf(stored.balanceBefore),
      balanceAfter: moneyOf(stored.balanceAfter),
      staff: personOf(stored.staffId),
      method: method === null ? null : oneOf(METHODS, method),
      note,
      reference,
      reversesSeq: bigintOrNull(stored.reversesSeq),
      reversedBySeqs: stored.reversedBySeqs === null ? [] : stored.reversedBySeqs.split(',').map(BigInt),
      counter:
        counterClientId === null || counterSeq === null
          ? null
          : {clientId: BigInt(counterClientId), seq: BigInt(counterSeq)},
      occurredAt,
      recordedAt,
      operator,
      hash,
    }
    return {entry, batch: bigintOrNull(stored.batch), reversed: reversedOf(stored, personOf(stored.reversedStaffId))}
  }
}

function reversedOf({reversedKind, reversedMethod}: StoredEntry, staff: Person | null) {
  if (reversedKind === null) return null
  return {
    kind: oneOf(KINDS, reversedKind),
    method: reversedMethod === null ? null : oneOf(METHODS, reversedMethod),
    staff,
  }
}

function bigintOrNull(digits: string | null): bigint | null {
  return digits === null ? null : BigInt(digits)
}

function moneyOf(digits: string): Money {
  return money(BigInt(digits))
}

function oneOf<T extends string>(known: readonly T[], value: string): T {
  const found = known.find((one) => one === value)
  if (found === undefined) throw new TypeError(`A column has an unknown value: ${value}`)
  return found
}
