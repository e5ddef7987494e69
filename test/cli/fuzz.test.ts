/**
 * Every argument and flag of every command with values that nobody means, inside this process, on one database.
 * FUZZ_SEED= tries others, FUZZ_RUNS=20 twenty times as many.
 */

import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import fc from 'fast-check'
import pg from 'pg'
import {addClient} from '../../src/data/clients.ts'
import {connectionConfig} from '../../src/data/driver.ts'
import {topup} from '../../src/data/posting.ts'
import {hostileTexts} from '../support/arbitraries.ts'
import {COMMANDS, type CommandSurface, type FlagSurface, plausible} from '../support/command-surface.ts'
import {type TestDatabase, withTestDatabase} from '../support/database.ts'
import {FUZZ_SEED, fuzz, hostileFor, hostileValues} from '../support/hostile.ts'
import {runHere} from '../support/in-process.ts'
import {temporaryFolder} from '../support/server.ts'
import {expectTame} from '../support/tame.ts'
import {openBusiness, request, UNIQUE} from '../support/world.ts'

/** These play or start whole servers when they are not refused; test/cli/demo.test.ts and others run them. */
const ONLY_REFUSED = ['demo', 'db:start']

/** These write much wherever they may. */
const SLOW = ['backup']

const RUNS_PER_PLACE = 5
const SECRET = 'hunter2'

/** The places where something can be typed: each argument, each flag, and one where nothing belongs. */
function placesOf({args, flags}: CommandSurface): readonly string[] {
  return [...Object.keys(args), ...Object.keys(flags).map((name) => `--${name}`), '']
}

/** The words of a call that is hostile in one place; a refusal of one would hide all others. */
function callsOf(id: string, {args, flags}: CommandSurface, place: string): fc.Arbitrary<readonly string[]> {
  const argument = (name: string, required: boolean) => {
    if (name === place) return hostileFor(name).map((value) => [value])
    const meant = fc.constant([plausible(id, name)])
    return required ? meant : fc.oneof(meant, fc.constant([]))
  }
  const flag = (name: string, {type, options, required}: FlagSurface) => {
    if (`--${name}` === place) {
      if (type === 'option') return hostileFor(place).map((value) => [place, value])
      return fc.oneof(
        {weight: 4, arbitrary: fc.constant([place])},
        {weight: 1, arbitrary: hostileValues.map((value) => [`${place}=${value}`])},
      )
    }
    const values = options === undefined ? fc.constant(plausible(id, `--${name}`)) : fc.constantFrom(...options)
    const meant = type === 'boolean' ? fc.constant([`--${name}`]) : values.map((value) => [`--${name}`, value])
    return required === true ? meant : fc.oneof({weight: 4, arbitrary: fc.constant([])}, {weight: 1, arbitrary: meant})
  }
  // What begins with a minus is no flag after `--`: there the argument itself is reached.
  const typed = fc
    .tuple(
      fc.boolean(),
      fc.tuple(...Object.entries(args).map(([name, {required}]) => argument(name, required === true))),
    )
    .map(([ended, words]) => (ended ? ['--', ...words.flat()] : words.flat()))
  const marked = fc.tuple(...Object.entries(flags).map(([name, surface]) => flag(name, surface)))
  const astray = place === '' ? hostileValues.map((value) => [`--x${value}`]) : fc.constant([])
  return fc.tuple(astray, marked, typed).map(([first, second, third]) => [...first, ...second.flat(), ...third])
}

/** Tells every row of every table in short, on one connection; a refusal must leave it as it was. */
async function watched<T>(
  {superuserUrl}: TestDatabase,
  work: (state: () => Promise<string>) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(connectionConfig(superuserUrl))
  await client.connect()
  try {
    const {rows: tables} = await client.query<{name: string}>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1`,
    )
    const sums = tables.map(
      ({name}) => `select '${name}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text from ${name} t`,
    )
    return await work(async () => JSON.stringify((await client.query(sums.join(' union all '))).rows))
  } finally {
    await client.end()
  }
}

describe('whatever is typed', function () {
  this.timeout(600_000)
  let home: string
  const start = process.cwd()

  before(async () => {
    process.stderr.write(`      FUZZ_SEED=${FUZZ_SEED}\n`)
    home = await temporaryFolder()
    mkdirSync(join(home, 'work'))
    // What is taken for the name of a file is looked for here.
    process.chdir(join(home, 'work'))
  })

  after(() => {
    process.chdir(start)
    rmSync(home, {recursive: true, force: true})
  })

  const environment = (url: string) => ({HOME: home, FLEKS_DATABASE_URL: url, FLEKS_OPERATOR: 'tester'})

  for (const [id, surface] of COMMANDS) {
    it(`to ${id.replaceAll(':', ' ')}: one sentence or an answer, and nothing is written that was refused`, async () => {
      const places = ONLY_REFUSED.includes(id) ? [''] : placesOf(surface)
      await withTestDatabase(async (database) => {
        const {ledger, url} = database
        await openBusiness(ledger)
        await addClient(ledger, 'Tom Baker', {}, UNIQUE)
        if (id !== 'opening') await topup(ledger, request('1', '50'))
        await watched(database, async (state) => {
          let earlier = await state()
          for (const place of places) {
            await fc.assert(
              fc.asyncProperty(callsOf(id, surface, place), async (rest) => {
                const outcome = await runHere(id, rest, {env: environment(url), input: SECRET})

                expectTame({id, rest}, outcome)
                const later = await state()
                if (outcome.code !== 0 && outcome.code !== 7) expect(later, 'written though refused').to.equal(earlier)
                earlier = later
              }),
              fuzz(SLOW.includes(id) ? 1 : RUNS_PER_PLACE),
            )
          }
        })
      })
    })
  }

  it('as names, notes and references: kept as given or refused, and harmless in every form of every list', async () => {
    await withTestDatabase(async ({ledger, url}) => {
      await openBusiness(ledger)
      const run = (id: string, ...rest: readonly string[]) => runHere(id, rest, {env: environment(url)})
      const kept = (text: string) => text.trim().normalize('NFC')
      await fc.assert(
        fc.asyncProperty(hostileTexts, hostileValues, hostileValues, async (name, note, reference) => {
          const rest = ['--allow-duplicate', '--json', '--note', note, '--', name]
          const added = await run('client:add', ...rest)
          expectTame({id: 'client:add', rest}, added)
          if (added.code === 0) {
            const {client} = JSON.parse(added.stdout)
            expect([client.name, client.note ?? '']).to.deep.equal([kept(name).replace(/\s+/gu, ' '), kept(note)])
          }
          const words = ['1', '5', '--json', `--note=${name}`, `--reference=${reference}`]
          const posted = await run('topup', ...words)
          expectTame({id: 'topup', rest: words}, posted)
          if (posted.code === 0) {
            const {entry, replayed} = JSON.parse(posted.stdout)
            expect(entry.reference).to.equal(kept(reference))
            if (!replayed) expect(entry.note).to.equal(kept(name))
          }
        }),
        fuzz(60),
      )
      for (const format of ['table', 'json', 'jsonl', 'csv']) {
        for (const id of ['client:list', 'history']) {
          const rest = ['--limit', '10000', '--format', format]
          const outcome = await run(id, ...rest)
          expect(outcome.code).to.equal(0)
          expectTame({id, rest}, outcome)
          if (format === 'csv') expect(outcome.stdout).to.not.match(/(?:^|,)"?[=+@＝＋＠]/m)
        }
      }
      for (const text of ['a', '1', '👨‍👩‍👧', 'ə', 'no such client at all']) {
        for (const id of ['client:search', 'client:show']) {
          expectTame({id, rest: [text]}, await run(id, text))
          expectTame({id, rest: [text, '--json']}, await run(id, text, '--json'))
        }
      }
    })
  })

  it('into the config file: an answer or one sentence, without the values of the file', async () => {
    const config = join(home, 'config.json')
    const texts = fc.oneof(
      fc
        .dictionary(fc.constantFrom('databaseUrl', 'dataDir', 'operator', 'other'), hostileValues)
        .map((o) => JSON.stringify(o)),
      fc.json(),
      hostileValues,
      fc.constant(`{"databaseUrl": "postgresql://ina:${SECRET}@127.0.0.1:1/x"`),
      fc.constant(`{"${SECRET}": 1}`.repeat(2)),
    )
    const calls = fc.constantFrom<[string, ...string[]]>(
      ['config:get', 'database-url'],
      ['config:get', 'data-dir', '--json'],
      ['config:set', 'operator', 'Bo', '--json'],
      ['db:url'],
      ['db:status', '--json'],
    )
    await fc.assert(
      fc.asyncProperty(texts, calls, async (text, [id, ...rest]) => {
        writeFileSync(config, text)
        const outcome = await runHere(id, rest, {env: {HOME: home, FLEKS_CONFIG: config}})
        expectTame({id, rest, secret: SECRET}, outcome)
      }),
      fuzz(120),
    )
  })

  it('into the variables of the environment: an answer or one sentence', async () => {
    await withTestDatabase(async ({url}) => {
      const names = [
        'FLEKS_DATA_DIR', 'FLEKS_OPERATOR', 'FLEKS_CONFIG', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'HOME', 'LANG', 'LC_ALL',
        'NO_COLOR', 'FORCE_COLOR', 'DEBUG', 'COLUMNS', 'TZ', 'TERM', 'PGPORT', 'PGHOST', 'PGUSER', 'PGOPTIONS', 'PGSSLMODE', 'PGSSLNEGOTIATION', 'PGAPPNAME',
        'PGPASSFILE', 'PGCHANNELBINDING', 'PGCONNECT_TIMEOUT',
      ] // biome-ignore format: a list
      const variables = fc.dictionary(
        fc.constantFrom(...names),
        hostileValues.map((text) => text.replaceAll('\0', '')),
        {
          minKeys: 1,
          maxKeys: 4,
        },
      )
      const calls = fc.constantFrom<[string, ...string[]]>(
        ['config:list'],
        ['config:get', 'data-dir', '--json'],
        ['config:get', 'operator'],
        ['db:url', '--json'],
        ['balance', '--json'],
        ['doctor', '--json'],
      )
      await fc.assert(
        fc.asyncProperty(variables, calls, async (env, [id, ...rest]) => {
          const outcome = await runHere(id, rest, {env: {HOME: home, FLEKS_DATABASE_URL: url, ...env}})
          expectTame({id, rest}, outcome)
        }),
        fuzz(150),
      )
    })
  })

  it('as a database URL: an answer or one sentence, and never the password', async () => {
    await withTestDatabase(async ({url}) => {
      const piece = hostileValues.map((text) => text.replaceAll('\0', '').slice(0, 300))
      const hosts = fc.constantFrom(
        '',
        '127.0.0.1:1',
        '[::1]:1',
        '127.0.0.1:99999',
        '%2Fdev%2Fnull',
        '127.0.0.1:1:1',
        '%00',
        new URL(url).host,
      )
      const names = fc.constantFrom(
        'host', 'port', 'user', 'password', 'options', 'application_name', 'sslmode', 'ssl', 'sslcert', 'sslkey', 'sslrootcert', 'sslcrl',
        'sslpassword', 'sslnegotiation', 'channel_binding', 'stream', 'connection', 'types', 'binary', 'Promise', 'connectionString', 'statement_timeout',
        'query_timeout', 'keepAlive', 'schema', '__proto__', 'lookup', 'target_session_attrs', 'replication', 'client_encoding', 'enableChannelBinding',
      ) // biome-ignore format: a list
      const queries = fc
        .array(fc.tuple(names, piece), {maxLength: 3})
        // Another host would be asked for over the network.
        .map((pairs) =>
          pairs
            .map(
              ([name, value]) =>
                `${name}=${encodeURIComponent((name === 'host' ? `/${value}` : value).toWellFormed())}`,
            )
            .join('&'),
        )
      const schemes = fc.constantFrom(
        'postgresql://',
        'postgres://',
        'postgresql:',
        'http://',
        '',
        'socket:',
        ' postgresql://',
      )
      const urls = fc.oneof(
        piece.map((text) => `/${text}`),
        queries.map((query) => `${url}?${query}`),
        fc
          .tuple(schemes, piece, hosts, piece, queries)
          .map(([scheme, user, host, path, query]) => `${scheme}${user}:${SECRET}@${host}/${path}?${query}`),
        fc.tuple(schemes, hosts).map(([scheme, host]) => `${scheme}ina:12/${SECRET}@${host}`),
      )
      const calls = fc.constantFrom<[string, ...string[]]>(
        ['balance', '--json'],
        ['config:get', 'database-url'],
        ['db:status', '--json'],
        ['doctor', '--json'],
        ['db:migrate', '--json'],
      )
      await fc.assert(
        fc.asyncProperty(urls, calls, async (hostile, [id, ...rest]) => {
          const outcome = await runHere(id, rest, {env: {HOME: home, FLEKS_DATABASE_URL: hostile, DEBUG: '*'}})
          expectTame({id, rest, secret: SECRET}, outcome)
        }),
        fuzz(200),
      )
    })
  })
})
