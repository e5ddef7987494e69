/** Lines of files that an account's state refused: kept with the chunk that refused them, so that a file is decided once. */

import {type CommonQueryMethods, type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import {Refusal, type RefusalCode} from '../core/refusal.ts'
import {textArray} from './binary-arrays.ts'
import type {Ready} from './bulk-requests.ts'
import type {Settled} from './bulk-settled.ts'
import {textOrNull} from './rows.ts'

/** What would be decided otherwise once the account has moved on. */
const BY_STATE = ['INSUFFICIENT_FUNDS', 'BALANCE_LIMIT', 'ALREADY_OPENED'] as const satisfies readonly RefusalCode[]

const refusedRow = z.object({
  reference: z.string(),
  code: z.enum(BY_STATE),
  message: z.string(),
  hint: textOrNull,
})

export async function keepRefusals(
  tx: DatabaseTransactionConnection,
  items: readonly (Ready | Refusal)[],
  settled: readonly (Settled | Refusal)[],
): Promise<void> {
  const kept = settled.flatMap((refusal, at) => {
    const item = items[at]
    if (!(refusal instanceof Refusal) || item === undefined || item instanceof Refusal) return []
    if (item.line === undefined || item.line.refused !== null || !BY_STATE.some((code) => code === refusal.code))
      return []
    return [{identity: item.line.identity(), refusal}]
  })
  if (kept.length === 0) return
  const texts = (value: (one: (typeof kept)[number]) => string | null) => sql.binary(textArray(kept.map(value)))
  await tx.query(sql.unsafe`
    insert into import_refusal (reference, code, message, hint)
    select distinct on (reference) reference, code, message, hint
    from unnest(
      ${texts(({identity}) => identity)}::text[], ${texts(({refusal}) => refusal.code)}::text[],
      ${texts(({refusal}) => refusal.message)}::text[], ${texts(({refusal}) => refusal.hint)}::text[]
    ) as r (reference, code, message, hint)
    order by reference
    on conflict do nothing`)
}

/** Why lines were refused before, by what stands for them. */
export async function findRefusals(
  db: CommonQueryMethods,
  identities: readonly string[],
): Promise<ReadonlyMap<string, Refusal>> {
  const rows = await db.any(sql.type(refusedRow)`
    select r.reference, r.code, r.message, r.hint
    from unnest(${sql.binary(textArray(identities))}::text[]) as q (reference)
    join import_refusal r on r.reference = q.reference`)
  return new Map(
    rows.map(({reference, code, message}) => [
      reference,
      new Refusal(code, `${message} (when this file was imported first)`, {
        hint: 'Import the file of refused lines (--rejects), or this one with --retry',
      }),
    ]),
  )
}
