/** Fresh ledgers for the benchmarks of files, and the files: lines to import, operations for a batch. */

import {once} from 'node:events'
import {chmodSync, createWriteStream, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import pg from 'pg'
import {connectionConfig} from '../src/data/driver.ts'
import {migrate, readMigrations} from '../src/data/migrate.ts'
import {locate, type ServerLocation, serverUrl} from '../src/server/location.ts'
import {ensureServer} from '../src/server/start.ts'
import {stopServer} from '../src/server/stop.ts'
import {type Ran, type RunOptions, runMeasured} from './measured.ts'

const STAFF = 20
const PIECE_CHARACTERS = 1_000_000

export class BulkServer {
  readonly folder: string
  readonly location: ServerLocation

  private constructor(folder: string, location: ServerLocation) {
    this.folder = folder
    this.location = location
  }

  static async start(): Promise<BulkServer> {
    const folder = mkdtempSync(join(tmpdir(), 'fleks-bench-'))
    chmodSync(folder, 0o711)
    return new BulkServer(folder, await ensureServer(locate(join(folder, 'data'))))
  }

  async stop(): Promise<void> {
    await stopServer(this.location)
    rmSync(this.folder, {recursive: true, force: true})
  }

  url(name: string): string {
    return serverUrl(this.location, 'fleks', name)
  }

  async connected<T>(name: string, work: (db: pg.Client) => Promise<T>): Promise<T> {
    const db = new pg.Client(connectionConfig(this.url(name)))
    await db.connect()
    try {
      return await work(db)
    } finally {
      await db.end()
    }
  }

  /** Runs the program on one of its databases; `files` for its stdin and stdout. */
  run(name: string, args: readonly string[], files: Pick<RunOptions, 'input' | 'output'> = {}): Ran {
    return runMeasured(args, {location: this.location, url: this.url(name), home: this.folder, ...files})
  }

  /** A migrated database with nothing in it, and nothing of what was done before waiting to be written. */
  async empty(name: string): Promise<string> {
    await this.connected('postgres', async (db) => {
      await db.query(`drop database if exists ${name} with (force)`)
      await db.query(`create database ${name} template template0`)
    })
    await migrate(this.url(name), await readMigrations(join(import.meta.dirname, '..', 'migrations')))
    await this.connected(name, (db) => db.query('checkpoint'))
    return this.url(name)
  }

  /** A ledger with clients, accounts and staff, and nothing posted. */
  async fresh(name: string, clients: number): Promise<string> {
    const url = await this.empty(name)
    await this.connected(name, async (db) => {
      await db.query(`
        insert into staff (name, search_key) select 'Staff' || n, 'staff' || n from generate_series(1, ${STAFF}) n;
        insert into client (name, search_key)
          select 'Client ' || n, 'client ' || n from generate_series(1, ${clients}) n;
        insert into account (client_id, unit) select n, 'AZN' from generate_series(1, ${clients}) n;
        analyze`)
      await db.query('checkpoint')
    })
    return url
  }
}

interface Line {
  readonly reference: string
  readonly date: string
  readonly client: number
  /** Without a sign. */
  readonly amount: string
  readonly staff: string | null
  readonly note: string | null
}

/** Every client first brings money in; then half of the lines, at random, charge it. The same for the same size. */
function* linesOf(lines: number, clients: number): Generator<Line> {
  let seed = 42
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    return Math.floor((seed / 0x80000000) * below)
  }
  for (let line = 0; line < lines; line++) {
    const isIn = line < clients || random(2) === 0
    const client = 1 + (line < clients ? line : random(clients))
    const amount = isIn ? `${50 + random(100)}.00` : `${10 + random(10)}.50`
    yield {
      reference: `IMP-${line.toString(36)}`,
      date: new Date(Date.UTC(2015, 0, 1) + line * 60_000).toISOString().slice(0, 16).replace('T', ' '),
      client,
      amount,
      note: random(10) === 0 ? `note for visit ${line}` : null,
      staff: isIn ? null : `Staff${1 + random(STAFF)}`,
    }
  }
}

/** A file to import. */
export function writeCsv(path: string, lines: number, clients: number): Promise<void> {
  const text = ({reference, date, client, amount, staff, note}: Line) =>
    staff === null
      ? `${reference},${date},${client},${amount},,cash,${note ?? ''}\n`
      : `${reference},${date},${client},-${amount},${staff},,${note ?? ''}\n`
  return write(path, 'reference,date,client,amount,staff,method,note\n', linesOf(lines, clients), text)
}

/** The same as operations for a batch. */
export function writeOperations(path: string, lines: number, clients: number): Promise<void> {
  const text = ({reference, date, client, amount, staff, note}: Line) =>
    `${JSON.stringify({
      op: staff === null ? 'topup' : 'pay',
      client,
      amount,
      ...(staff === null ? {method: 'cash'} : {staff}),
      ...(note === null ? {} : {note}),
      reference,
      at: date,
    })}\n`
  return write(path, '', linesOf(lines, clients), text)
}

async function write(path: string, header: string, lines: Iterable<Line>, textOf: (line: Line) => string) {
  const file = createWriteStream(path)
  let text = header
  for (const line of lines) {
    text += textOf(line)
    if (text.length > PIECE_CHARACTERS) {
      if (!file.write(text)) await once(file, 'drain')
      text = ''
    }
  }
  file.end(text)
  await once(file, 'finish')
}
