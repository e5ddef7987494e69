-- As before, but one word whose page is full of names that begin with it is answered by fewer clients: each costs a look at
-- its row and its balance. Left out is who can only come after them: those with longer words further back in their names,
-- and those with the beginnings of other spellings.
create or replace function search_near(of_key text, words text[], loose_from text[], loose_to text[], most int) returns setof bigint
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
declare
  spelled text[];
  begun bigint[];
  is_full boolean;
begin
  begun := array(
    select c.id from public.client c
    where c.search_key >= of_key and c.search_key < of_key || '~'
    order by c.search_key, c.id limit most);
  return query select unnest(begun);
  if cardinality(words) = 1 then
    is_full := (select count(*) from public.client c where c.id = any(begun) and c.archived_at is null) >= most;
    return query (
      select w.client_id
      from (
        select w.word, w.client_id from public.client_word w
        where w.word >= words[1] and w.word < words[1] || '~'
        order by w.word, w.other, w.client_id limit 2 * most) w
      where not is_full or length(w.word) <= length(words[1]) + 1);
    -- A few letters begin enough names as they are.
    if length(words[1]) < 3 then return; end if;
    return query (
      select w.client_id
      from (select d.word, d.loose from public.word d where d.loose >= loose_from[1] and d.loose < loose_to[1] order by d.loose, d.word limit 24) d
      cross join lateral (
        select w.client_id from public.client_word w
        where w.word = d.word and (not is_full or d.loose = loose_from[1])
        order by w.other, w.client_id limit most) w
      limit 2 * most);
    return;
  end if;
  return query (
    select w.client_id
    from (select d.word from public.word d where d.word >= words[1] and d.word < words[1] || '~' order by d.word limit 300) d
    cross join lateral (
      select w.client_id from public.client_word w
      where w.word = d.word and w.other >= words[2] and w.other < words[2] || '~'
        and (cardinality(words) = 2 or (
          select bool_and(exists (
            select from public.client_word r
            where r.client_id = w.client_id and r.word = d.word and left(r.other, length(t)) = t))
          from unnest(words[3:]) t))
      order by w.other, w.client_id limit most) w
    limit most);
  if cardinality(words) > 2 then
    spelled := array(
      select (
        select ' ' || string_agg(o.word, ' ') || ' '
        from (select o.word from public.word o where o.loose >= t.a and o.loose < t.z order by o.loose, o.word limit 24) o)
      from unnest(loose_from[3:], loose_to[3:]) t (a, z));
  end if;
  return query (
    select w.client_id
    from (select d.word from public.word d where d.loose >= loose_from[1] and d.loose < loose_to[1] order by d.loose, d.word limit 24) d
    cross join lateral (
      select w.client_id from public.client_word w
      where w.word = d.word
        and w.other = any(array(
          select o.word from public.word o where o.loose >= loose_from[2] and o.loose < loose_to[2] order by o.loose, o.word limit 24))
        and (cardinality(words) = 2 or (
          select bool_and(exists (
            select from public.client_word r
            where r.client_id = w.client_id and r.word = d.word and position(' ' || r.other || ' ' in t) > 0))
          from unnest(spelled) t))
      order by w.other, w.client_id limit most) w
    limit most);
end
$$;

-- As before, but a third word is looked for among the few words of each client found, and not among all the clients who
-- have it beside the first.
create or replace function find_clients(
  in_id bigint, in_code_key text, phone_end text, local_phones text[], name_key text, words text[], most int) returns json
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set jit = off as $$
declare
  how text := 'number';
  ids bigint[] := array(
    select c.id from public.client c where c.id = in_id
    union
    select k.client_id from public.client_code k where k.code_key = in_code_key);
begin
  if phone_end is not null then
    ids := ids || array(
      select c.id from public.client c
      where c.phone_digits is not null
        and reverse(c.phone_digits) collate "C" >= reverse(phone_end)
        and reverse(c.phone_digits) collate "C" < reverse(phone_end) || ':'
      limit most);
  end if;
  if cardinality(local_phones) > 0 then
    ids := ids || array(
      select c.id from public.client c
      where c.phone_digits is not null
        and reverse(c.phone_digits) collate "C" = any(array(select reverse(p) from unnest(local_phones) p))
      order by reverse(c.phone_digits) collate "C" limit most);
  end if;
  if cardinality(ids) = 0 then
    how := 'whole name';
    ids := array(select c.id from public.client c where c.search_key = name_key limit most);
  end if;
  if cardinality(ids) = 0 and cardinality(words) > 0 then
    how := 'words';
    if cardinality(words) = 1 then
      ids := array(
        select distinct w.client_id from public.client_word w
        where w.word >= words[1] and w.word < words[1] || '~'
        limit most);
    else
      ids := array(
        select distinct w.client_id
        from public.word d
        join public.client_word w on w.word = d.word and w.other >= words[2] and w.other < words[2] || '~'
        where d.word >= words[1] and d.word < words[1] || '~'
          and (cardinality(words) = 2 or (
            select bool_and(exists (
              select from public.client_word r
              where r.client_id = w.client_id and r.word = d.word and left(r.other, length(t)) = t))
            from unnest(words[3:]) t))
        limit most);
    end if;
  end if;
  return (
    select coalesce(json_agg(row_to_json(candidate)), '[]')
    from (
      select c.id::text, c.name, c.search_key as "searchKey", c.phone, c.code, c.archived_at is not null as archived,
        c.default_price::text as "defaultPrice", a.balance::text as balance, how
      from public.client c
      left join public.account a on a.client_id = c.id and a.unit = (select s.unit from public.settings s where s.id = 1)
      where c.id = any(ids)
      order by c.search_key, c.id
    ) candidate);
end
$$;

-- The entries of a period, from the first moment and before the other, added up by unit, kind, direction, staff and day of
-- a time zone. The plan is fixed in this: rows are added up as they are read. The planner takes every unit, kind, staff and
-- day for a total of its own and would sort all entries of a long period first, on disk.
create function period_totals(from_time timestamptz, to_time timestamptz, zone text)
returns table (unit text, kind text, direction text, staff_id bigint, day date, amount bigint, entries bigint)
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_sort = off set max_parallel_workers_per_gather = 0 set jit = off as $$
begin
  return query
    select e.unit, e.kind, e.direction, e.staff_id, (e.occurred_at at time zone zone)::date,
      sum(e.amount)::bigint, count(*)
    from public.entry e
    where e.occurred_at >= from_time and e.occurred_at < to_time
    group by 1, 2, 3, 4, 5;
end
$$;

-- Called from a function that turns bitmap scans off, which would leave them nothing but the scan of the whole table.
alter function search_phones(text, int, boolean) set enable_bitmapscan = on;
alter function search_parts(text, int) set enable_bitmapscan = on;
