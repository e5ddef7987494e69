/** A line that was refused at first is posted for one client, whether it comes mended or with its whole file again. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import {isImportReference, refusedReference} from '../core/import-posting.ts'
import type {SourceRecord} from '../core/import-source.ts'
import {Refusal} from '../core/refusal.ts'
import {int8Array, textArray} from './binary-arrays.ts'
import {ownText} from './bulk-requests.ts'
import type {Settled} from './bulk-settled.ts'
import type {Known} from './import-begin.ts'
import {lineReference} from './import-overlap.ts'
import type {WaitingLine} from './import-waiting.ts'
import {bigintColumn} from './rows.ts'

const claimRow = z.object({reference: z.string(), clientId: bigintColumn})

export class Claims {
  /** Of the lines that were looked up last. */
  private found = new Map<string, bigint>()
  /** Of mended lines that were posted here: one that is mended twice comes for two clients. */
  private readonly posted = new Map<string, bigint>()
  private fresh = new Map<string, bigint>()
  private readonly known: Known
  /** What stands for a line without a reference. */
  readonly referenceAt: (place: number) => string

  constructor(known: Known) {
    this.known = known
    const {referenceKey, adopted} = known
    this.referenceAt = (place) => lineReference(referenceKey, adopted, place)
  }

  /** Looks up what these lines could stand under; a file that was never here, with no mended line, costs nothing. */
  async look(db: CommonQueryMethods, records: readonly SourceRecord[]): Promise<void> {
    const references = records.flatMap(({cells, place}) => {
      const mended = refusedReference(cells.reason ?? null)
      if (mended !== null) return [mended]
      return this.known.mayBeKnown && cells.reference === undefined ? [this.referenceAt(place)] : []
    })
    this.found = new Map()
    if (references.length === 0) return
    const rows = await db.any(sql.type(claimRow)`
      select c.reference, c.client_id as "clientId"
      from unnest(${sql.binary(textArray(references))}::text[]) as q (reference)
      join import_claim c on c.reference = q.reference`)
    for (const {reference, clientId} of rows) this.found.set(reference, clientId)
  }

  /** Null where nobody else has it. */
  refusalOf({client, reference}: WaitingLine): Refusal | null {
    const owner = this.found.get(reference) ?? this.posted.get(reference)
    if (owner === undefined || owner === client.id) return null
    return new Refusal('REFERENCE_CONFLICT', `The line was imported for client ${owner} after it had been refused`, {
      hint: `Look at it with: fleks history ${owner}; if ${client.name} is right, reverse it and post it by hand`,
    })
  }

  /** What was posted, or found: an import that was killed before it had written its claims does so when it goes on. */
  settled(lines: readonly WaitingLine[], settled: readonly (Settled | Refusal)[]): void {
    settled.forEach((one, at) => {
      const line = lines[at]
      if (line === undefined || one instanceof Refusal || !this.isClaim(line, one.replayed)) return
      this.fresh.set(ownText(line.reference), line.client.id)
    })
  }

  /** Mended, or posted only now though its file was here before: after a kill nobody knows which lines were refused. */
  private isClaim({reference, place}: WaitingLine, replayed: boolean): boolean {
    if (!isImportReference(reference)) return false
    if (reference !== this.referenceAt(place)) return true
    const {claims, referenceKey} = this.known
    if (replayed) return claims === 'all'
    return claims !== 'none' || !reference.startsWith(`${referenceKey}:`)
  }

  async write(db: CommonQueryMethods): Promise<void> {
    if (this.fresh.size === 0) return
    const claims = [...this.fresh].sort(([a], [b]) => (a < b ? -1 : 1))
    this.fresh = new Map()
    await db.query(sql.unsafe`
      insert into import_claim (reference, client_id)
      select *
      from unnest(${sql.binary(textArray(claims.map(([reference]) => reference)))}::text[],
        ${sql.binary(int8Array(claims.map(([, id]) => id)))}::bigint[])
      on conflict do nothing`)
    // Its own lines come once, and there may be many of them.
    for (const [reference, id] of claims) {
      if (!reference.startsWith(`${this.known.referenceKey}:`) && !this.posted.has(reference))
        this.posted.set(reference, id)
    }
  }
}
