/** As many clients as wanted, made by the database itself: common names often and rare ones rarely. */

import type {DatabasePool} from 'slonik'
import {sql} from 'slonik'
import {deletions, loadFolding, looseWord} from '../../src/core/search-key.ts'
import * as names from './names.ts'

/** Before a known surname they make one that nobody has, but that looks like one: for a dictionary of tens of thousands. */
const SYLLABLES =
  'ba be bi bo da de di do ga ge gi go ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro sa se si so ta te ti to va ve'.split(
    ' ',
  )

/** Fills an empty ledger with `count` clients, each with words, account, phone and one entry in three. */
export async function makeCrowd(pool: DatabasePool, count: number): Promise<void> {
  const surnames = [...names.AZ_SURNAMES.flatMap(all), ...names.RU_SURNAMES, ...names.WEST_LAST]
  const rare = SYLLABLES.flatMap((syllable) => surnames.map((name) => capital(syllable + name.toLowerCase())))
  await keepWords(pool, 'bench_first', [
    ...[...names.AZ_MEN, ...names.AZ_WOMEN].flatMap(all),
    ...names.RU_MEN,
    ...names.RU_WOMEN,
    ...names.WEST_FIRST.filter((name) => !name.includes('-')),
  ])
  await keepWords(pool, 'bench_last', [...surnames, ...rare])
  await pool.query(sql.unsafe`set maintenance_work_mem = '512MB'`)
  await pool.query(sql.unsafe`
    create unlogged table bench_crowd as
      select client.n, f.text as first, f.key as a, l.text as last, l.key as b, p.text as father, p.key as c
      from generate_series(1, ${count}) client (n)
      join bench_first f on f.n = floor(${share('1')} ^ 1.5 * (select count(*) from bench_first))
      join bench_last l on l.n = floor(${share('2')} ^ 3 * (select count(*) from bench_last))
      left join bench_first p on ${share('3')} < 0.3 and p.n = floor(${share('4')} ^ 1.5 * (select count(*) from bench_first))`)
  await pool.query(sql.unsafe`
    insert into client (id, name, search_key, phone, phone_digits) overriding system value
    select n, concat_ws(' ', first, last, father), concat_ws(' ', a, b, c), '+99450' || lpad(n::text, 7, '0'), '99450' || lpad(n::text, 7, '0')
    from bench_crowd order by n`)
  await pool.query(sql.unsafe`
    insert into client_word (word, other, client_id)
    select word, other, n
    from (
      select a, b, n from bench_crowd union all select b, a, n from bench_crowd
      union all select a, c, n from bench_crowd where c is not null and c <> b union all select c, a, n from bench_crowd where c is not null and c <> a
      union all select b, c, n from bench_crowd where c is not null and c <> a union all select c, b, n from bench_crowd where c is not null and c <> a
    ) pair (word, other, n)
    order by 1, 2, 3
    on conflict do nothing`)
  await pool.query(
    sql.unsafe`insert into account (client_id, unit) select n, 'AZN' from generate_series(1, ${count}) n`,
  )
  await pool.query(sql.unsafe`select setval(pg_get_serial_sequence('client', 'id'), ${count})`)
  await pool.query(sql.unsafe`drop table bench_crowd, bench_first, bench_last`)
  await pool.query(sql.unsafe`vacuum analyze`)
}

/** A number in [0, 1) that is the same for the same client in every run. */
function share(seed: '1' | '2' | '3' | '4') {
  return sql.fragment`((hashint8extended(client.n, ${Number(seed)}) & 2147483647) / 2147483648.0::float8)`
}

function all({az, ru, en}: names.Spellings): readonly string[] {
  return [az, ru, en]
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Keeps the words in the dictionary, and in a table of its own to pick from. */
async function keepWords(
  pool: DatabasePool,
  table: 'bench_first' | 'bench_last',
  texts: readonly string[],
): Promise<void> {
  const fold = await loadFolding()
  const name = sql.identifier([table])
  const kept = [...new Set(texts)].map((text) => ({text, key: fold(text)})).filter(({key}) => !key.includes(' '))
  const keys = [...new Set(kept.map(({key}) => key))]
  const forms = [...new Set(keys.flatMap((key) => [key, looseWord(key)]))]
  const variants = forms.flatMap((form) => deletions(form).map((variant) => ({variant, form})))
  const array = (values: readonly string[]) => sql.array([...values], 'text')
  await pool.query(sql.unsafe`create unlogged table ${name} (n bigint primary key, text text, key text collate "C")`)
  await pool.query(sql.unsafe`
    insert into ${name} select n - 1, text, key
    from unnest(${array(kept.map(({text}) => text))}, ${array(kept.map(({key}) => key))}) with ordinality w (text, key, n)`)
  await pool.query(sql.unsafe`
    insert into word (word, loose) select * from unnest(${array(keys)}, ${array(keys.map(looseWord))}) on conflict do nothing`)
  await pool.query(sql.unsafe`
    insert into word_variant (variant, form)
    select * from unnest(${array(variants.map(({variant}) => variant))}, ${array(variants.map(({form}) => form))})
    on conflict do nothing`)
}
