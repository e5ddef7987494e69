/** Reads the whole ledger, or a part of it, out of one consistent picture into a form of text. */

import {createHash} from 'node:crypto'
import type {DatabaseTransactionConnection} from 'slonik'
import type {Settings} from '../core/client.ts'
import type {ExportForm} from '../core/export-form.ts'
import {Refusal} from '../core/refusal.ts'
import {exportedEntries} from './export-entries.ts'
import {streamFiledClients, streamFiledRows, streamFiledStaff} from './export-people.ts'
import {findScope, type Scope, type ScopeRequest} from './export-scope.ts'
import {isConnectionLoss} from './failure.ts'
import type {Ledger} from './ledger.ts'
import {inSnapshot} from './snapshot.ts'

export interface ExportCounts {
  readonly clients: number
  readonly entries: number
}

export interface ExportOptions {
  /** Of this fleks. */
  readonly version: string
  readonly form: (settings: Settings, scope: Scope) => ExportForm
  /** Awaited before much more is read. */
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** Something else to read from the same picture. */
  readonly also?: (tx: DatabaseTransactionConnection) => Promise<void>
}

/** Counts what was written; a form without clients counts none. Refused: as `findScope`. */
export async function exportLedger(
  ledger: Ledger,
  request: ScopeRequest,
  {version, form, write, also}: ExportOptions,
): Promise<ExportCounts> {
  let begun = false
  const read = inSnapshot(ledger, async (tx) => {
    const {scope, settings} = await findScope(tx, request, ledger.now())
    const {start, staff, rows, clients, entries, end, sealed, needsReversed} = form(settings, scope)
    const counts = {clients: 0, entries: 0}
    const exportedAt = ledger.now().toISOString()
    const digest = createHash('sha256')
    const put = (text: string) => {
      begun = true
      const bytes = Buffer.from(text)
      if (sealed) digest.update(bytes)
      return write(bytes)
    }
    await put(start({version, exportedAt, scope: shownScope(scope), settings}))
    if (staff) await streamFiledStaff(tx, (some) => put(staff(some)))
    if (rows) await streamFiledRows(tx, (some) => put(rows(some)))
    if (clients) {
      await streamFiledClients(tx, scope, (some) => {
        counts.clients += some.length
        return put(clients(some))
      })
    }
    await exportedEntries(tx, scope, {countedUnits: settings.countedUnits, needsReversed}, (some) => {
      counts.entries += some.length
      return put(entries(some))
    })
    await write(Buffer.from(end(sealed ? digest.digest('hex') : '')))
    await also?.(tx)
    return counts
  })
  try {
    return await read
  } catch (error) {
    // What was written cannot be taken back, so nobody may begin anew.
    throw begun && isConnectionLoss(error) ? cutShort(error) : error
  }
}

function cutShort(cause: unknown): Refusal {
  return new Refusal('DATABASE_UNAVAILABLE', 'The database went away in the middle, so what was written is not whole', {
    hint: 'Run it again',
    cause,
  })
}

function shownScope({client, from, to}: Scope) {
  return {client: client?.id ?? null, from: from?.toISOString() ?? null, to: to?.toISOString() ?? null}
}
