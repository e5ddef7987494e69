/** Fills a migrated, empty database with a long ledger, made by the database itself: to be read, not to be verified. */

import {runSql} from './servers.ts'

export interface LongLedger {
  readonly clients: number
  readonly entries: number
  /** Of 30 days each; left out, `MONTHS`. */
  readonly months?: number
}

export const MONTHS = 36
export const STAFF = 20
/** The first moment of the ledger; its months follow. */
export const BEGAN = '2023-11-01'
/** One client comes so often that its history is more than 1,000 pages deep. */
const OFTEN = 60_000

/**
 * Every client has as many entries as any other, in another order each time round, but the first, who has `OFTEN`. The
 * rows lie in the order of time, as in life. Balances and seqs are right; hashes are not, and no rule is asked: with
 * triggers on and indexes in place the same would take hours.
 */
export async function fillLongLedger(url: string, {clients, entries, months = MONTHS}: LongLedger): Promise<void> {
  const others = clients - 1
  const often = Math.max(2, Math.floor(entries / OFTEN))
  const dealt = `${entries - Math.floor(entries / often)}::bigint`
  await runSql(
    url,
    `
    set session_replication_role = 'replica';
    set maintenance_work_mem = '1GB';
    -- Made empty in this transaction, a table takes no log where the server keeps as little as it may.
    truncate entry;
    insert into staff (name, search_key) select 'Staff ' || n, 'staff ' || n from generate_series(1, ${STAFF}) n;
    insert into client (name, search_key) select 'Client ' || n, 'client ' || n from generate_series(1, ${clients}) n;
    insert into client_word (word, other, client_id)
      select 'client', n::text, n from generate_series(1, ${clients}) n union all select n::text, 'client', n from generate_series(1, ${clients}) n;
    create temporary table left_out as
      select conrelid::regclass as on_table, conname as name, contype, pg_get_constraintdef(oid) as definition
      from pg_constraint where conrelid = 'entry'::regclass and contype in ('p', 'u', 'f')
      union all
      select indrelid::regclass, indexrelid::regclass::text, 'i', pg_get_indexdef(indexrelid)
      from pg_index where indrelid = 'entry'::regclass and not exists (select from pg_constraint where conindid = indexrelid);
    do $$ declare it record; begin
      for it in select * from left_out order by contype = 'p' loop
        execute case it.contype when 'i' then format('drop index %s', it.name)
          else format('alter table %s drop constraint %I', it.on_table, it.name) end;
      end loop;
    end $$;
    insert into entry (client_id, unit, seq, kind, direction, amount, balance_before, balance_after, staff_id, method,
      reference, operator, hash, occurred_at, recorded_at)
    select client_id, 'AZN', seq, case when incoming then 'topup' else 'payment' end, case when incoming then 'IN' else 'OUT' end,
      1000, before, case when incoming then before + 1000 else before - 1000 end, 1 + n * 7 % ${STAFF},
      case when incoming then 'cash' end, 'r' || n, 'bench', sha256(int8send(n)), at, at
    from (
      select n, client_id, seq, timestamptz '${BEGAN}' + n * (interval '${months * 30} days' / ${entries}) as at,
        -- Clients with an even number hold 1,000 and nothing in turns, the others 1,000 and 2,000.
        seq = 1 or (seq + client_id) % 2 = 1 as incoming,
        case when seq = 1 then 0 when client_id % 2 = 0 then (1 - seq % 2) * 1000 else (1 + seq % 2) * 1000 end as before
      from (
        select n,
          case when n % ${often} = 0 then 1 else 2 + (k % ${others} * 7919 + k / ${others} * 104729) % ${others} end as client_id,
          case when n % ${often} = 0 then n / ${often} else 1 + k / ${others} end as seq
        from (select n, n - n / ${often} - 1 as k from generate_series(1, ${entries}::bigint) n) counted
      ) dealt
    ) moved;
    insert into account (client_id, unit, balance, last_seq, last_hash)
      select id, 'AZN', case when seq = 0 then 0 when id % 2 = 0 then seq % 2 * 1000 when seq = 1 then 1000 else (2 - seq % 2) * 1000 end,
        seq, case when seq > 0 then sha256(int8send(id)) end
      from (
        select c.id, case when c.id = 1 then ${entries}::bigint / ${often} else ${dealt} / ${others} + (late.id is not null)::int end as seq
        from client c
        left join (
          select 2 + (k * 7919 + ${dealt} / ${others} * 104729) % ${others} as id
          from generate_series(0, ${dealt} % ${others} - 1) k
        ) late on late.id = c.id
      ) counted;
    do $$ declare it record; begin
      for it in select * from left_out order by contype <> 'p', contype = 'f' loop
        execute case it.contype when 'i' then it.definition
          else format('alter table %s add constraint %I %s %s', it.on_table, it.name, it.definition, case when it.contype = 'f' then 'not valid' else '' end) end;
      end loop;
    end $$`,
  )
  for (const table of ['client', 'client_word', 'entry', 'account']) await runSql(url, `vacuum analyze ${table}`)
}
