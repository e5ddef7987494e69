-- Who is meant, asked with every posting. Functions, because planning these statements costs several times as much as
-- running them, and a connection plans a function's statements once, and only those that it comes to. The plans are
-- fixed: index probes that stop early, however many clients there seem to be.

-- At most `most` clients that a text may mean, as a JSON array: by id, code or phone; where there are none, by the whole
-- name; where there are none, by the beginnings of its words, the longest first.
create function find_clients(
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
              where r.word = d.word and r.other >= t and r.other < t || '~' and r.client_id = w.client_id))
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

-- The staff that a text may mean, as a JSON array: by id or whole name; where there are none, everyone, for a beginning of
-- a name or for suggestions.
create function find_staff(in_id bigint, name_key text, most int) returns json
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  ids bigint[] := array(
    select s.id from public.staff s where s.id = in_id
    union
    select s.id from public.staff s where s.search_key = name_key);
begin
  if cardinality(ids) = 0 then ids := array(select s.id from public.staff s order by s.id limit most); end if;
  return (
    select coalesce(json_agg(row_to_json(person)), '[]')
    from (
      select s.id::text, s.name, s.search_key as "searchKey", s.archived_at is not null as archived
      from public.staff s
      where s.id = any(ids)
      order by s.search_key
    ) person);
end
$$;

-- What the business decided, with its counted units as a JSON array.
create function current_settings(
  out business_name text, out unit text, out time_zone text, out locale text, out counted_units json)
language plpgsql stable
set plan_cache_mode = force_generic_plan set jit = off as $$
begin
  select s.business_name, s.unit, s.time_zone, s.locale,
    (select coalesce(json_agg(row_to_json(u) order by u.code), '[]') from (select k.code, k.decimals from public.counted_unit k) u)
  into business_name, unit, time_zone, locale, counted_units
  from public.settings s;
end
$$;
