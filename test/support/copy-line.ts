/** Entries as they are stored, and as PostgreSQL's COPY writes them (text format), to be verified. */

import type {StoredSeal} from '../../src/core/chain-check.ts'
import type {Sealed} from '../../src/core/hash-chain.ts'

export function storedSeal(entry: Sealed, hash: string): StoredSeal {
  return {
    clientId: String(entry.clientId),
    unit: entry.unit.code,
    seq: String(entry.seq),
    kind: entry.kind,
    direction: entry.direction,
    amount: String(entry.amount),
    balanceBefore: String(entry.balanceBefore),
    balanceAfter: String(entry.balanceAfter),
    staffId: digits(entry.staff?.id),
    method: entry.method,
    note: entry.note,
    reference: entry.reference,
    reversesSeq: digits(entry.reversesSeq),
    counterClientId: digits(entry.counter?.clientId),
    counterSeq: digits(entry.counter?.seq),
    occurredAt: entry.occurredAt,
    operator: entry.operator,
    hash,
  }
}

function digits(id: bigint | null | undefined): string | null {
  return id === null || id === undefined ? null : String(id)
}

export function copyLine(stored: StoredSeal): string {
  const fields = [
    ...[stored.clientId, stored.unit, stored.seq, stored.kind, stored.direction, stored.amount, stored.balanceBefore],
    ...[stored.balanceAfter, stored.staffId, stored.method, stored.note, stored.reference, stored.reversesSeq],
    ...[stored.counterClientId, stored.counterSeq, storedTime(stored.occurredAt), stored.operator, stored.hash],
  ]
  return `${fields.map(field).join('\t')}\n`
}

/** As COPY's text format writes a field. */
function field(value: string | null): string {
  if (value === null) return '\\N'
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('\b', '\\b')
    .replaceAll('\f', '\\f')
    .replaceAll('\v', '\\v')
}

/** `2026-11-22T10:00:00.500Z` → `2026-11-22 10:00:00.5+00`, as PostgreSQL shows a time. */
function storedTime(occurredAt: string): string {
  return `${occurredAt.slice(0, -1).replace('T', ' ').replace(/0+$/, '').replace(/\.$/, '')}+00`
}
