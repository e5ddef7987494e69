/** Recomputes a ledger from its file alone: every balance, every hash, every link, and what the file says of itself. */

import type {StoredAccount} from './chain-check.ts'
import type {Checkpoint} from './checkpoint.ts'
import type {Settings} from './client.ts'
import type {Damage} from './damage.ts'
import type {FiledClient, FileEnd} from './ledger-file.ts'
import {BadLine, type FiledEntry, type FileLine} from './ledger-file-lines.ts'
import {TransferOrder} from './transfer-order.ts'
import {LedgerVerifier} from './verification.ts'

export interface FileSummary {
  readonly staff: number
  /** Of the tables that imports keep. */
  readonly rows: number
  readonly clients: number
  readonly entries: number
  /** Where every chain ended; what `fleks verify` printed for the ledger at that moment. */
  readonly checkpoint: Checkpoint
}

/** Lines come in this order; a batch stands among the entries. */
const PLACES = {header: 0, staff: 1, row: 2, client: 3, batch: 4, entry: 4, end: 5} as const

export class LedgerFileCheck {
  readonly #verifier: LedgerVerifier
  readonly #staffIds = new Set<string>()
  readonly #importRunIds = new Set<bigint>()
  /** In ascending order, packed: they are all kept until their entries come. */
  readonly #clients: string[] = []
  #lastClient = 0n
  readonly #order = new TransferOrder<FiledEntry>()
  /** Of the account that is being read: what of each reversed entry is not yet given back. */
  #reversible = new Map<string, {readonly original: FiledEntry; left: bigint}>()
  #place = 0
  #rows = 0
  #clientsBegun = 0
  /** Of the client that has begun, those that have not. */
  #accounts: StoredAccount[] = []
  #last: FiledEntry | null = null
  #end: FileEnd | null = null

  constructor({unit, countedUnits}: Settings) {
    this.#verifier = new LedgerVerifier({ownUnitCode: unit.code, countedUnits, staffIds: this.#staffIds})
  }

  /** The first of what does not fit together; lines that cannot be a ledger's throw BadLine. */
  get damages(): readonly Damage[] {
    return this.#verifier.damages.listed
  }

  get damageCount(): number {
    return this.#verifier.damages.count
  }

  line(line: FileLine): void {
    const place = PLACES[line.is]
    if (place < this.#place || this.#end !== null) throw new BadLine('stands where it does not belong')
    this.#place = place
    switch (line.is) {
      case 'header':
        throw new BadLine('begins another ledger')
      case 'staff':
        this.#staffIds.add(String(line.staff.id))
        return
      case 'row':
        this.#rows++
        if (line.row.table === 'import_run') this.#importRunIds.add(BigInt(JSON.parse(line.row.row).id))
        return
      case 'client':
        this.#client(line.client)
        return
      case 'batch':
        if (line.batch !== null && !this.#importRunIds.has(line.batch))
          throw new BadLine('names an import that is not there')
        return
      case 'entry':
        this.#entry(line.entry)
        return
      case 'end':
        this.#end = line.end
    }
  }

  /** After the last line. `sha256` is that of everything before the line of the end. */
  end(sha256: string): FileSummary {
    if (this.#end === null) throw new BadLine('is not the end: the file was cut off there')
    this.#beginClientsUpTo(null)
    const checkpoint = this.#verifier.end()
    const unmatched = this.#order.unmatched
    if (unmatched !== null)
      this.#report('transfer', unmatched, 'is one side of a transfer whose other side is not there')
    const found = {
      staff: this.#staffIds.size,
      rows: this.#rows,
      clients: this.#clients.length,
      entries: this.#verifier.entries,
    }
    for (const [what, count] of Object.entries(found)) {
      const said = this.#end[what as keyof typeof found]
      if (said !== count) throw new BadLine(`says that there are ${said} ${what}, but ${count} came before it`)
    }
    if (this.damageCount === 0 && this.#end.sha256 !== sha256) {
      throw new BadLine('has another digest than the lines before it: one of them was edited')
    }
    return {...found, checkpoint}
  }

  #client(client: FiledClient): void {
    if (this.#lastClient >= client.id) throw new BadLine(`has client ${client.id} after client ${this.#lastClient}`)
    this.#lastClient = client.id
    this.#clients.push(packed(client))
  }

  #entry(entry: FiledEntry): void {
    const last = this.#last
    if (last === null || last.clientId !== entry.clientId) this.#beginClientsUpTo(BigInt(entry.clientId))
    if (last === null || last.clientId !== entry.clientId || last.unit !== entry.unit) {
      this.#beginAccountsUpTo(entry.unit)
      this.#reversible = new Map()
    }
    this.#last = entry
    this.#verifier.entry(entry)
    this.#checkReversal(entry)
    this.#order.add(entry)
  }

  /** Begins the clients up to this one, to whom the next entry belongs; null: all that are left. */
  #beginClientsUpTo(clientId: bigint | null): void {
    this.#beginAccountsUpTo(null)
    let begun: bigint | null = null
    while (this.#clientsBegun < this.#clients.length) {
      const {id, accounts} = unpacked(this.#clients[this.#clientsBegun] ?? '')
      if (clientId !== null && id > clientId) break
      this.#clientsBegun++
      this.#accounts = [...accounts]
      this.#verifier.client(id, [])
      begun = id
      if (id !== clientId) this.#beginAccountsUpTo(null)
    }
    if (clientId !== null && begun !== clientId)
      throw new BadLine(`is of client ${clientId}, who is not in the file or came before`)
  }

  /** The same with the accounts of the client that has begun. */
  #beginAccountsUpTo(unit: string | null): void {
    if (unit !== null && !this.#accounts.some((account) => account.unit === unit)) return
    for (let account = this.#accounts.shift(); account !== undefined; account = this.#accounts.shift()) {
      this.#verifier.account(account)
      if (account.unit === unit) break
    }
  }

  #checkReversal(entry: FiledEntry): void {
    if (entry.reversedBySeqs.length > 0) this.#reversible.set(entry.seq, {original: entry, left: BigInt(entry.amount)})
    if (entry.reversesSeq === null) return
    const found = this.#reversible.get(entry.reversesSeq)
    if (found === undefined) {
      this.#report('reversal', entry, 'reverses an entry that does not say so')
      return
    }
    found.left -= BigInt(entry.amount)
    const {kind, direction} = found.original
    if (kind === 'reversal' || kind === 'transfer') this.#report('reversal', entry, `reverses a ${kind}`)
    if (direction === entry.direction) this.#report('reversal', entry, 'goes in the direction of what it reverses')
    if (found.left < 0n) this.#report('reversal', entry, 'reverses more than there was')
  }

  #report(kind: 'reversal' | 'transfer', entry: FiledEntry, message: string): void {
    this.#verifier.report(kind, entry, message)
  }
}

type PackedAccount = readonly [unit: string, balance: string, lastSeq: string, lastHash: string | null]

function packed({id, accounts}: FiledClient): string {
  const tuples = accounts.map(({unitCode, balance, lastSeq, lastHash}): PackedAccount => {
    return [unitCode, String(balance), String(lastSeq), lastHash]
  })
  return JSON.stringify([String(id), tuples])
}

function unpacked(text: string): {readonly id: bigint; readonly accounts: readonly StoredAccount[]} {
  const [clientId, tuples]: readonly [string, readonly PackedAccount[]] = JSON.parse(text)
  const accounts = tuples.map(([unit, balance, lastSeq, lastHash]) => {
    return {clientId, unit, balance, lastSeq, lastHash, clientKnown: true}
  })
  return {id: BigInt(clientId), accounts}
}
