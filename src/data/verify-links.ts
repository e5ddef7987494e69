/** What ties entries together across accounts or far apart in one: transfers, reversals, references. */

import {type DatabaseTransactionConnection, type FragmentSqlToken, sql} from 'slonik'
import type {Person} from '../core/entry.ts'
import {type LedgerVerifier, twiceText} from '../core/verification.ts'
import {streamRows} from './snapshot.ts'

/**
 * Looks for what does not match, and reports it. The database compares: the other side of a transfer may be anywhere,
 * and sums kept here would grow with the ledger. To be called once every entry was verified.
 */
export async function checkLinks(
  tx: DatabaseTransactionConnection,
  client: Person | null,
  verifier: LedgerVerifier,
): Promise<void> {
  const scope = client === null ? sql.fragment`true` : sql.fragment`e.client_id = ${literal(client.id)}`
  if (verifier.transfers > 0) {
    await each(tx, brokenTransfers(scope), (entry, [otherClient = null, otherSeq = null, what]) => {
      const other =
        otherClient === null || otherSeq === null ? 'its other side' : verifier.idOf(otherClient, entry.unit, otherSeq)
      verifier.report('transfer', entry, `is one side of a transfer, but ${other} ${what}`)
    })
  }
  if (verifier.reversals > 0) {
    await each(tx, brokenReversals(scope), (entry, [original = null, what]) => {
      const id = original === null ? 'an entry' : verifier.idOf(entry.clientId, entry.unit, original)
      verifier.report('reversal', entry, `reverses ${id}, ${what}`)
    })
  }
  for (const clientId of verifier.crowded) {
    await each(tx, repeatedReferences(clientId), (entry, [reference]) => {
      verifier.report('reference', entry, twiceText(reference ?? ''))
    })
  }
}

interface Key {
  readonly clientId: string
  readonly unit: string
  readonly seq: string
}

type Rest = readonly (string | null)[]

async function each(
  tx: DatabaseTransactionConnection,
  select: FragmentSqlToken,
  onRow: (entry: Key, rest: Rest) => void,
): Promise<void> {
  await streamRows(tx, select, (rows) => {
    for (const [clientId, unit, seq, ...rest] of rows) {
      onRow({clientId: clientId ?? '', unit: unit ?? '', seq: seq ?? ''}, rest)
    }
  })
}

function brokenTransfers(scope: FragmentSqlToken): FragmentSqlToken {
  return sql.fragment`
    select e.client_id, e.unit, e.seq, e.counter_client_id, e.counter_seq,
      case when o.seq is null then 'is missing' else 'does not match it' end
    from entry e
    left join entry o on o.client_id = e.counter_client_id and o.unit = e.unit and o.seq = e.counter_seq
    where ${scope} and (e.kind = 'transfer' or e.counter_seq is not null)
      and (o.kind = 'transfer' and e.kind = 'transfer' and o.counter_client_id = e.client_id and o.counter_seq = e.seq
        and o.amount = e.amount and o.direction <> e.direction and o.reference = e.reference) is not true
    order by e.client_id, e.unit, e.seq`
}

/** The parts are added up in the order in which they were taken back: the first one too many is named. */
function brokenReversals(scope: FragmentSqlToken): FragmentSqlToken {
  return sql.fragment`
    select client_id, unit, seq, reverses, what
    from (
      select e.client_id, e.unit, e.seq, e.reverses,
        case
          when e.kind <> 'reversal' then 'but is no reversal'
          when o.seq is null then 'which is missing'
          when o.seq >= e.seq then 'which comes after it'
          when o.kind in ('reversal', 'transfer') then 'which is a ' || o.kind
          when o.direction = e.direction then 'which moved the balance the same way'
          when sum(e.amount) over (partition by e.client_id, e.unit, e.reverses order by e.seq) > o.amount
            then 'of which no more than the whole can be reversed'
        end as what
      from entry e
      left join entry o on o.client_id = e.client_id and o.unit = e.unit and o.seq = e.reverses
      where ${scope} and (e.kind = 'reversal' or e.reverses is not null)
    ) linked
    where what is not null
    order by client_id, unit, seq`
}

function repeatedReferences(clientId: bigint): FragmentSqlToken {
  return sql.fragment`
    select client_id, unit, seq, reference
    from (
      select e.client_id, e.unit, e.seq, e.reference, row_number() over (partition by e.reference order by e.unit, e.seq) as nth
      from entry e
      where e.client_id = ${literal(clientId)}
    ) counted
    where nth > 1
    order by client_id, unit, seq`
}

/** COPY takes no parameters. */
function literal(id: bigint) {
  return sql.literalValue(id.toString())
}
