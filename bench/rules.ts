/** What each rule of the schema costs on bulk insert: the schema as it is, and with one rule left out or made otherwise. */

import {quantile} from './interleave.ts'
import {benchServer, runSql} from './servers.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 7)
const CLIENTS = 5_000
const PER_CLIENT = 4

const CLIENTS_SQL = `
  insert into staff (name, search_key) values ('Ina', 'ina');
  insert into client (name, search_key) select n::text, n::text from generate_series(1, ${CLIENTS}) n;
  insert into account (client_id, unit) select id, 'AZN' from client;
  analyze`

/** 20,000 entries that continue their accounts, four in each. */
const INSERT_SQL = `
  insert into entry (client_id, unit, seq, kind, direction, amount, balance_before, balance_after, staff_id, method,
    reference, operator, hash, occurred_at)
  select a.client_id, a.unit, a.last_seq + n, 'topup', 'IN', 100, a.balance + 100 * (n - 1), a.balance + 100 * n, 1, 'cash',
    'r-' || a.last_seq + n, 'bench', sha256((a.last_seq + n)::text::bytea), now() + n * interval '1 second'
  from account a cross join generate_series(1, ${PER_CLIENT}) n
  order by a.client_id, n`

const MOVE_BY_PROGRAM = `
  update account a set balance = l.balance_after, last_seq = l.seq, last_hash = l.hash
  from (select distinct on (client_id, unit) client_id, unit, seq, balance_after, hash from entry order by client_id, unit, seq desc) l
  where a.client_id = l.client_id and a.unit = l.unit`

interface Variant {
  readonly name: string
  /** Changes the schema as migrated. */
  readonly change: string
  /** Runs after each insert, in its transaction. */
  readonly after?: string
}

const VARIANTS: readonly Variant[] = [
  {name: 'as it is', change: 'select 1'},
  {
    name: 'no rule: the program moves the accounts',
    change: 'drop trigger entry_moves_account on entry; drop trigger account_follows_entries on account',
    after: MOVE_BY_PROGRAM,
  },
  {
    name: 'row-level trigger instead of the statement trigger',
    change: `
      drop trigger entry_moves_account on entry;
      create function entry_moves_account_row() returns trigger language plpgsql as $$
      begin
        update account a set balance = new.balance_after, last_seq = new.seq, last_hash = new.hash
        where a.client_id = new.client_id and a.unit = new.unit and a.last_seq = new.seq - 1 and a.balance = new.balance_before;
        if not found then raise exception 'an entry does not continue its account'; end if;
        return null;
      end $$;
      create trigger entry_moves_account after insert on entry for each row execute function entry_moves_account_row()`,
  },
  {
    name: 'chain key (each entry references the one before)',
    change: `
      drop trigger entry_moves_account on entry; drop trigger account_follows_entries on account;
      alter table entry add unique (client_id, unit, seq, balance_after);
      alter table entry add column prior_seq bigint generated always as (nullif(seq - 1, 0)) stored;
      alter table entry add foreign key (client_id, unit, prior_seq, balance_before) references entry (client_id, unit, seq, balance_after)`,
    after: MOVE_BY_PROGRAM,
  },
  {name: 'without the key to staff', change: 'alter table entry drop constraint entry_staff_id_fkey'},
  {name: 'without the key to reversed entries', change: 'alter table entry drop constraint entry_reverses_known'},
  {name: 'without unique references', change: 'alter table entry drop constraint entry_reference_once'},
  {
    name: 'without the three indexes by time',
    change: 'drop index entry_by_time; drop index entry_by_client_time; drop index entry_by_staff_time',
  },
  {
    name: 'without guarding the accounts',
    change: 'drop trigger account_follows_entries on account; drop trigger account_starts_empty on account',
  },
  {name: 'without append-only triggers', change: 'drop trigger entry_append_only on entry'},
  {
    name: 'without any check',
    change: `do $$ declare c text; begin
      for c in select conname from pg_constraint where conrelid = 'entry'::regclass and contype = 'c'
      loop execute format('alter table entry drop constraint %I', c); end loop; end $$`,
  },
]

const server = await benchServer()
try {
  const urls: string[] = []
  for (const [at, {change}] of VARIANTS.entries()) {
    const url = await server.database(`rules_${at}`)
    await runSql(url, `${CLIENTS_SQL}; ${change}`)
    urls.push(url)
  }
  const rates = VARIANTS.map((): number[] => [])
  for (let round = -1; round < ROUNDS; round++) {
    for (const [at, {after}] of VARIANTS.entries()) {
      const started = performance.now()
      await runSql(urls[at] ?? '', `begin; ${INSERT_SQL}; ${after ?? 'select 1'}; commit`)
      if (round >= 0) rates[at]?.push((CLIENTS * PER_CLIENT) / ((performance.now() - started) / 1000))
    }
  }
  const own = rates[0] ?? []
  for (const [at, {name}] of VARIANTS.entries()) {
    const mine = rates[at] ?? []
    const ratio = quantile(
      mine.map((rate, round) => rate / (own[round] ?? Number.NaN)),
      0.5,
    )
    process.stdout.write(
      `${name.padEnd(52)} ${quantile(mine, 0.5).toFixed(0).padStart(8)} entries/s  × ${ratio.toFixed(2)}\n`,
    )
  }
} finally {
  await server.stop()
}
