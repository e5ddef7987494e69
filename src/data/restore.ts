/** Rebuilds a ledger from its file, through the same rules as every posting: one transaction, all or nothing. */

import {type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import type {FileSummary} from '../core/ledger-file-check.ts'
import type {FiledEntry, FileLine} from '../core/ledger-file-lines.ts'
import {readLedgerFile} from '../core/ledger-file-reader.ts'
import {Refusal} from '../core/refusal.ts'
import {TransferOrder} from '../core/transfer-order.ts'
import {filedTables} from './filed-tables.ts'
import type {Ledger} from './ledger.ts'
import {type BatchedEntry, writeEntries} from './restore-entries.ts'
import {writeClients, writeRows, writeSettings, writeStaff} from './restore-people.ts'

/** Large enough for the fixed cost of a statement not to count, small enough for little memory. */
const CHUNK_ENTRIES = 5_000

export interface RestoreOptions {
  readonly onProgress?: (entries: number) => void
}

/**
 * Refused: LEDGER_NOT_EMPTY where there is anything yet; INTEGRITY for a damaged file and INVALID_INPUT for a part of
 * a ledger, or for what is no ledger. Then nothing is written.
 */
export async function restoreLedger(
  {pool}: Ledger,
  source: AsyncIterable<Uint8Array>,
  {onProgress}: RestoreOptions = {},
): Promise<FileSummary> {
  // Never replayed: the file can be read only once.
  const summary = await pool.transaction(async (tx) => {
    await tx.query(sql.unsafe`
      select set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)`)
    await refuseUnlessEmpty(tx)
    const writer = new LedgerWriter(tx, await filedTables(tx))
    const read = await fileInto(writer, source, tx, onProgress).catch(async (error) => {
      // The transaction cannot be left while a statement of it still runs.
      await writer.settled()
      throw error
    })
    await continueIds(tx)
    return read
  }, 0)
  // So that the first queries are planned for what is there now.
  await pool.query(sql.unsafe`analyze`)
  return summary
}

async function fileInto(
  writer: LedgerWriter,
  source: AsyncIterable<Uint8Array>,
  tx: DatabaseTransactionConnection,
  onProgress: RestoreOptions['onProgress'],
): Promise<FileSummary> {
  const read = await readLedgerFile(source, {
    header: ({settings, scope}) => {
      if (scope.client !== null || scope.from !== null || scope.to !== null) throw onlyAPart()
      return writeSettings(tx, settings)
    },
    lines: async (lines) => {
      await writer.lines(lines)
      onProgress?.(writer.written)
    },
  })
  await writer.end()
  return read
}

/** Two restores take turns here, and the second finds a ledger. */
async function refuseUnlessEmpty(tx: DatabaseTransactionConnection): Promise<void> {
  await tx.query(sql.unsafe`select id from settings for update`)
  const {used} = await tx.one(sql.type(z.object({used: z.boolean()}))`
    select exists (select from client) or exists (select from staff) or exists (select from import_run)
      or exists (select from entry) as used`)
  if (!used) return
  throw new Refusal('LEDGER_NOT_EMPTY', 'There is a ledger in this database already', {
    hint: 'fleks restore needs an empty database: name another one in FLEKS_DATA_DIR or FLEKS_DATABASE_URL',
  })
}

function onlyAPart(): Refusal {
  return new Refusal('INVALID_INPUT', 'The file has only a part of a ledger', {
    hint: 'Export it without a client and a period, or use: fleks backup FILE',
  })
}

function unknownTable(table: string): Refusal {
  return new Refusal('INVALID_INPUT', `The file has rows of ${table}, which this fleks does not know`, {
    hint: 'Install the newer fleks: npm install -g fleks@latest',
  })
}

/** Sorts the lines into statements. */
class LedgerWriter {
  readonly #tx: DatabaseTransactionConnection
  readonly #tables: readonly string[]
  readonly #order = new TransferOrder<BatchedEntry>()
  #ready: BatchedEntry[] = []
  #writing: Promise<void> = Promise.resolve()
  /** What the line before told of an import, if it told anything. */
  #told: bigint | null | undefined
  #batch: bigint | null = null
  #last: FiledEntry | null = null
  written = 0

  constructor(tx: DatabaseTransactionConnection, tables: readonly string[]) {
    this.#tx = tx
    this.#tables = tables
  }

  async lines(lines: readonly FileLine[]): Promise<void> {
    const staff = lines.flatMap((line) => (line.is === 'staff' ? [line.staff] : []))
    const rows = lines.flatMap((line) => (line.is === 'row' ? [line.row] : []))
    const clients = lines.flatMap((line) => (line.is === 'client' ? [line.client] : []))
    if (staff.length > 0) await writeStaff(this.#tx, staff)
    for (const table of new Set(rows.map((row) => row.table))) {
      if (!this.#tables.includes(table)) throw unknownTable(table)
      const own = rows.filter((row) => row.table === table)
      await writeRows(this.#tx, table, own)
    }
    if (clients.length > 0) await writeClients(this.#tx, clients)
    for (const line of lines) {
      if (line.is === 'batch') this.#told = line.batch
      if (line.is !== 'entry') continue
      for (const ready of this.#order.add({...line.entry, batch: this.#batchOf(line.entry)})) this.#ready.push(ready)
      if (this.#ready.length >= CHUNK_ENTRIES) await this.#flush()
    }
  }

  /** A batch goes on within an account, and is told before it changes. */
  #batchOf(entry: FiledEntry): bigint | null {
    const goesOn = this.#last?.clientId === entry.clientId && this.#last.unit === entry.unit
    this.#batch = this.#told !== undefined ? this.#told : goesOn ? this.#batch : null
    this.#told = undefined
    this.#last = entry
    return this.#batch
  }

  async end(): Promise<void> {
    await this.#flush()
    await this.#writing
  }

  /** Once nothing of it runs any more, however that ended. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => {})
  }

  /** One statement runs while the lines for the next are read. */
  async #flush(): Promise<void> {
    const entries = this.#ready
    this.#ready = []
    const before = this.#writing
    this.#writing = writeEntries(this.#tx, entries, before)
    // Told when it is waited for.
    this.#writing.catch(() => {})
    await before
    this.written += entries.length
  }
}

/** The next client, staff member and import follow those that are there. */
async function continueIds(tx: DatabaseTransactionConnection): Promise<void> {
  await tx.query(sql.unsafe`
    select
      (select setval(pg_get_serial_sequence('client', 'id'), max(id)) from client having max(id) is not null),
      (select setval(pg_get_serial_sequence('staff', 'id'), max(id)) from staff having max(id) is not null),
      (select setval(pg_get_serial_sequence('import_run', 'id'), max(id)) from import_run having max(id) is not null)`)
}
