/** Whether the books add up by themselves, and whether they tell things in the order in which they happened. */

import type {Facts, LedgerAccount, LedgerEntry} from './facts.ts'
import {type Finding, finding} from './finding.ts'
import {acknowledgedMs, begunMs, type Recorded} from './records.ts'

export function soundness({entries, accounts}: Facts): readonly Finding[] {
  const byClient = Map.groupBy(entries, ({client}) => client)
  const byId = Map.groupBy(entries, ({id}) => id)
  return [
    ...accounts.flatMap((account) => ofAccount(account, byClient.get(account.client) ?? [])),
    ...entries.flatMap((entry) => [...transferLink(entry, byId), ...reversalLink(entry, byId, byClient)]),
    ...referencesTwice(entries),
  ]
}

function ofAccount(account: LedgerAccount, lines: readonly LedgerEntry[]): readonly Finding[] {
  const {client, balanceCents, lastSeq, lastHash} = account
  const findings: Finding[] = []
  const sum = lines.reduce((total, {direction, cents}) => total + (direction === 'IN' ? cents : -cents), 0)
  if (sum !== balanceCents)
    findings.push(finding('lost', `client ${client} has ${balanceCents}, and the entries add up to ${sum}`))
  if (balanceCents < 0) findings.push(finding('unsound', `client ${client} has ${balanceCents}`))
  let before = 0
  for (const [index, {id, seq, beforeCents, afterCents, direction, cents}] of lines.entries()) {
    const after = beforeCents + (direction === 'IN' ? cents : -cents)
    if (seq !== index + 1) findings.push(finding('unsound', `${id} is number ${index + 1} of its account`))
    if (beforeCents !== before || afterCents !== after || after < 0)
      findings.push(finding('unsound', `${id} does not continue`))
    before = afterCents
  }
  const last = lines.at(-1)
  if ((last?.seq ?? 0) !== lastSeq || (last?.hash ?? null) !== lastHash)
    findings.push(finding('unsound', `the account of client ${client} does not end as its entries do`))
  return findings
}

type Lookup<K> = ReadonlyMap<K, readonly LedgerEntry[]>

function transferLink({id, kind, counter, direction, cents, reference}: LedgerEntry, byId: Lookup<string>) {
  if (kind !== 'transfer') return []
  const other = byId.get(counter ?? '')?.[0]
  const whole =
    other?.counter === id && other.direction !== direction && other.cents === cents && other.reference === reference
  return whole ? [] : [finding('partial', `the transfer ${id} has no other side`)]
}

function reversalLink(entry: LedgerEntry, byId: Lookup<string>, byClient: Lookup<number>): readonly Finding[] {
  const {id, client, reverses, seq} = entry
  if (reverses === null) return []
  const [original] = byId.get(`${client}-${reverses}`) ?? []
  const parts = (byClient.get(client) ?? []).filter((line) => line.reverses === reverses && line.seq <= seq)
  const reversed = parts.reduce((total, {cents}) => total + cents, 0)
  const right = original !== undefined && original.direction !== entry.direction && reversed <= original.cents
  return right ? [] : [finding('doubled', `${id} reverses more than there was`)]
}

function referencesTwice(entries: readonly LedgerEntry[]): readonly Finding[] {
  return [...Map.groupBy(entries, ({client, reference}) => `${reference} of client ${client}`)]
    .filter(([, lines]) => lines.length > 1)
    .map(([reference, lines]) => finding('doubled', `${reference}: ${lines.map(({id}) => id).join(', ')}`))
}

/** What was done before something else began stands before it in the account. */
export function disorder(records: readonly Recorded[], {entries}: Facts): readonly Finding[] {
  const byName = new Map(records.map((record) => [record.command.name, record]))
  return [...Map.groupBy(entries, ({client}) => client).values()].flatMap((lines) => {
    let latest = {begunMs: Number.NEGATIVE_INFINITY, id: ''}
    return lines.flatMap(({id, note}) => {
      const record = byName.get(note ?? '')
      if (record === undefined) return []
      const doneMs = acknowledgedMs(record)
      const wrong =
        doneMs !== null && doneMs < latest.begunMs
          ? [finding('disorder', `${id} was done before ${latest.id} was begun, and stands after it`)]
          : []
      if (begunMs(record) > latest.begunMs) latest = {begunMs: begunMs(record), id}
      return wrong
    })
  })
}
