-- An import that is at work says so again and again, by this server's clock. Whoever waits for it goes on when it has
-- ended (null) or has fallen silent, and holds no connection meanwhile.
alter table import_run add column alive_until timestamptz;
create index import_run_at_work on import_run (alive_until) where alive_until is not null;

-- Nothing is found by it: the loose forms are looked up word by word.
alter table client drop column loose_key;

-- For whom lines of files without references were posted after they had been refused at first: a line that was mended
-- is the same line, so it is posted for no second client. Only such lines are here.
create table import_claim (
  reference text collate "C" primary key,
  client_id bigint not null
);
