-- A search reads clients in stages, the nearest first, and stops at the first that fills the page: each client is a look at
-- its row and its balance, which is most of what a search costs. Where there are few clients all stages are read.

-- Clients whose names begin with the typed text (null: none), at most `most`, and those of `ids`, each named once, the first
-- `room` of them (null: all); those archived only where they are wanted. In no order: what they are ranked by, what is shown
-- of them, and the balance in the ledger's own unit, as a JSON object of columns (null where there is nobody): row by row
-- JSON takes half as long again. With their ids, and the last in the order of names.
create function search_rows(of_key text, most int, ids bigint[], room int, with_archived boolean,
  out hits json, out found_ids bigint[], out last_key text)
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set jit = off as $$
begin
  select array_agg(c.id), max(c.search_key), case when count(*) > 0 then json_build_object(
    'id', array_to_json(array_agg(c.id::text)), 'name', array_to_json(array_agg(c.name)),
    'searchKey', array_to_json(array_agg(c.search_key)), 'phoneDigits', array_to_json(array_agg(c.phone_digits)),
    'code', array_to_json(array_agg(c.code)), 'phone', array_to_json(array_agg(c.phone)),
    'email', array_to_json(array_agg(c.email)), 'birthDate', array_to_json(array_agg(c.birth_date)),
    'category', array_to_json(array_agg(c.category)), 'source', array_to_json(array_agg(c.source)),
    'address', array_to_json(array_agg(c.address)), 'note', array_to_json(array_agg(c.note)),
    'defaultPrice', array_to_json(array_agg(c.default_price::text)), 'createdAt', array_to_json(array_agg(c.created_at::text)),
    'archivedAt', array_to_json(array_agg(c.archived_at::text)), 'ownBalance', array_to_json(array_agg(a.balance::text))) end
  into found_ids, last_key, hits
  from (
    (select c.* from public.client c
      where c.search_key >= of_key and c.search_key < of_key || '~' and (with_archived or c.archived_at is null)
      order by c.search_key, c.id limit most)
    union all
    (select c.* from unnest(ids) i join public.client c on c.id = i where with_archived or c.archived_at is null limit room)) c
  left join public.account a on a.client_id = c.id and a.unit = (select s.unit from public.settings s where s.id = 1);
  found_ids := coalesce(found_ids, '{}');
end
$$;

create or replace function search_hits(ids bigint[], with_archived boolean, out hits json, out hit_count int)
language plpgsql stable as $$
begin
  select r.hits, cardinality(r.found_ids) into hits, hit_count
  from public.search_rows(null, 0, array(select distinct i from unnest(ids) i), null, with_archived) r;
end
$$;

-- Ids of clients by the words of their names, nearest first, about as many as `most`; `words` and `loose` (from, to) come
-- with the longest first. In stages: the typed words as a whole, in any spelling; as beginnings; of one word as a part; as
-- beginnings in other spellings. Each function is for so many typed words.
create function search_one(stage int, typed text, loose_from text, loose_to text, most int) returns bigint[]
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
declare
  found bigint[] := '{}';
begin
  if stage = 1 then
    found := array(select w.client_id from public.client_word w where w.word = typed order by w.other, w.client_id limit most);
  elsif stage = 2 then
    -- Twice, because a name of three words is there twice.
    return array(
      select w.client_id from public.client_word w
      where w.word >= typed and w.word < typed || '~'
      order by w.word, w.other, w.client_id limit 2 * most);
  elsif length(typed) >= 3 then
    found := array(
      select w.client_id
      from unnest(public.search_parts(typed, 40)) d (word)
      cross join lateral (
        select w.client_id from public.client_word w where w.word = d.word order by w.other, w.client_id limit most) w
      where not starts_with(d.word, typed)
      limit most);
  end if;
  -- A few letters begin enough names as they are.
  if length(typed) < 3 or (stage = 3 and cardinality(found) >= most) then return found; end if;
  return found || array(
    select w.client_id
    from (
      select d.word from public.word d
      where d.loose >= loose_from and d.loose < loose_to and (d.loose = loose_from) = (stage = 1) and d.word <> typed
      order by d.loose, d.word limit 24) d
    cross join lateral (
      select w.client_id from public.client_word w where w.word = d.word order by w.other, w.client_id limit most) w
    limit most);
end
$$;

create function search_two(stage int, words text[], loose_from text[], loose_to text[], most int) returns bigint[]
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
begin
  if stage = 2 then
    return array(
      select w.client_id
      from (select d.word from public.word d where d.word >= words[1] and d.word < words[1] || '~' order by d.word limit 300) d
      cross join lateral (
        select w.client_id from public.client_word w
        where w.word = d.word and w.other >= words[2] and w.other < words[2] || '~'
        order by w.other, w.client_id limit most) w
      limit most);
  end if;
  return array(
    select w.client_id
    from (
      select d.word from public.word d
      where d.loose >= loose_from[1] and d.loose < loose_to[1] and (stage = 3 or d.loose = loose_from[1])
      order by d.loose, d.word limit 24) d
    cross join lateral (
      select w.client_id from public.client_word w
      where w.word = d.word
        and w.other = any(array(
          select o.word from public.word o
          where o.loose >= loose_from[2] and o.loose < loose_to[2] and (stage = 3 or o.loose = loose_from[2])
          order by o.loose, o.word limit 24))
      order by w.other, w.client_id limit most) w
    limit most);
end
$$;

-- Three words and more: the third and further ones are looked for among the few words of each client who has the first two.
-- As a whole two common pairs are read from the index alone, and what they share.
create function search_many(stage int, words text[], loose_from text[], loose_to text[], most int) returns bigint[]
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
set jit = off as $$
declare
  spelled text[];
begin
  if stage = 2 then
    return array(
      select w.client_id
      from (select d.word from public.word d where d.word >= words[1] and d.word < words[1] || '~' order by d.word limit 300) d
      cross join lateral (
        select w.client_id from public.client_word w
        where w.word = d.word and w.other >= words[2] and w.other < words[2] || '~'
          and (
            select bool_and(exists (
              select from public.client_word r
              where r.client_id = w.client_id and r.word = d.word and left(r.other, length(t)) = t))
            from unnest(words[3:]) t)
        order by w.other, w.client_id limit most) w
      limit most);
  end if;
  spelled := array(
    select (
      select ' ' || string_agg(o.word, ' ') || ' '
      from (
        select o.word from public.word o
        where o.loose >= t.a and o.loose < t.z and (stage = 3 or o.loose = t.a)
        order by o.loose, o.word limit 24) o)
    from unnest(loose_from, loose_to) t (a, z));
  if stage = 1 then
    return array(
      select w.client_id
      from unnest(string_to_array(btrim(spelled[1]), ' ')) d (word)
      cross join lateral (
        select both_pairs.client_id
        from (
          select a.client_id from public.client_word a
          where a.word = d.word and a.other = any(string_to_array(btrim(spelled[2]), ' '))
          intersect
          select b.client_id from public.client_word b
          where b.word = d.word and b.other = any(string_to_array(btrim(spelled[3]), ' '))) both_pairs
        where cardinality(words) = 3 or (
          select bool_and(exists (
            select from public.client_word r
            where r.client_id = both_pairs.client_id and r.word = d.word and position(' ' || r.other || ' ' in t) > 0))
          from unnest(spelled[4:]) t)
        limit most) w
      limit most);
  end if;
  return array(
    select w.client_id
    from unnest(string_to_array(btrim(spelled[1]), ' ')) d (word)
    cross join lateral (
      select w.client_id from public.client_word w
      where w.word = d.word and w.other = any(string_to_array(btrim(spelled[2]), ' '))
        and (
          select bool_and(exists (
            select from public.client_word r
            where r.client_id = w.client_id and r.word = d.word and position(' ' || r.other || ' ' in t) > 0))
          from unnest(spelled[3:]) t)
      order by w.other, w.client_id limit most) w
    limit most);
end
$$;

-- Digits in the middle of a phone, by every four that follow each other: of ten thousand fours each is in few phones, where
-- each of a thousand threes was in so many that reading its list took most of a search. Fifteen digits at most (E.164).
create function phone_fours(digits text) returns text[] language sql immutable as $$
  select array_remove(array[
    substr(digits, 1, 4), substr(digits, 2, 4), substr(digits, 3, 4), substr(digits, 4, 4), substr(digits, 5, 4),
    substr(digits, 6, 4), substr(digits, 7, 4), substr(digits, 8, 4), substr(digits, 9, 4), substr(digits, 10, 4),
    substr(digits, 11, 4), substr(digits, 12, 4)], '')
$$;
drop index client_by_phone_part;
create index client_by_phone_part on client using gin (phone_fours(phone_digits)) with (fastupdate = off)
  where phone_digits is not null;

-- Three digits are in the middle where a fourth one follows. Of more the first, the last and the middle four are looked up.
create or replace function search_phones(digits text, most int, with_archived boolean) returns bigint[]
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_indexscan = off set jit = off as $$
begin
  if length(digits) < 4 then
    return array(
      select c.id from public.client c
      where c.phone_digits is not null
        and public.phone_fours(c.phone_digits) && array(select digits || d from generate_series(0, 9) d)
        and (with_archived or c.archived_at is null)
      limit most);
  end if;
  return array(
    select c.id from public.client c
    where c.phone_digits is not null
      and public.phone_fours(c.phone_digits) @> array[left(digits, 4), substr(digits, length(digits) / 2 - 1, 4), right(digits, 4)]
      and position(digits in c.phone_digits) > 0 and (with_archived or c.archived_at is null)
    limit most);
end
$$;
alter function search_phones(text, int, boolean) set enable_bitmapscan = on;

-- As before, in stages; `hits` is an array of their arrays. Nothing is looked for further where the page is full.
create or replace function search_clients(
  of_id bigint, of_code text, phones text[], phone_part text, local_phones text[],
  of_key text, words text[], loose_from text[], loose_to text[], variants text[], most int, with_archived boolean,
  out settings json, out hits json, out further json)
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
declare
  ids bigint[] := '{}';
  seen bigint[] := '{}';
  phone_ids bigint[] := '{}';
  typed_phone text;
  pieces json[] := '{}';
  piece json;
  hit_count int := 0;
  last_key text;
  is_begun boolean;
  is_whole boolean := false;
  is_enough boolean := false;
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
  -- What no word of the dictionary begins with is a beginning of nothing: a part, another spelling or a typo.
  is_begun := exists (select from public.word d where d.word >= words[1] and d.word < words[1] || '~');
  if is_begun or cardinality(ids) > 0 then
    select r.hits, r.found_ids, r.last_key into piece, seen, last_key
    from public.search_rows(case when is_begun then of_key end, most, array(select distinct i from unnest(ids) i), null, with_archived) r;
    pieces := array_append(pieces, piece);
    hit_count := cardinality(seen);
    -- A page of names that begin with the whole typed words has nothing nearer to come, and a number that is no word, either.
    is_enough := (hit_count >= most and (last_key = of_key or starts_with(last_key, of_key || ' ')))
      or (hit_count > 0 and not is_begun and cardinality(phones) > 0);
  end if;
  for stage in 1..3 loop
    exit when is_enough;
    if (stage <> 2 or is_begun) and (stage < 3 or cardinality(phones) = 0 or hit_count = 0) then
      ids := case cardinality(words)
        when 0 then '{}'
        when 1 then public.search_one(stage, words[1], loose_from[1], loose_to[1], most)
        when 2 then public.search_two(stage, words, loose_from, loose_to, most)
        else public.search_many(stage, words, loose_from, loose_to, most) end;
      is_whole := is_whole or (stage = 1 and cardinality(ids) > 0);
      if cardinality(ids) > 0 then
        ids := array(select i from unnest(ids) with ordinality u (i, n) where i <> all(seen) group by i order by min(n));
      end if;
      -- What comes before may not be on the page; of what comes later no more is looked at than there is room for.
      if cardinality(ids) > 0 then
        select r.hits, r.found_ids into piece, ids
        from public.search_rows(null, 0, ids, case when stage > 1 then most - hit_count end, with_archived) r;
        pieces := array_append(pieces, piece);
        hit_count := hit_count + cardinality(ids);
        seen := seen || ids;
      end if;
    end if;
    -- Whoever has all the typed words as a whole, three or more of them, is meant; of two there may be another with longer ones.
    is_enough := hit_count >= most or (hit_count > 0 and (
      (cardinality(phones) > 0 and stage > 1)
      or (cardinality(words) > 2 and (is_whole or stage > 1))
      or (cardinality(words) = 2 and stage > 1
        and exists (select from public.client_word w where w.word = words[1] and w.other = words[2]))));
  end loop;
  hits := array_to_json(pieces);
  if cardinality(words) > 0 and not is_enough then further := public.search_words(words, loose_from, loose_to, variants); end if;
end
$$;

drop function search_near(text, text[], text[], text[], int);
