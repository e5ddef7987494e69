/** The tables that a ledger's file has row by row: all that imports keep, whatever comes to be added. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'

/** In an order that may be written: what refers to another comes after it. */
export async function filedTables(db: CommonQueryMethods): Promise<readonly string[]> {
  const rows = await db.any(sql.type(z.object({name: z.string()}))`
    select c.relname::text as name
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname like 'import\\_%'
    order by (select count(*) from pg_constraint k where k.conrelid = c.oid and k.contype = 'f'), c.relname`)
  return rows.map(({name}) => name)
}
