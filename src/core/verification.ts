/** Recomputes a whole ledger, read account by account in the order of the keys, in the memory of one client. */

import {ChainCheck, type StoredAccount, type StoredSeal} from './chain-check.ts'
import {type ChainHead, CheckpointDigest, compareHeads} from './checkpoint.ts'
import {type DamageKind, DamageList} from './damage.ts'
import {PlainLine} from './plain-line.ts'
import {findUnit, type Unit} from './unit.ts'

export interface VerifierOptions {
  /** What entry ids leave out. */
  readonly ownUnitCode: string
  readonly countedUnits: readonly Unit[]
  readonly staffIds: ReadonlySet<string>
  /** Hears where each account's chain ends, in the order of a checkpoint. */
  readonly onHead?: ((head: ChainHead) => void) | undefined
}

/** A client with more entries has its references compared by the database: they would take too much memory here. */
const REFERENCES_MAX = 100_000

export class LedgerVerifier {
  readonly damages = new DamageList()
  /** Clients whose references are still to be compared. */
  readonly crowded: bigint[] = []
  entries = 0
  transfers = 0
  reversals = 0
  readonly #options: VerifierOptions
  readonly #digest = new CheckpointDigest()
  readonly #units = new Map<string, Unit | null>()
  #client: ClientState | null = null
  #chain: ChainCheck | null = null
  #unitCode = ''
  readonly #line = new PlainLine()

  constructor(options: VerifierOptions) {
    this.#options = options
  }

  /** The client that comes next, in ascending order, and where its accounts stood at an earlier checkpoint. */
  client(clientId: bigint, earlier: readonly ChainHead[]): void {
    this.#endClient()
    this.#client = {
      clientId,
      earlier: new Map(earlier.map((head) => [head.unitCode, head])),
      heads: [],
      references: new Set(),
      repeated: [],
      crowded: false,
    }
  }

  /** An account of the client; its entries follow. */
  account(row: StoredAccount): void {
    this.#begin(row.unit, row)
  }

  /**
   * An entry of the account, at the beginning of a line of COPY, if all about it is plainly right: where the next
   * line begins. Where it is not: null, and the entry is still to be told by `account` or `entry`.
   */
  plainEntry(bytes: Buffer, start: number): number | null {
    const line = this.#line
    const client = this.#client
    if (client === null || this.#chain === null || !line.read(bytes, start)) return null
    if (line.staffId !== null && !this.#options.staffIds.has(line.staffId)) return null
    if (client.references.has(line.reference) || !this.#chain.plainEntry(line)) return null
    this.entries++
    this.#remember(client, line.reference)
    return line.end
  }

  /** An entry of the client, by unit and seq. */
  entry(stored: StoredSeal): void {
    if (this.#chain === null || this.#unitCode !== stored.unit) this.#begin(stored.unit, null)
    this.entries++
    this.#chain?.entry(stored)
    if (stored.counterSeq !== null || stored.kind === 'transfer') this.transfers++
    if (stored.reversesSeq !== null || stored.kind === 'reversal') this.reversals++
    this.#checkReference(stored)
    if (stored.staffId !== null && !this.#options.staffIds.has(stored.staffId)) {
      this.report('orphan', stored, `names staff member ${stored.staffId}, who does not exist`)
    }
  }

  /** After the last client. */
  end() {
    this.#endClient()
    return this.#digest.end()
  }

  report(kind: DamageKind, {clientId, unit, seq}: About, message: string): void {
    const entry = seq === null ? null : this.idOf(clientId, unit, seq)
    const sentence = entry === null ? message : `${entry} ${message}`
    this.damages.add({kind, entry, clientId: BigInt(clientId), message: sentence})
  }

  /** As `entryId`, for keys that nobody has looked at yet. */
  idOf(clientId: bigint | string, unitCode: string, seq: bigint | string): string {
    return unitCode === this.#options.ownUnitCode ? `${clientId}-${seq}` : `${clientId}-${unitCode}-${seq}`
  }

  #begin(unitCode: string, row: StoredAccount | null): void {
    this.#endChain()
    const client = this.#client
    if (client === null) throw new Error('No client is being verified')
    const {clientId} = client
    const earlier = client.earlier.get(unitCode) ?? null
    client.earlier.delete(unitCode)
    this.#unitCode = unitCode
    const unit = this.#unitOf(unitCode)
    if (unit !== null) this.#line.begin(clientId, unit)
    this.#chain = new ChainCheck(
      {clientId, unitCode, unit, row, earlier},
      (seq) => this.idOf(clientId, unitCode, seq),
      (kind, seq, message) => this.report(kind, {clientId, unit: unitCode, seq}, message),
    )
  }

  #endChain(): void {
    const head = this.#chain?.end() ?? null
    if (head !== null) this.#client?.heads.push(head)
    this.#chain = null
  }

  #endClient(): void {
    this.#endChain()
    if (this.#client === null) return
    for (const stored of this.#client.repeated) this.report('reference', stored, twiceText(stored.reference))
    for (const head of this.#client.heads.sort(compareHeads)) {
      this.#digest.add(head)
      this.#options.onHead?.(head)
    }
    for (const {clientId, unitCode, seq} of this.#client.earlier.values()) {
      this.report(
        'checkpoint',
        {clientId, unit: unitCode, seq},
        'stood in the ledger at the checkpoint; its whole account is gone',
      )
    }
    this.#client = null
  }

  #checkReference(stored: StoredSeal): void {
    const client = this.#client
    if (client === null || client.crowded) return
    if (client.references.has(stored.reference)) client.repeated.push(stored)
    else this.#remember(client, stored.reference)
  }

  #remember(client: ClientState, reference: string): void {
    if (client.crowded) return
    client.references.add(reference)
    if (client.references.size + client.repeated.length > REFERENCES_MAX) {
      client.crowded = true
      client.references.clear()
      client.repeated.length = 0
      this.crowded.push(client.clientId)
    }
  }

  #unitOf(code: string): Unit | null {
    let unit = this.#units.get(code)
    if (unit === undefined) {
      unit = knownUnit(code, this.#options.countedUnits)
      this.#units.set(code, unit)
    }
    return unit
  }
}

interface About {
  readonly clientId: bigint | string
  readonly unit: string
  /** Null: the account. */
  readonly seq: bigint | string | null
}

interface ClientState {
  readonly clientId: bigint
  readonly earlier: Map<string, ChainHead>
  readonly heads: ChainHead[]
  readonly references: Set<string>
  /** Entries whose reference an earlier one carries. */
  readonly repeated: StoredSeal[]
  /** Too many references: they are not compared here. */
  crowded: boolean
}

export function twiceText(reference: string): string {
  return `carries the reference ${JSON.stringify(reference)}, as another entry of the client does`
}

/** Unlike what a person types, a stored code is taken as it stands. */
function knownUnit(code: string, counted: readonly Unit[]): Unit | null {
  try {
    const unit = findUnit(code, counted)
    return unit.code === code ? unit : null
  } catch {
    return null
  }
}
