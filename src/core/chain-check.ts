/** Follows one account from its first entry to its last, and tells what does not fit. */

import type {ChainHead} from './checkpoint.ts'
import type {DamageKind} from './damage.ts'
import {canonicalText, chainRoot, hashAfterHex, type SealedText} from './hash-chain.ts'
import {amountWithUnit} from './money.ts'
import type {PlainLine} from './plain-line.ts'
import type {Unit} from './unit.ts'

/** An account's row as it is stored: digits for numbers, hex for the hash. */
export interface StoredAccount {
  readonly clientId: string
  readonly unit: string
  readonly balance: string
  readonly lastSeq: string
  readonly lastHash: string | null
  readonly clientKnown: boolean
}

/** A stored entry: what is sealed of it, times RFC 3339 in UTC with milliseconds, and its hash as hex digits. */
export interface StoredSeal extends SealedText {
  readonly hash: string
}

export interface CheckedAccount {
  readonly clientId: bigint
  readonly unitCode: string
  /** Null where the code is of no known unit. */
  readonly unit: Unit | null
  /** Null where entries have no account. */
  readonly row: StoredAccount | null
  /** Where the chain stood at an earlier checkpoint. */
  readonly earlier: ChainHead | null
}

/** Hears of a damage: of the entry with this seq, or of the account. */
export type Report = (kind: DamageKind, seq: bigint | null, message: string) => void

export class ChainCheck {
  readonly #account: CheckedAccount
  readonly #report: Report
  readonly #idOf: (seq: bigint) => string
  #firstSeq: bigint | null = null
  #lastSeq = 0n
  #balance: bigint | null = 0n
  /** The stored hash of the last entry; null where the chain cannot be followed. */
  #hash: string | null
  /** What the last entry's hash should have been, where it is another. */
  #computed: string | null = null
  #metEarlier = false

  constructor(account: CheckedAccount, idOf: (seq: bigint) => string, report: Report) {
    this.#account = account
    this.#idOf = idOf
    this.#report = report
    const {clientId, unit} = account
    this.#hash = unit === null ? null : chainRoot(clientId, unit).toString('hex')
  }

  /** The next entry by seq, if all about it is plainly right; where it is not, false, and `entry` will say why. */
  plainEntry(line: PlainLine): boolean {
    const {unit, earlier} = this.#account
    if (unit === null || this.#hash === null || this.#computed !== null) return false
    const seq = BigInt(line.seq)
    if (seq !== this.#lastSeq + 1n || seq === earlier?.seq || BigInt(line.balanceBefore) !== this.#balance) return false
    const moved = line.incoming ? line.amount : -line.amount
    if (line.amount === 0 || line.balanceAfter - line.balanceBefore !== moved) return false
    if (!line.isSealedAfter(this.#hash)) return false
    this.#firstSeq ??= seq
    this.#lastSeq = seq
    this.#balance = BigInt(line.balanceAfter)
    this.#hash = line.hash
    this.#lastHash = line.hash
    return true
  }

  /** The next entry by seq. */
  entry(stored: StoredSeal): void {
    const seq = BigInt(stored.seq)
    this.#firstSeq ??= seq
    this.#checkSeq(seq)
    const amount = BigInt(stored.amount)
    const before = BigInt(stored.balanceBefore)
    const after = BigInt(stored.balanceAfter)
    this.#checkSum(stored, {seq, amount, before, after})
    this.#checkHash(stored, seq)
    const {earlier} = this.#account
    if (earlier !== null && seq === earlier.seq) {
      this.#metEarlier = true
      if (stored.hash !== earlier.hash) {
        this.#report('checkpoint', seq, 'had another hash at the checkpoint: it or an entry before it was rewritten')
      }
    }
    this.#lastSeq = seq
    this.#balance = after
  }

  /** After the last entry: where the chain ends, or null where there is no entry. */
  end(): ChainHead | null {
    const {row, earlier, clientId, unitCode} = this.#account
    if (row !== null && !row.clientKnown)
      this.#report('orphan', null, `the account in ${unitCode} is of client ${clientId}, who does not exist`)
    if (row === null)
      this.#report('orphan', this.#firstSeq, `${this.#range(this.#firstSeq ?? 1n, this.#lastSeq)} without an account`)
    else if (this.#firstSeq === null) this.#checkEmpty(row)
    else this.#checkRow(row)
    if (earlier !== null && !this.#metEarlier) {
      this.#report('checkpoint', earlier.seq, 'was the last of its account at the checkpoint and is no longer there')
    }
    return this.#firstSeq === null || this.#lastHash === null
      ? null
      : {clientId, unitCode, seq: this.#lastSeq, hash: this.#lastHash}
  }

  #lastHash: string | null = null

  #checkSeq(seq: bigint): void {
    const next = this.#lastSeq + 1n
    if (seq === next) return
    if (seq < next) this.#report('gap', seq, 'is out of its place, or there twice')
    else this.#report('gap', next, `${this.#range(next, seq - 1n)} missing`)
    this.#balance = null
    this.#hash = null
    this.#computed = null
  }

  #checkSum({direction}: StoredSeal, {seq, amount, before, after}: Figures): void {
    const text = (value: bigint) => this.#amountText(value)
    if (this.#balance !== null && before !== this.#balance) {
      const ended = this.#lastSeq === 0n ? 'an account begins at' : 'the entry before it ended at'
      this.#report('chain', seq, `begins at ${text(before)}, but ${ended} ${text(this.#balance)}`)
    }
    const moved = direction === 'IN' ? amount : -amount
    if (after - before !== moved) {
      this.#report('chain', seq, `goes from ${text(before)} to ${text(after)} by ${direction} ${text(amount)}`)
    }
    if (amount <= 0n || after < 0n)
      this.#report('chain', seq, `has the amount ${text(amount)} and ends at ${text(after)}`)
  }

  #checkHash(stored: StoredSeal, seq: bigint): void {
    const {unit} = this.#account
    this.#lastHash = stored.hash
    if (unit === null) {
      this.#report('hash', seq, `is in ${JSON.stringify(stored.unit)}, no known unit, so its hash cannot be computed`)
      return
    }
    if (this.#hash !== null) {
      const sealed = canonicalText(stored, unit.decimals)
      const expected = hashAfterHex(this.#hash, sealed)
      // Where only the hash of the entry before was changed, this one still seals what it was.
      const sound =
        expected === stored.hash || (this.#computed !== null && hashAfterHex(this.#computed, sealed) === stored.hash)
      if (!sound) this.#report('hash', seq, 'is not what was sealed: it was changed after it was written')
      this.#computed = sound ? null : expected
    }
    this.#hash = stored.hash
  }

  #checkEmpty(row: StoredAccount): void {
    if (row.balance === '0' && row.lastSeq === '0' && row.lastHash === null) return
    const held = `stands at ${this.#amountText(BigInt(row.balance))} after ${row.lastSeq} entries`
    this.#report('orphan', null, `the account in ${this.#account.unitCode} ${held}, and none of them is there`)
  }

  #checkRow(row: StoredAccount): void {
    const counted = BigInt(row.lastSeq)
    if (counted > this.#lastSeq) {
      const missing = this.#range(this.#lastSeq + 1n, counted)
      this.#report('gap', this.#lastSeq + 1n, `${missing} missing: the account counts ${counted} entries`)
      return
    }
    if (counted < this.#lastSeq) {
      this.#report(
        'balance',
        counted + 1n,
        `${this.#range(counted + 1n, this.#lastSeq)} unknown to the account, which counts ${counted}`,
      )
      return
    }
    if (BigInt(row.balance) !== this.#balance) {
      const ended = this.#amountText(this.#balance ?? 0n)
      this.#report(
        'balance',
        counted,
        `ended at ${ended}, but its account stands at ${this.#amountText(BigInt(row.balance))}`,
      )
    }
    if (row.lastHash !== this.#lastHash && row.lastHash !== this.#computed) {
      this.#report('balance', counted, "has another hash than its account's last one")
    }
  }

  #range(first: bigint, last: bigint): string {
    return first >= last ? 'is' : `to ${this.#idOf(last)} are`
  }

  #amountText(value: bigint): string {
    const {unit, unitCode} = this.#account
    return unit === null ? `${value} ${unitCode}` : amountWithUnit(value, unit)
  }
}

interface Figures {
  readonly seq: bigint
  readonly amount: bigint
  readonly before: bigint
  readonly after: bigint
}
