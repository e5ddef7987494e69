/** Backs up, restores into an empty database of its own, verifies there, and compares: all that a backup is for. */

import {LedgerSum} from '../core/ledger-comparison.ts'
import {Refusal} from '../core/refusal.ts'
import {derivedSum} from '../data/derived-sum.ts'
import {type ExportOptions, exportLedger} from '../data/export.ts'
import type {Ledger} from '../data/ledger.ts'
import {restoreLedger} from '../data/restore.ts'
import {verify} from '../data/verify.ts'
import {withLedgerAt} from './connect.ts'
import {unpackedFrom} from './packed-file.ts'
import {withScratchServer} from './scratch-server.ts'

/** What was backed up, in few bytes, taken in the same picture of the ledger. */
export interface Original {
  readonly lines: LedgerSum
  readonly derived: string
}

/** Refused (INTEGRITY): a backup that does not give back exactly what was backed up. */
export async function drill(
  file: string,
  original: Original,
  form: Pick<ExportOptions, 'form' | 'version'>,
): Promise<void> {
  await withScratchServer((url) =>
    withLedgerAt(url, async (ledger) => {
      await restoreLedger(ledger, unpackedFrom(file))
      await compare(ledger, original, form)
    }),
  )
}

async function compare(
  ledger: Ledger,
  original: Original,
  form: Pick<ExportOptions, 'form' | 'version'>,
): Promise<void> {
  const {damages, damageCount} = await verify(ledger, {client: null, earlier: null})
  if (damageCount > 0) throw differs(`${damages[0]?.message}`)
  const lines = new LedgerSum()
  await exportLedger(
    ledger,
    {client: null, from: null, to: null},
    {
      ...form,
      write: async (bytes) => lines.add(bytes),
    },
  )
  if (lines.text !== original.lines.text) throw differs('its lines are others')
  if ((await derivedSum(ledger.pool)) !== original.derived) throw differs('clients are found by other words')
}

function differs(how: string): Refusal {
  return new Refusal('INTEGRITY', `What the backup gives back is not what was backed up: ${how}`, {
    hint: 'Keep the older backups, and look at the ledger with: fleks verify',
  })
}
