/** The stored entries of a scope as entries. */

import type {DatabaseTransactionConnection} from 'slonik'
import {DIRECTIONS, type Entry, KINDS, METHODS, type Person} from '../core/entry.ts'
import type {ExportedEntry} from '../core/export-form.ts'
import {type Money, money} from '../core/money.ts'
import {findUnit, type Unit} from '../core/unit.ts'
import {type StoredEntry, streamEntries} from './entry-stream.ts'
import type {Scope} from './export-scope.ts'

/** Account by account, each in its order, some hundreds at a time; `onBatch` is awaited before much more is read. */
export async function exportedEntries(
  tx: DatabaseTransactionConnection,
  {client, from, to}: Scope,
  counted: readonly Unit[],
  onBatch: (entries: readonly ExportedEntry[]) => Promise<void>,
): Promise<void> {
  const exported = entryReader(counted)
  const filter = {clientId: client?.id ?? null, from, to, names: true}
  await streamEntries(tx, filter, (stored) => onBatch(stored.map(exported)))
}

/** Reads without a schema: checking every field of a row costs more here than all the rest. */
function entryReader(counted: readonly Unit[]): (stored: StoredEntry) => ExportedEntry {
  const units = new Map<string, Unit>()
  const unitOf = (code: string) => {
    const known = units.get(code) ?? findUnit(code, counted)
    units.set(code, known)
    return known
  }
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
      staff: personOf(stored.staffId, stored.staffName),
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
    return {entry, batch: bigintOrNull(stored.batch), reversed: reversedOf(stored)}
  }
}

function personOf(id: string | null, name: string | null): Person | null {
  return id === null ? null : {id: BigInt(id), name: name ?? ''}
}

function reversedOf({reversedKind, reversedMethod, reversedStaffId, reversedStaffName}: StoredEntry) {
  if (reversedKind === null) return null
  return {
    kind: oneOf(KINDS, reversedKind),
    method: reversedMethod === null ? null : oneOf(METHODS, reversedMethod),
    staff: personOf(reversedStaffId, reversedStaffName),
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
