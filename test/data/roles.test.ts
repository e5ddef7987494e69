import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'chai'
import {ROLE_NAMES} from '../../src/core/role.ts'
import {addClient} from '../../src/data/clients.ts'
import {bringUpToDate} from '../../src/data/migrate.ts'
import {openPool} from '../../src/data/pool.ts'
import {topup} from '../../src/data/posting.ts'
import {readRoles} from '../../src/data/roles.ts'
import {locate, serverUrl} from '../../src/server/location.ts'
import {ensureServer} from '../../src/server/start.ts'
import {stopServer} from '../../src/server/stop.ts'
import {MIGRATIONS, plainSql, sqlAs, type TestDatabase, withTestDatabase} from '../support/database.ts'
import {asUser, temporaryFolder} from '../support/server.ts'
import {openBusiness, request, UNIQUE} from '../support/world.ts'

const {owner, desk, reader} = ROLE_NAMES

/** The SQLSTATE or the constraint that refuses a piece of SQL; null where nothing does. */
async function refusedWith(work: Promise<unknown>): Promise<string | null> {
  try {
    await work
    return null
  } catch (error) {
    if (error instanceof Error && 'constraint' in error && typeof error.constraint === 'string') return error.constraint
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
}

/** SQL with the rights of a role, on the test's database. */
function as(role: string, {superuserUrl}: TestDatabase, text: string) {
  return sqlAs(asUser(superuserUrl, role), text)
}

const ENTRY_COLUMNS =
  'client_id, unit, seq, kind, direction, amount, balance_before, balance_after, reference, occurred_at, operator, hash'
const NEXT_ENTRY = `insert into entry (${ENTRY_COLUMNS})
  values (1, 'AZN', 2, 'topup', 'IN', 100, 5000, 5100, 'r-2', now(), 'intruder', sha256(''))`

/** What only the owner of the data may do, and nobody at a desk. */
const FORBIDDEN_TO_ALL: readonly (readonly [what: string, code: string, text: string])[] = [
  ['change an entry', '42501', 'update entry set amount = amount + 1'],
  ['change a note', '42501', "update entry set note = 'x'"],
  ['delete an entry', '42501', 'delete from entry'],
  ['empty the ledger', '42501', 'truncate entry'],
  ['set a balance', '42501', 'update account set balance = balance + 100'],
  ['set a seq', '42501', 'update account set last_seq = 0'],
  ['set a last hash', '42501', "update account set last_hash = sha256('')"],
  ['delete an account', '42501', 'delete from account'],
  ['empty the accounts', '42501', 'truncate account cascade'],
  [
    'open an account with money on it',
    '42501',
    "insert into account (client_id, unit, balance) values (1, 'EUR', 100)",
  ],
  [
    'say when an entry was recorded',
    '42501',
    NEXT_ENTRY.replace('hash)', 'hash, recorded_at)').replace(/\)$/, ', now())'),
  ],
  ['move an account to another client', '42501', "update account set unit = 'EUR'"],
  ['delete a client', '42501', 'delete from client'],
  ['renumber a client', '42501', 'update client set id = 2'],
  ['delete staff', '42501', 'delete from staff'],
  ['forget a migration', '42501', 'delete from migration'],
  ['switch a trigger off', '42501', 'alter table entry disable trigger all'],
  ['switch all triggers off', '42501', "set session_replication_role = 'replica'"],
  ['add a trigger', '42501', 'create trigger t before insert on entry for each row execute function refuse_change()'],
  ['replace the function that moves accounts', '42501', REPLACED('entry_moves_account() returns trigger')],
  ['change how it finds its tables', '42501', "alter function entry_moves_account() set search_path = 'pg_temp'"],
  ['drop a rule', '42501', 'alter table entry drop constraint entry_adds_up'],
  ['drop a table', '42501', 'drop table entry cascade'],
  ['make a table in public', '42501', 'create table public.mine (n int)'],
  ['make a function in public', '42501', REPLACED('public.mine() returns int')],
  ['make a schema', '42501', 'create schema mine'],
  ['read the passwords', '42501', 'select rolpassword from pg_authid'],
  ['make a role', '42501', 'create role mine'],
  ['give itself more rights', '42501', 'grant update on entry to public; update entry set amount = 1'],
  ['become the owner by grant', '42501', 'grant fleks_owner to current_user'],
  ['read files of the server', '42501', "select pg_read_file('postgresql.conf')"],
  ['run programs on the server', '42501', "copy (select 1) to program 'true'"],
]

function REPLACED(signature: string): string {
  return `create or replace function ${signature} language plpgsql as 'begin return null; end'`
}

const FORBIDDEN_TO_DESK: typeof FORBIDDEN_TO_ALL = [
  ['insert an entry out of its chain', 'entry_continues_account', NEXT_ENTRY.replace("'AZN', 2", "'AZN', 3")],
  ['move a balance by more than the entry', 'entry_adds_up', NEXT_ENTRY.replace('5000, 5100', '5000, 5200')],
  ['change the hold of an account', 'account_follows_entries', 'update account set hold = 1'],
  [
    'hide behind a trigger of its own',
    '42501',
    `create temporary table door (n int);
     create function pg_temp.push() returns trigger language plpgsql as
       'begin update public.account set balance = balance + 1; return new; end';
     create trigger push after insert on door for each row execute function pg_temp.push();
     insert into door values (1)`,
  ],
  [
    'put a table of its own before the ledger’s',
    'entry_continues_account',
    `create temporary table account as table public.account;
     update pg_temp.account set balance = 999, last_seq = 1;
     ${NEXT_ENTRY.replace('insert into entry', 'insert into public.entry').replace('5000, 5100', '999, 1099')}`,
  ],
]

const FORBIDDEN_TO_READER: typeof FORBIDDEN_TO_ALL = [
  ['post', '42501', NEXT_ENTRY],
  ['hold an account', '42501', "select * from hold_account(1, 'AZN', 'x')"],
  ['hold an account by hand', '42501', 'select * from account for update'],
  ['open an account', '42501', "insert into account (client_id, unit) values (1, 'EUR')"],
  ['add a client', '42501', "insert into client (name, search_key) values ('x', 'x')"],
  ['change a client', '42501', "update client set note = 'x'"],
  ['change a setting', '42501', "update settings set unit = 'EUR'"],
  ['add staff', '42501', "insert into staff (name, search_key) values ('x', 'x')"],
  ['add words', '42501', "insert into word (word, loose) values ('x', 'x')"],
  ['add a unit', '42501', "insert into counted_unit (code, decimals) values ('x', 0)"],
  ['begin an import', '42501', "insert into import_run (file_name, file_digest, operator) values ('x', '', 'x')"],
]

/** Tries it all on one ledger of 50.00 AZN, and looks that it still is one. */
async function expectRefused(role: string, forbidden: typeof FORBIDDEN_TO_ALL): Promise<void> {
  await withTestDatabase(async (database) => {
    await openBusiness(database.ledger)
    await topup(database.ledger, request('1', '50'))

    for (const [what, code, text] of forbidden) {
      expect(await refusedWith(as(role, database, text)), `${role} can ${what}`).to.equal(code)
    }
    expect(await database.sql('select balance, last_seq from account')).to.deep.equal([
      {balance: '5000', last_seq: '1'},
    ])
    expect((await readRoles(database.pool)).ok).to.equal(true)
  })
}

describe('the desk', () => {
  it('may not do what breaks the ledger, whatever SQL it sends', () =>
    expectRefused(desk, [...FORBIDDEN_TO_ALL, ...FORBIDDEN_TO_DESK]))

  it('may post by hand what continues the chain, and is who commands are', () =>
    withTestDatabase(async (database) => {
      await openBusiness(database.ledger)
      await topup(database.ledger, request('1', '50'))

      await as(desk, database, NEXT_ENTRY)
      expect(await database.sql('select balance, last_seq from account')).to.deep.equal([
        {balance: '5100', last_seq: '2'},
      ])
      expect(await sqlAs(database.url, 'select current_user::text as me')).to.deep.equal([{me: desk}])
    }))
})

describe('a reader', () => {
  it('reads everything and writes nothing', async () => {
    await expectRefused(reader, [...FORBIDDEN_TO_ALL, ...FORBIDDEN_TO_READER])
    await withTestDatabase(async (database) => {
      for (const {name} of await tablesOf(database)) await as(reader, database, `select * from ${String(name)} limit 1`)
    })
  })
})

describe('the owner', () => {
  it('owns the schema, and nothing else of the server', () =>
    withTestDatabase(async (database) => {
      const others = await database.sql(`
        select c.oid::regclass::text as name from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relowner <> 'fleks_owner'::regrole
        union all
        select p.oid::regprocedure::text from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.proowner <> 'fleks_owner'::regrole
          and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`)
      expect(others).to.deep.equal([])
      expect(await refusedWith(as(owner, database, 'alter table entry add column more int'))).to.equal(null)
      for (const text of ['select rolpassword from pg_authid', 'create role mine', "select pg_read_file('x')"]) {
        expect(await refusedWith(as(owner, database, text)), text).to.equal('42501')
      }
      // Rules hold for the owner, too: breaking one takes switching it off first.
      expect(await refusedWith(as(owner, database, 'delete from entry; update entry set amount = 1'))).to.equal(null)
      await openBusiness(database.ledger)
      await topup(database.ledger, request('1', '50'))
      expect(await refusedWith(as(owner, database, 'delete from entry'))).to.equal('entry_append_only')
    }))
})

describe('functions that run with the owner’s rights', () => {
  it('look for nothing in a place that others can write, and only the desk may call them', () =>
    withTestDatabase(async ({sql}) => {
      const rows = await sql(`
        select p.proname::text as name, p.proconfig as config,
          has_function_privilege('public', p.oid, 'execute') as public, has_function_privilege('fleks_reader', p.oid, 'execute') as reader
        from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.prosecdef`)

      expect(rows).to.not.have.length(0)
      for (const row of rows) {
        // Some fix their plans as well.
        expect(row.config, String(row.name)).to.include('search_path=pg_catalog, public, pg_temp')
        expect(row, String(row.name)).to.include({public: false, reader: false})
      }
    }))
})

describe('db roles', () => {
  const spoilt: readonly (readonly [text: string, role: string, right: string])[] = [
    ['grant update (amount) on entry to fleks_desk', desk, 'changes or deletes entries'],
    ['grant update (balance) on account to fleks_desk', desk, 'sets balances'],
    ['grant create on schema public to fleks_desk', desk, 'changes the schema'],
    ['revoke insert on entry from fleks_desk; revoke insert (balance_after) on entry from fleks_desk', desk, 'posts'],
    ['revoke select on word from fleks_desk', desk, 'reads'],
    ['revoke update (name) on client from fleks_desk', desk, 'keeps clients, staff and settings'],
    ['grant insert on staff to fleks_reader', reader, 'writes'],
    ['grant trigger on entry to fleks_reader', reader, 'changes the schema'],
    ['revoke select on migration from fleks_reader', reader, 'reads'],
    ['alter table word owner to current_user', owner, 'owns every table and function'],
    ['grant select on client to public', 'public', 'reads'],
    ['grant delete on client to public', 'public', 'writes'],
    ['grant create on schema public to public', 'public', 'changes the schema'],
    ['grant execute on function hold_account to public', 'public', 'calls the functions'],
  ]
  it('tells each right that is missing or too much, and migrating again sets them right', () =>
    withTestDatabase(async ({pool, sql, superuserUrl}) => {
      for (const [text, role, right] of spoilt) {
        await sql(text)
        const {ok, rights} = await readRoles(pool)
        expect(ok, text).to.equal(false)
        expect(
          rights.filter((one) => !one.ok).map((one) => `${one.role} ${one.right}`),
          text,
        ).to.include(`${role} ${right}`)
        if (role === 'public') await sql(text.replace('grant', 'revoke').replace(' to ', ' from '))

        expect(await bringUpToDate(superuserUrl, MIGRATIONS)).to.deep.equal({applied: [], notDone: []})
        expect((await readRoles(pool)).ok, `after ${text}`).to.equal(true)
      }
    }))

  it('knows every table', () =>
    withTestDatabase(async (database) => {
      const {pool, sql} = database
      for (const {name} of await tablesOf(database)) {
        await sql(`revoke select on ${String(name)} from fleks_reader`)
        const {rights} = await readRoles(pool)
        expect(rights.find((one) => one.role === reader && one.right === 'reads')?.ok, String(name)).to.equal(false)
        await sql(`grant select on ${String(name)} to fleks_reader`)
      }
    }))

  it('sees a role that may too much on the whole server', () =>
    withTestDatabase(async ({sql, pool}) => {
      const ruling = async () =>
        (await readRoles(pool)).rights.find((one) => one.role === reader && one.right === 'rules the server')
      try {
        for (const [more, less] of [
          ['alter role fleks_reader createrole', 'alter role fleks_reader nocreaterole'],
          ['grant pg_write_all_data to fleks_reader', 'revoke pg_write_all_data from fleks_reader'],
          ['grant fleks_owner to fleks_reader', 'revoke fleks_owner from fleks_reader'],
        ] as const) {
          await sql(more)
          expect((await ruling())?.ok, more).to.equal(false)
          await sql(less)
          expect((await ruling())?.ok, less).to.equal(true)
        }
      } finally {
        await sql('revoke pg_write_all_data, fleks_owner from fleks_reader; alter role fleks_reader nocreaterole')
      }
    }))
})

describe('a server that does not let everybody make roles', () => {
  it('is migrated all the same, says what was not done, and is completed later', async () => {
    const folder = await temporaryFolder()
    const location = await ensureServer(locate(join(folder, 'data')))
    const sql = (text: string) => plainSql(location.superuserUrl, text, [])
    /** As a user that the server's administrator has made: on the embedded server only ours may log in. */
    const urlAs = (user: string, database: string) =>
      `${serverUrl(location, ROLE_NAMES.superuser, database)}?options=${encodeURIComponent(`-c role=${user}`)}`
    try {
      await sql(`drop role ${owner}, ${desk}, ${reader}; create role limited; create role manager createrole`)
      await sql('create database limited owner limited')
      await sql('create database managed owner manager')

      const limited = await bringUpToDate(urlAs('limited', 'limited'), MIGRATIONS)
      expect(limited.applied).to.not.deep.equal([])
      expect(limited.notDone).to.deep.equal([
        'the user limited may not create roles: fleks_owner, fleks_desk, fleks_reader',
      ])
      const pool = await openPool(urlAs('limited', 'limited'))
      try {
        await addClient(
          {pool, operator: 'x', now: () => new Date(), randomBytes: () => new Uint8Array(10)},
          'A',
          {},
          UNIQUE,
        )
        const missing = await readRoles(pool)
        expect(missing).to.deep.include({user: 'limited', ok: false})
        expect(missing.roles).to.deep.equal([owner, desk, reader].map((name) => ({name, exists: false, login: false})))
        expect(missing.rights.find(({role, right}) => role === desk && right === 'posts')?.found).to.equal(null)
        expect(missing.rights.find(({role}) => role === 'public')).to.include({ok: true})
      } finally {
        await pool.end()
      }

      // A user who may make roles makes them; in the other database they then only have to be given their rights.
      for (const [user, database] of [
        ['manager', 'managed'],
        ['manager', 'managed'],
        [ROLE_NAMES.superuser, 'limited'],
      ] as const) {
        expect((await bringUpToDate(urlAs(user, database), MIGRATIONS)).notDone, database).to.deep.equal([])
        const open = await openPool(urlAs(user, database))
        expect((await readRoles(open)).rights.filter(({ok}) => !ok)).to.deep.equal([])
        await open.end()
      }
    } finally {
      await stopServer(location)
      await rm(folder, {recursive: true, force: true})
    }
  }).timeout(60_000)
})

function tablesOf({sql}: TestDatabase) {
  return sql(`
    select c.relname::text as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`)
}
