/** What the operations of a batch answer. */

import type {Balance, ClientCard, Settings, Staff} from './client.ts'
import type {Person, Posting, TransferPosting} from './entry.ts'

/** The answer of one operation, as the command of the same name has it. */
export type BatchAnswer =
  | {readonly of: 'posting'; readonly posting: Posting; readonly settings: Settings}
  | {readonly of: 'transfer'; readonly posting: TransferPosting; readonly settings: Settings}
  | {readonly of: 'client'; readonly client: ClientCard}
  | {readonly of: 'staff'; readonly staff: Staff}
  | {readonly of: 'balances'; readonly client: Person; readonly balances: readonly Balance[]}
  | {readonly of: 'totals'; readonly totals: readonly (Balance & {readonly clients: number})[]}
