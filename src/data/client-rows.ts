/** Clients as rows. */

import {sql} from 'slonik'
import * as z from 'zod/mini'
import type {Client, ClientRow} from '../core/client.ts'
import {money} from '../core/money.ts'
import type {Unit} from '../core/unit.ts'
import {bigintColumn, moneyOrNull, textOrNull} from './rows.ts'

export const clientRow = z.object({
  id: bigintColumn,
  name: z.string(),
  phone: textOrNull,
  email: textOrNull,
  code: textOrNull,
  birthDate: textOrNull,
  category: textOrNull,
  source: textOrNull,
  address: textOrNull,
  note: textOrNull,
  defaultPrice: moneyOrNull,
  createdAt: z.string(),
  archivedAt: textOrNull,
})

/** The columns of `clientRow`, for a query from `client c`. */
export const clientColumns = sql.fragment`
  c.id, c.name, c.phone, c.email, c.code, c.birth_date as "birthDate", c.category, c.source, c.address, c.note,
  c.default_price as "defaultPrice", c.created_at as "createdAt", c.archived_at as "archivedAt"`

/** A client with the balance in the ledger's own unit, null where there is no account, and the key it sorts by. */
export const clientListRow = z.extend(clientRow, {ownBalance: moneyOrNull, searchKey: z.string()})

/** The columns of `clientListRow`, for a query from `client c` and `ownAccount`. */
export const clientListColumns = sql.fragment`${clientColumns}, a.balance as "ownBalance", c.search_key as "searchKey"`

/** Joins the account in the ledger's own unit. */
export const ownAccount = sql.fragment`
  left join account a on a.client_id = c.id and a.unit = (select unit from settings)`

export function clientRowOf(row: z.infer<typeof clientListRow>, own: Unit): ClientRow {
  const {ownBalance, searchKey: _, ...client} = row
  return {...(client satisfies Client), own: {unit: own, balance: ownBalance ?? money(0n)}}
}
