/** What is in the ledger, read by plain SQL and by nothing of the program. */

import {plainSql} from '../database.ts'

export interface LedgerEntry {
  /** As in `42-7`. */
  readonly id: string
  readonly client: number
  readonly seq: number
  readonly kind: string
  readonly direction: 'IN' | 'OUT'
  readonly cents: number
  readonly beforeCents: number
  readonly afterCents: number
  readonly note: string | null
  readonly reference: string
  readonly reverses: number | null
  readonly counter: string | null
  readonly hash: string
}

export interface LedgerAccount {
  readonly client: number
  readonly balanceCents: number
  readonly lastSeq: number
  readonly lastHash: string | null
  readonly note: string | null
}

export interface Facts {
  /** By client and seq. */
  readonly entries: readonly LedgerEntry[]
  readonly accounts: readonly LedgerAccount[]
}

/** Everything in the ledger's own unit. */
export async function readFacts(url: string): Promise<Facts> {
  const [row] = await plainSql(
    url,
    `select
      (select coalesce(json_agg(json_build_object(
          'id', client_id || '-' || seq, 'client', client_id, 'seq', seq, 'kind', kind, 'direction', direction,
          'cents', amount, 'beforeCents', balance_before, 'afterCents', balance_after, 'note', note,
          'reference', reference, 'reverses', reverses, 'counter', counter_client_id || '-' || counter_seq,
          'hash', encode(hash, 'hex')) order by client_id, seq), '[]')
        from entry) as entries,
      (select coalesce(json_agg(json_build_object(
          'client', a.client_id, 'balanceCents', a.balance, 'lastSeq', a.last_seq, 'lastHash', encode(a.last_hash, 'hex'),
          'note', c.note) order by a.client_id), '[]')
        from account a join client c on c.id = a.client_id) as accounts`,
    [],
  )
  return row as unknown as Facts
}
