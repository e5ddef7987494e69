-- Who may do what. `fleks db migrate` runs this after the migrations, in their transaction, and again every time: the
-- second run changes nothing. It sets each right anew, so what somebody granted by hand is taken back.
--
--   fleks_owner   owns the schema, and with it the functions that move balances
--   fleks_desk    posts and reads: adds entries and moves no balance by itself, changes or deletes no entry
--   fleks_reader  reads
--
-- Roles belong to the whole server, and a managed one may not let everybody make them. Each block below then leaves its
-- part undone with a warning, and the rest works all the same; `fleks db roles` shows what is missing.
-- They are made without a login: an administrator gives each person one, as in
--   create role anna login password '…' in role fleks_desk;

do $$
begin
  if to_regrole('fleks_owner') is null then create role fleks_owner nologin; end if;
  if to_regrole('fleks_desk') is null then create role fleks_desk nologin; end if;
  if to_regrole('fleks_reader') is null then create role fleks_reader nologin; end if;
exception
  when insufficient_privilege then
    raise warning 'the user % may not create roles: fleks_owner, fleks_desk, fleks_reader', current_user;
  -- Another database of this server is being migrated at the same moment, and its migrator has made them.
  when duplicate_object or unique_violation then null;
end
$$;

-- The functions run with their owner's rights, whoever calls them; by default everybody may call a function.
do $$
begin
  revoke create on schema public from public;
exception
  when insufficient_privilege then
    raise warning 'the user % may not keep others from creating things in the schema public', current_user;
end
$$;
do $$
begin
  revoke all on function hold_account(bigint, text, text), entry_moves_account(), broken_entry_link(bigint, text, bigint),
    refuse_change(), hold_accounts(bigint[], text[], boolean[], bigint[], text[]), known_references(bigint[], text[]),
    take_client_ids(bigint), take_staff_ids(bigint) from public;
exception
  when insufficient_privilege then
    raise warning 'the user % does not own the functions, so who may call them stays as it was', current_user;
end
$$;

do $$
declare
  statement text;
begin
  if to_regrole('fleks_owner') is null then return; end if;
  -- Only a member may hand things over, and later migrations change what they have not made.
  if not pg_has_role(current_user, 'fleks_owner', 'usage') then
    execute format('grant fleks_owner to %I', current_user);
  end if;
  grant usage, create on schema public to fleks_owner;
  for statement in
    select format('alter table %s owner to fleks_owner', c.oid::regclass)
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relowner <> 'fleks_owner'::regrole
      and c.relname in ('account', 'client', 'client_code', 'client_word', 'counted_unit', 'entry', 'import_claim', 'import_lines',
        'import_refusal', 'import_run', 'migration', 'settings', 'staff', 'word', 'word_variant')
    union all
    select format('alter function %s owner to fleks_owner', p.oid::regprocedure)
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proowner <> 'fleks_owner'::regrole
      and p.proname in ('broken_entry_link', 'current_settings', 'entry_moves_account', 'find_clients', 'find_staff',
        'hold_account', 'hold_accounts', 'known_references', 'period_totals', 'phone_fours', 'refuse_change', 'search_clients',
        'search_far', 'search_hits', 'search_many', 'search_one', 'search_parts', 'search_phones', 'search_rows', 'search_two',
        'search_words', 'take_client_ids', 'take_staff_ids')
  loop
    execute statement;
  end loop;
exception
  when insufficient_privilege then
    raise warning 'the user % may not hand the schema over to fleks_owner', current_user;
end
$$;

do $$
begin
  if to_regrole('fleks_desk') is null then return; end if;
  execute format('grant connect on database %I to fleks_desk', current_database());
  revoke all on schema public from fleks_desk;
  grant usage on schema public to fleks_desk;

  revoke all on account, client, client_code, client_word, counted_unit, entry, import_claim, import_lines,
    import_refusal, import_run, migration, settings, staff, word,
    word_variant from fleks_desk;
  grant select on account, client, client_code, client_word, counted_unit, entry, import_claim, import_lines,
    import_refusal, import_run, migration, settings, staff, word,
    word_variant to fleks_desk;

  grant insert (id, name, search_key, phone, phone_digits, email, code, birth_date, category, source, address, note,
      default_price, archived_at),
    update (name, search_key, phone, phone_digits, email, code, birth_date, category, source, address, note,
      default_price, archived_at)
    on client to fleks_desk;
  grant insert, delete on client_code, client_word to fleks_desk;
  grant insert on word, word_variant to fleks_desk;
  grant insert (id, name, search_key, archived_at), update (name, search_key, archived_at) on staff to fleks_desk;
  grant update (business_name, unit, time_zone, locale) on settings to fleks_desk;
  grant insert, delete on counted_unit to fleks_desk;
  grant insert, update on import_run to fleks_desk;
  grant insert on import_lines to fleks_desk;
  grant insert, delete on import_claim, import_refusal to fleks_desk;

  -- An account opens empty. `hold` never changes, and the right to update it is what `for update` asks for.
  grant insert (client_id, unit), update (hold) on account to fleks_desk;
  -- Not recorded_at: when something was written down is for the server's clock to say.
  grant insert (client_id, unit, seq, amount, balance_before, balance_after, staff_id, reverses, counter_client_id,
      counter_seq, batch, occurred_at, kind, direction, method, note, reference, operator, hash)
    on entry to fleks_desk;
  grant execute on function hold_account(bigint, text, text), known_references(bigint[], text[]),
    hold_accounts(bigint[], text[], boolean[], bigint[], text[]), take_client_ids(bigint), take_staff_ids(bigint)
    to fleks_desk;
exception
  when insufficient_privilege then
    raise warning 'the user % may not grant fleks_desk its rights', current_user;
end
$$;

do $$
begin
  if to_regrole('fleks_reader') is null then return; end if;
  execute format('grant connect on database %I to fleks_reader', current_database());
  revoke all on schema public from fleks_reader;
  grant usage on schema public to fleks_reader;
  revoke all on account, client, client_code, client_word, counted_unit, entry, import_claim, import_lines,
    import_refusal, import_run, migration, settings, staff, word,
    word_variant from fleks_reader;
  grant select on account, client, client_code, client_word, counted_unit, entry, import_claim, import_lines,
    import_refusal, import_run, migration, settings, staff, word,
    word_variant to fleks_reader;
exception
  when insufficient_privilege then
    raise warning 'the user % may not grant fleks_reader its rights', current_user;
end
$$;
