/** Files of a whole ledger as JSON (docs/schemas). */

import type {FileSummary} from '../core/ledger-file-check.ts'

export function fileSummaryJson({staff, clients, entries, checkpoint}: FileSummary) {
  const {digest, accounts} = checkpoint
  return {staff, clients, accounts: Number(accounts), entries, digest}
}
