/** The answers of a batch: of each operation the JSON that its single command prints. */

import type {BatchAnswer} from '../core/batch.ts'
import {balancesJson, clientCardJson, staffAnswerJson, totalsJson} from './client-json.ts'
import {postingJson, transferJson} from './entry-json.ts'

export function batchAnswerJson(answer: BatchAnswer): object {
  switch (answer.of) {
    case 'posting':
      return postingJson(answer.posting, answer.settings.unit)
    case 'transfer':
      return transferJson(answer.posting, answer.settings.unit)
    case 'client':
      return clientCardJson(answer.client)
    case 'staff':
      return staffAnswerJson(answer.staff)
    case 'balances':
      return balancesJson(answer)
    case 'totals':
      return totalsJson(answer.totals)
  }
}
