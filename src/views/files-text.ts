/** What was written to a file, or read from one, as people read it. */

import {safeText} from '../core/safe-text.ts'

export function exportText(file: string, {entries}: {readonly entries: number}): string {
  return `Wrote ${counted(entries, 'entry', 'entries')} to ${safeText(file)}\n`
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
