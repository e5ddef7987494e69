-- A search in one round trip: what is near comes with all that is shown of it, and where that is not enough, with the
-- words that the typed ones may be a part or a typo of. Functions, because planning these statements costs several times
-- as much as running them, and a connection plans a function's statements once. The plans are fixed: index probes that
-- stop early, however many clients there seem to be.

-- Clients as JSON, in no order, with what they are ranked by, what is shown of them, and the balance in the ledger's own unit.
create function search_hits(ids bigint[], with_archived boolean, out hits json, out hit_count int)
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set jit = off as $$
begin
  select coalesce(json_agg(h), '[]'), count(*) into hits, hit_count
  from (
    select c.id::text, c.name, c.search_key as "searchKey", c.phone_digits as "phoneDigits", c.code, c.phone, c.email,
      c.birth_date as "birthDate", c.category, c.source, c.address, c.note, c.default_price::text as "defaultPrice",
      c.created_at::text as "createdAt", c.archived_at::text as "archivedAt", a.balance::text as "ownBalance"
    from public.client c
    left join public.account a on a.client_id = c.id and a.unit = (select s.unit from public.settings s where s.id = 1)
    where c.id = any(ids) and (with_archived or c.archived_at is null)) h;
end
$$;

-- A number typed from its beginning.
create index client_by_phone on client (phone_digits) where phone_digits is not null;

-- Ids of clients whose phone has these digits in it, and words of the dictionary that have these letters in them: three
-- or more, for the indexes know threes. Of a long number three of its threes are looked up, which leave next to nothing
-- to sift: every further one is a list of as many clients to be read.
create function search_phones(digits text, most int, with_archived boolean) returns bigint[]
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_indexscan = off set jit = off as $$
begin
  return array(
    select c.id from public.client c
    where c.phone_digits like '%' || left(digits, 3) || '%'
      and c.phone_digits like '%' || substr(digits, length(digits) / 2, 3) || '%'
      and c.phone_digits like '%' || right(digits, 3) || '%'
      and position(digits in c.phone_digits) > 0 and (with_archived or c.archived_at is null)
    limit most);
end
$$;
create function search_parts(part text, most int) returns text[]
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_indexscan = off set jit = off as $$
begin
  return array(select d.word from public.word d where d.word like '%' || part || '%' order by length(d.word), d.word limit most);
end
$$;

-- For each typed word, as an array of arrays, the words of the dictionary that it may be another spelling, a beginning, a
-- part or a typo of. `variants` are the forms with a letter left out, with spaces between them (src/core/search-key.ts).
create function search_words(words text[], loose_from text[], loose_to text[], variants text[]) returns json
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
declare
  forms text[];
  parts text[];
  found text[] := '{}';
begin
  for n in 1..cardinality(words) loop
    forms := '{}';
    parts := '{}';
    if length(words[n]) >= 3 then
      parts := public.search_parts(words[n], 150);
      forms := array(select v.form from public.word_variant v where v.variant = any(string_to_array(variants[n], ' ')));
    end if;
    found := found || (
      select coalesce(json_agg(distinct w.word), '[]')::text
      from (
        select unnest(parts) as word
        union all
        (select d.word from public.word d where d.loose >= loose_from[n] and d.loose < loose_to[n] order by d.loose, d.word limit 24)
        union all
        (select d.word from public.word d where d.word >= words[n] and d.word < words[n] || '~' order by d.word limit 150)
        union all
        select d.word from public.word d where d.word = any(forms)
        union all
        (select d.word from public.word d where d.loose = any(forms) limit 150)
      ) w);
  end loop;
  return '[' || array_to_string(found, ',') || ']';
end
$$;

-- Clients as `search_hits` gives them, who have both words of one of these pairs, the first pairs first, and one of each
-- of the further lists of words; or, where there are no others, who have one of the words.
create function search_far(words text[], others text[], further text[], most int, with_archived boolean) returns json
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set jit = off as $$
declare
  ids bigint[];
begin
  if cardinality(others) = 0 then
    ids := array(
      select w.client_id
      from unnest(words) with ordinality d (word, n)
      cross join lateral (
        select w.client_id from public.client_word w where w.word = d.word order by w.other, w.client_id limit most) w
      limit 2 * most);
  else
    ids := array(
      select w.client_id
      from unnest(words, others) with ordinality p (word, other, n)
      cross join lateral (
        select w.client_id from public.client_word w
        where w.word = p.word and w.other = p.other
          and (cardinality(further) = 0 or (
            select bool_and(exists (
              select from public.client_word r
              where r.word = p.word and r.other = any(string_to_array(f, ' ')) and r.client_id = w.client_id))
            from unnest(further) f))
        order by w.client_id limit most) w
      limit 2 * most);
  end if;
  return (select h.hits from public.search_hits(ids, with_archived) h);
end
$$;

-- As before, but a third word is looked for among the few words of each client found, and not among all the clients who
-- have it beside the first; and its other spellings are read once, not for each client.
create or replace function search_near(of_key text, words text[], loose_from text[], loose_to text[], most int) returns setof bigint
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
declare
  spelled text[];
begin
  return query (
    select c.id from public.client c
    where c.search_key >= of_key and c.search_key < of_key || '~'
    order by c.search_key, c.id limit most);
  if cardinality(words) = 1 then
    return query (
      select w.client_id from public.client_word w
      where w.word >= words[1] and w.word < words[1] || '~'
      order by w.word, w.other, w.client_id limit 2 * most);
    -- A few letters begin enough names as they are.
    if length(words[1]) < 3 then return; end if;
    return query (
      select w.client_id
      from (select d.word from public.word d where d.loose >= loose_from[1] and d.loose < loose_to[1] order by d.loose, d.word limit 24) d
      cross join lateral (
        select w.client_id from public.client_word w where w.word = d.word order by w.other, w.client_id limit most) w
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

-- All at once: the settings, the clients near to what was typed (`search_hits`), and, where these do not fill the page
-- or miss one of the words, the words to look further for (`search_words`), else null. `local_phones` come backwards, as
-- they are indexed.
create function search_clients(
  of_id bigint, of_code text, phones text[], phone_part text, local_phones text[],
  of_key text, words text[], loose_from text[], loose_to text[], variants text[], most int, with_archived boolean,
  out settings json, out hits json, out further json)
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
declare
  ids bigint[] := '{}';
  phone_ids bigint[] := '{}';
  typed_phone text;
  hit_count int;
begin
  settings := (
    select json_build_object('businessName', s.business_name, 'unit', s.unit, 'timeZone', s.time_zone, 'locale', s.locale,
      'countedUnits', (
        select coalesce(json_agg(u), '[]') from (select c.code, c.decimals from public.counted_unit c order by c.code) u))
    from public.settings s where s.id = 1);
  if of_id is not null then ids := ids || of_id; end if;
  if of_code is not null then
    ids := ids || array(select k.client_id from public.client_code k where k.code_key = of_code);
  end if;
  foreach typed_phone in array phones loop
    phone_ids := phone_ids || array(
      select c.id from public.client c
      where c.phone_digits is not null and reverse(c.phone_digits) collate "C" >= reverse(typed_phone)
        and reverse(c.phone_digits) collate "C" < reverse(typed_phone) || ':' and (with_archived or c.archived_at is null)
      order by reverse(c.phone_digits) collate "C" limit most);
    phone_ids := phone_ids || array(
      select c.id from public.client c
      where c.phone_digits >= typed_phone and c.phone_digits < typed_phone || ':' and (with_archived or c.archived_at is null)
      order by c.phone_digits limit most);
  end loop;
  ids := ids || phone_ids;
  -- Digits in the middle come after those at an end, so they are of no use on a page that is full.
  if phone_part is not null and (select count(distinct i) from unnest(phone_ids) i) < most then
    ids := ids || public.search_phones(phone_part, most, with_archived);
  end if;
  if cardinality(local_phones) > 0 then
    ids := ids || array(
      select c.id from public.client c
      where c.phone_digits is not null and reverse(c.phone_digits) collate "C" = any(local_phones)
      order by reverse(c.phone_digits) collate "C" limit most);
  end if;
  if cardinality(words) > 0 then
    ids := ids || array(select public.search_near(of_key, words, loose_from, loose_to, most));
  end if;
  select h.hits, h.hit_count into hits, hit_count from public.search_hits(ids, with_archived) h;
  if cardinality(words) = 0 or (cardinality(phones) > 0 and hit_count > 0) then return; end if;
  if cardinality(words) = 1 then
    if hit_count >= most then return; end if;
  elsif hit_count > 0 and exists (select from public.client_word w where w.word = words[1] and w.other = words[2]) then
    return;
  end if;
  further := public.search_words(words, loose_from, loose_to, variants);
end
$$;
