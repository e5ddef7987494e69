/** The forms in which a ledger leaves the house. */

import type {Settings} from '../core/client.ts'
import type {Entry} from '../core/entry.ts'
import type {ExportForm} from '../core/export-form.ts'
import {entryJson} from './entry-json.ts'
import {type JournalDialect, journalIn} from './journal.ts'
import {batchLine, clientLine, endLine, entryLine, headerLine, rowLine, staffLine} from './ledger-jsonl.ts'
import {entriesCsvHeader, entriesCsvRows} from './lists-csv.ts'

/** Everything, and at the end a digest over it. Entries are as every command shows them. */
export function jsonlForm(settings: Settings): ExportForm {
  const counts = {staff: 0, rows: 0, clients: 0, entries: 0}
  let batchTold: bigint | null = null
  let last: Entry | null = null
  const counted = <T>(what: keyof typeof counts, lineOf: (one: T) => string) => {
    return (some: readonly T[]) => {
      counts[what] += some.length
      return some.map(lineOf).join('')
    }
  }
  return {
    start: headerLine,
    staff: counted('staff', staffLine),
    rows: counted('rows', rowLine),
    clients: counted('clients', (client) => clientLine(client, settings)),
    entries: counted('entries', ({entry, batch}) => {
      const line = entryLine(entry, settings.unit)
      // Of every account anew, so that an account's lines are the same wherever it stands.
      if (entry.seq === 1n || entry.clientId !== last?.clientId || entry.unit.code !== last.unit.code) batchTold = null
      last = entry
      if (batch === batchTold) return line
      batchTold = batch
      return batchLine(batch) + line
    }),
    end: (sha256) => endLine({...counts, sha256}),
    sealed: true,
    needsReversed: false,
  }
}

export function csvForm(settings: Settings): ExportForm {
  return {
    start: entriesCsvHeader,
    entries: (some) => entriesCsvRows(some.map(({entry}) => entryJson(entry, settings.unit))),
    end: () => '',
    sealed: false,
    needsReversed: false,
  }
}

/** `whole`: each account is there from its first entry to its last. */
export function journalForm(
  dialect: JournalDialect,
  settings: Settings,
  options: {readonly whole: boolean},
): ExportForm {
  const journal = journalIn(dialect, settings, options)
  return {
    start: journal.header,
    entries: (some) => some.map(journal.entry).join(''),
    end: journal.end,
    sealed: false,
    needsReversed: true,
  }
}
