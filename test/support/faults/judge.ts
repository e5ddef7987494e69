/** Compares what was told with what is in the ledger. Pure: facts in, findings out. */

import type {AcknowledgedEntry} from './answer.ts'
import {disorder, soundness} from './books.ts'
import type {Command} from './command.ts'
import type {Facts, LedgerEntry} from './facts.ts'
import {type Finding, finding} from './finding.ts'
import {acknowledgedMs, begunMs, type Recorded} from './records.ts'

export function judge(records: readonly Recorded[], facts: Facts): readonly Finding[] {
  const made = Map.groupBy(facts.entries, ({note}) => note ?? '')
  const known = new Set(records.map(({command}) => command.name))
  return [
    ...records.flatMap((record) => behaviour(record)),
    ...records.flatMap((record) =>
      record.command.verb === 'edit' ? [] : ofPosting(record, made.get(record.command.name) ?? []),
    ),
    ...facts.entries
      .filter(({note}) => !known.has(note ?? ''))
      .map(({id}) => finding('invented', `${id} was asked for by nobody`)),
    ...edits(records, facts),
    ...soundness(facts),
    ...disorder(records, facts),
  ]
}

function behaviour({command, attempts}: Recorded): readonly Finding[] {
  return attempts.flatMap(({answer, by}) => {
    if (answer.kind === 'hung') return [finding('hung', `${command.name} (${command.verb}, ${by})`)]
    return answer.kind === 'broken'
      ? [finding('broken', `${command.name} (${command.verb}, ${by}): ${answer.why}`)]
      : []
  })
}

const KINDS = {topup: 'topup', pay: 'payment', transfer: 'transfer', reverse: 'reversal', edit: ''} as const

function ofPosting({command, attempts}: Recorded, made: readonly LedgerEntry[]): readonly Finding[] {
  const sides = command.verb === 'transfer' ? 2 : 1
  const is = (text: string) => `${command.name} (${command.verb} of client ${command.client}) ${text}`
  const told = attempts.map(({answer}) => answer)
  const done = told.filter(({kind}) => kind === 'acknowledged')
  const findings: Finding[] = []
  if (made.length > sides) findings.push(finding('doubled', is(`made ${made.map(({id}) => id).join(', ')}`)))
  if (done.length > 0 && made.length === 0) findings.push(finding('lost', is('was acknowledged and is not there')))
  if (made.length > 0 && made.length < sides) findings.push(finding('partial', is(`made ${made[0]?.id} alone`)))
  if (done.length === 0 && made.length > 0) {
    // A refusal answers for all attempts before it: each looks the reference up first.
    if (told.at(-1)?.kind === 'refused') findings.push(finding('invented', is(`was refused, and made ${made[0]?.id}`)))
    if (told.every(({kind}) => kind === 'not done'))
      findings.push(finding('invented', is(`was told as not done, and made ${made[0]?.id}`)))
  }
  for (const entry of made) {
    if (!isOf(command, entry)) findings.push(finding('invented', is(`made ${entry.id}, which is something else`)))
  }
  for (const answer of done) {
    for (const entry of (answer.kind === 'acknowledged' && answer.entries) || []) {
      if (!made.some((found) => isSame(entry, found)))
        findings.push(finding('lost', is(`was acknowledged as ${entry.id}, and that is not there`)))
    }
  }
  return findings
}

function isOf({verb, client, other, cents, entry}: Command, found: LedgerEntry): boolean {
  return (
    found.kind === KINDS[verb] &&
    (cents === null || found.cents === cents) &&
    (found.client === client || found.client === other) &&
    (entry === null || `${found.client}-${found.reverses}` === entry)
  )
}

function isSame(told: AcknowledgedEntry, {id, hash, cents, afterCents, kind}: LedgerEntry): boolean {
  return (
    told.id === id &&
    told.hash === hash &&
    told.cents === cents &&
    told.balanceAfterCents === afterCents &&
    told.kind === kind
  )
}

/** A client's note is that of an edit which no later one has replaced: one that began when it was already done. */
function edits(records: readonly Recorded[], {accounts}: Facts): readonly Finding[] {
  const all = records.filter(({command}) => command.verb === 'edit')
  return accounts.flatMap(({client, note}) => {
    const mine = all.filter(({command}) => command.client === client)
    const done = mine.filter((record) => acknowledgedMs(record) !== null)
    if (note === null) return done.length === 0 ? [] : [finding('lost', `the edits of client ${client}`)]
    const last = mine.find(({command}) => command.name === note)
    if (last === undefined) return [finding('invented', `the note of client ${client} is ${note}`)]
    const at = last.attempts.at(-1)?.endedMs ?? Number.POSITIVE_INFINITY
    const later = done.find((record) => begunMs(record) > at)
    return later === undefined ? [] : [finding('lost', `the edit ${later.command.name} of client ${client}: ${note}`)]
  })
}
