/** Entries as JSON (docs/schemas). */

import type {Entry, Person, Posting, TransferPosting} from '../core/entry.ts'
import {entryId} from '../core/entry-id.ts'
import {amountText} from '../core/money.ts'
import type {Unit} from '../core/unit.ts'

export function personJson({id, name}: Person) {
  return {id: Number(id), name}
}

/** One entry; `ownUnit` is what its id leaves out. */
export function entryJson(entry: Entry, ownUnit: Unit) {
  const {unit, kind, direction, method, note, reference, occurredAt, recordedAt, operator, hash} = entry
  const sibling = (clientId: bigint, seq: bigint) => entryId({clientId, unit, seq}, ownUnit)
  return {
    id: entryId(entry, ownUnit),
    client: personJson(entry.client),
    kind,
    direction,
    amount: amountText(entry.amount, unit),
    unit: unit.code,
    balanceBefore: amountText(entry.balanceBefore, unit),
    balanceAfter: amountText(entry.balanceAfter, unit),
    staff: entry.staff === null ? null : personJson(entry.staff),
    method,
    note,
    reference,
    reverses: entry.reversesSeq === null ? null : sibling(entry.clientId, entry.reversesSeq),
    reversedBy: entry.reversedBySeqs.map((seq) => sibling(entry.clientId, seq)),
    counterpart: entry.counter === null ? null : sibling(entry.counter.clientId, entry.counter.seq),
    occurredAt,
    recordedAt,
    operator,
    hash,
  }
}

export function postingJson({entry, replayed, dryRun}: Posting, ownUnit: Unit) {
  return {entry: entryJson(entry, ownUnit), replayed, dryRun}
}

/** `entry` is the side that gives, `counterEntry` the one that receives. */
export function transferJson({entry, counterEntry, replayed, dryRun}: TransferPosting, ownUnit: Unit) {
  return {entry: entryJson(entry, ownUnit), counterEntry: entryJson(counterEntry, ownUnit), replayed, dryRun}
}

export function historyJson(
  {entries, next}: {readonly entries: readonly Entry[]; readonly next: string | null},
  ownUnit: Unit,
) {
  return {entries: entries.map((entry) => entryJson(entry, ownUnit)), next}
}
