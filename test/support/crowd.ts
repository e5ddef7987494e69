/** Many clients at once, made by the database itself. */

/**
 * SQL that adds `count` clients `First Last` with words, dictionary, accounts and one entry each, then analyses.
 * The parts of phones are indexed many at a time, which takes half the time.
 */
export function crowdSql(count: number): string {
  return `
    insert into staff (name, search_key) values ('Ina', 'ina');
    create temporary table crowd as
      select n, first, last from (
        select n, 'f' || chr(97 + n % 26) || chr(97 + n / 26 % 26) || 'na' || n % 50 as first,
          'l' || chr(97 + n % 23) || chr(97 + n / 23 % 26) || chr(97 + n / 599 % 26) || 'ova' as last
        from generate_series(1, ${count}) n) names;
    alter index client_by_phone_part set (fastupdate = on);
    insert into client (id, name, search_key, phone, phone_digits)
      overriding system value
      select n, initcap(first || ' ' || last), first || ' ' || last, '+99450' || lpad(n::text, 7, '0'), '99450' || lpad(n::text, 7, '0')
      from crowd;
    alter index client_by_phone_part set (fastupdate = off);
    select gin_clean_pending_list('client_by_phone_part');
    insert into word (word, loose) select distinct w, w from crowd, unnest(array[first, last]) w on conflict do nothing;
    insert into word_variant (variant, form)
      select distinct left(word, at - 1) || substr(word, at + 1), word from word, generate_series(0, length(word)) at on conflict do nothing;
    insert into client_word (word, other, client_id) select first, last, n from crowd union all select last, first, n from crowd;
    insert into client_code (code_key, client_id) select 'C-' || n, n from crowd;
    insert into account (client_id, unit) select n, 'AZN' from crowd;
    insert into entry (client_id, unit, seq, kind, direction, amount, balance_before, balance_after, reference, operator, hash, occurred_at)
      select n, 'AZN', 1, 'topup', 'IN', 100000, 0, 100000, 'opening', 'crowd', sha256(n::text::bytea), timestamptz '2026-01-01' + n * interval '1 minute'
      from crowd;
    select setval(pg_get_serial_sequence('client', 'id'), ${count});
    analyze`
}
