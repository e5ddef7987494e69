/** Decides whether a posting is asked for in full or in a conversation. */

import {Refusal} from '../core/refusal.ts'
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
  if (!complete && canAsk(format)) {
    const {askPosting} = await import('./prompts.ts')
    return askPosting(ledger, kind, input)
  }
  const request = postingRequest(input)
  if (kind === 'topup' && request.amount === null) {
    throw new Refusal('USAGE', 'How much? No amount was named', {hint: 'Name it, as in: fleks topup 42 50'})
  }
  return request
}
