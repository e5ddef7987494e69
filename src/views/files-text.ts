/** What was written to a file, or read from one, as people read it. */

import type {FileSummary} from '../core/ledger-file-check.ts'
import {safeText} from '../core/safe-text.ts'

interface Counts {
  readonly clients: number
  readonly entries: number
}

export function exportText(file: string, {entries}: Counts): string {
  return `Wrote ${counted(entries, 'entry', 'entries')} to ${safeText(file)}\n`
}

export function backupText({
  file,
  drilled,
  ...counts
}: Counts & {readonly file: string | null; readonly drilled: boolean}): string {
  const drill = drilled ? 'Restored it into a scratch database and verified it there: it is the same ledger\n' : ''
  return `Backed up ${countsText(counts)}${file === null ? '' : ` into ${safeText(file)}`}\n${drill}`
}

export function verifiedText(file: string, summary: FileSummary): string {
  return `${safeText(file)} is whole: ${countsText(summary)}\nDigest ${summary.checkpoint.digest}\n`
}

export function restoredText(file: string, summary: FileSummary): string {
  return `Restored ${countsText(summary)} from ${safeText(file)}\nDigest ${summary.checkpoint.digest}\n`
}

function countsText({clients, entries}: Counts): string {
  return `${counted(clients, 'client', 'clients')} and ${counted(entries, 'entry', 'entries')}`
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
