/** A ledger's own file among those to import: an export or a backup, which is rebuilt instead of read line by line. */

import {Refusal} from '../core/refusal.ts'
import {quoted} from '../core/text.ts'
import {unpackedFrom} from './packed-file.ts'

/** How our own files begin, whatever they are packed with (docs/EXPORT.md). */
const BEGINNING = /^\s*\{\s*"fleks"\s*:\s*"ledger"/
const LOOKED_AT_MIN = 200

/** Whether a file is a ledger that fleks wrote; one that cannot be unpacked is not. */
export async function isLedgerFile(path: string): Promise<boolean> {
  let beginning = ''
  try {
    for await (const bytes of unpackedFrom(path)) {
      beginning += Buffer.from(bytes).toString('latin1')
      if (beginning.length >= LOOKED_AT_MIN) break
    }
  } catch {
    // What could be unpacked is enough to tell; whoever reads all of it tells what is wrong.
  }
  return BEGINNING.test(beginning)
}

/** Flags that say something about a ledger's file as well. */
const FITTING = new Set(['json', 'atomic', 'rejects'])

/** Refused (USAGE): other files beside a ledger, and flags about lines. */
export function refuseBesideLedger(name: string, files: number, flags: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(flags).filter(
    (flag) => !FITTING.has(flag) && flags[flag] !== undefined && flags[flag] !== false,
  )
  if (files === 1 && given.length === 0) return
  const what = files > 1 ? 'the other files' : given.map((flag) => `--${flag}`).join(' ')
  throw new Refusal('USAGE', `${quoted(name)} is a whole ledger, which ${what} cannot go with`, {
    hint: given.includes('dry-run')
      ? `Check it with: fleks backup verify ${name}`
      : `Rebuild it with: fleks restore ${name}`,
  })
}
