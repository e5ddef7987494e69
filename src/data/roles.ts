/** What the roles may do, asked of the server's catalogue: what they need, and what they must not have. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import {ROLE_NAMES} from '../core/role.ts'

/** Every table of the schema. */
const TABLES = [
  'account',
  'client',
  'client_code',
  'client_word',
  'counted_unit',
  'entry',
  'import_claim',
  'import_lines',
  'import_refusal',
  'import_run',
  'migration',
  'settings',
  'staff',
  'word',
  'word_variant',
]

const rightRow = z.object({role: z.string(), right: z.string(), wanted: z.boolean(), found: z.nullable(z.boolean())})

/** One thing that a role may or may not do; `public` is everybody who can connect. */
interface RightState extends z.infer<typeof rightRow> {
  readonly ok: boolean
}

export interface RolesState {
  /** Whom this connection belongs to. */
  readonly user: string
  readonly roles: readonly {readonly name: string; readonly exists: boolean; readonly login: boolean}[]
  /** `found` is null where the role is missing. */
  readonly rights: readonly RightState[]
  readonly ok: boolean
}

/** The state of every role and right. Anybody who can connect may ask. */
export async function readRoles(db: CommonQueryMethods): Promise<RolesState> {
  const {user, roles} = await db.one(sql.type(rolesRow)`
    select current_user::text as user,
      (select json_agg(json_build_object(
          'name', name, 'exists', r.oid is not null, 'login', coalesce(r.rolcanlogin, false)) order by at)
        from unnest(${sql.array(PROBED, 'text')}) with ordinality as wanted (name, at)
        left join pg_roles r on r.rolname = name) as roles`)
  const found = await db.any(sql.type(rightRow)`
    with ${ours}
    ${sql.join([ownerRights, deskRights, readerRights, publicRights, serverRights], sql.fragment` union all `)}`)
  const rights = found.map((right) => ({...right, ok: right.found === right.wanted}))
  return {user, roles, rights, ok: rights.every(({ok}) => ok)}
}

const rolesRow = z.object({
  user: z.string(),
  roles: z.array(z.object({name: z.string(), exists: z.boolean(), login: z.boolean()})),
})

const {owner, desk, reader} = ROLE_NAMES
const PROBED = [owner, desk, reader]

const ours = sql.fragment`
  ours as (
    select c.oid, c.relowner as owner
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relname = any (${sql.array(TABLES, 'text')})
      and c.relkind in ('r', 'p')
  ), routine as (
    select p.oid, p.proowner as owner
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in ('broken_entry_link', 'entry_moves_account', 'hold_account', 'hold_accounts',
        'known_references', 'refuse_change', 'take_client_ids', 'take_staff_ids')
  )`

const reads = (role: string) =>
  sql.fragment`(select bool_and(has_table_privilege(${role}::name, oid, 'select')) from ours)`
const writes = (role: string) => sql.fragment`
  (select bool_or(has_any_column_privilege(${role}::name, oid, 'insert, update') or has_table_privilege(${role}::name, oid, 'delete, truncate'))
   from ours)`
const changesSchema = (role: string) => sql.fragment`
  (has_schema_privilege(${role}::name, 'public', 'create')
   or (select bool_or(has_table_privilege(${role}::name, oid, 'trigger, references')) from ours))`
const changesEntries = (role: string) => sql.fragment`
  (has_any_column_privilege(${role}::name, 'entry', 'update') or has_table_privilege(${role}::name, 'entry', 'delete, truncate'))`
const setsBalances = (role: string) => sql.fragment`
  (has_table_privilege(${role}::name, 'account', 'insert, update, delete, truncate')
   or (select bool_or(has_column_privilege(${role}::name, 'account', col, 'insert, update'))
       from unnest(array['balance', 'last_seq', 'last_hash']) col))`
const posts = (role: string) => sql.fragment`
  (has_column_privilege(${role}::name, 'entry', 'balance_after', 'insert')
   and has_column_privilege(${role}::name, 'account', 'client_id', 'insert')
   and has_column_privilege(${role}::name, 'account', 'hold', 'update')
   and has_function_privilege(${role}::name, 'hold_account(bigint, text, text)', 'execute'))`
const keepsClients = (role: string) => sql.fragment`
  (has_column_privilege(${role}::name, 'client', 'name', 'insert') and has_column_privilege(${role}::name, 'client', 'name', 'update')
   and has_column_privilege(${role}::name, 'staff', 'name', 'insert')
   and has_column_privilege(${role}::name, 'settings', 'time_zone', 'update'))`

/** One row; a role that does not exist cannot be asked about, so `found` is guarded by a case. */
function probe(role: string, right: string, wanted: boolean, found: ReturnType<typeof reads>) {
  return sql.fragment`
    select ${role}::text as role, ${right}::text as right, ${wanted}::boolean as wanted,
      case when ${role}::text = 'public' or to_regrole(${role}::text) is not null then ${found} end as found`
}

const together = (probes: readonly ReturnType<typeof probe>[]) => sql.join([...probes], sql.fragment` union all `)

const ownerRights = together([
  probe(
    owner,
    'owns every table and function',
    true,
    sql.fragment`(select bool_and(owner = to_regrole(${owner}::text)) from (select * from ours union all select * from routine) o)`,
  ),
])
const deskRights = together([
  probe(desk, 'reads', true, reads(desk)),
  probe(desk, 'posts', true, posts(desk)),
  probe(desk, 'keeps clients, staff and settings', true, keepsClients(desk)),
  probe(desk, 'changes or deletes entries', false, changesEntries(desk)),
  probe(desk, 'sets balances', false, setsBalances(desk)),
  probe(desk, 'changes the schema', false, changesSchema(desk)),
])
const readerRights = together([
  probe(reader, 'reads', true, reads(reader)),
  probe(reader, 'writes', false, writes(reader)),
  probe(reader, 'changes the schema', false, changesSchema(reader)),
])
const publicRights = together([
  probe(
    'public',
    'reads',
    false,
    sql.fragment`
    (select bool_or(has_any_column_privilege('public', oid, 'select')) from ours)`,
  ),
  probe('public', 'writes', false, writes('public')),
  probe('public', 'changes the schema', false, changesSchema('public')),
  probe(
    'public',
    'calls the functions',
    false,
    sql.fragment`
    (select bool_or(has_function_privilege('public', oid, 'execute')) from routine)`,
  ),
])

/** Nor may a role be a member of one that may more: the owner, a superuser, or one that the server brings along. */
const serverRights = together(
  PROBED.map((role) =>
    probe(
      role,
      'rules the server',
      false,
      sql.fragment`
      (select coalesce(bool_or(
          case when r.rolname = ${role}::name then r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls
          else r.rolsuper or r.rolname = ${owner}::name or (r.rolname ^@ 'pg_' and (r.rolname <> 'pg_database_owner' or ${role}::text <> ${owner}::text))
          end), false)
       from pg_roles r
       where pg_has_role(${role}::name, r.oid, 'member') and (r.rolname = ${role}::name or not exists (
         select from pg_roles me where me.rolname = ${role}::name and me.rolsuper)))`,
    ),
  ),
)
