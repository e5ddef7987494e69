/** Decides whether a posting is asked for in full or in a conversation. */

import type {Format} from '../core/screen.ts'
import type {Ledger} from '../data/ledger.ts'
import type {PostingRequest} from '../data/posting.ts'
import {type PostingInput, postingRequest} from './requests.ts'
import {canAsk} from './terminal.ts'

/** The request as typed; in a terminal, with the client or the amount left out, the owner is led through it. */
export async function completeRequest(
  ledger: Ledger,
  kind: 'topup' | 'payment',
  input: PostingInput,
  format: Format,
): Promise<PostingRequest> {
  const complete = input.args.client !== undefined && input.args.amount !== undefined
  if (complete || !canAsk(format)) return postingRequest(input)
  const {askPosting} = await import('./prompts.ts')
  return askPosting(ledger, kind, input)
}
