/** Clients that the lines of a long file have named, so that each is asked for once. */

import type {Settings} from '../core/client.ts'
import type {Person} from '../core/entry.ts'
import type {Money} from '../core/money.ts'
import {Refusal} from '../core/refusal.ts'
import type {Unit} from '../core/unit.ts'
import type {FoundClient} from './find-client.ts'
import {TextTable} from './text-table.ts'

/** A client that was found, with what all its lines have in common. */
export interface KnownClient extends FoundClient {
  readonly person: Person
  /** Names the account in the ledger's own unit. */
  readonly account: string
}

export function knownClient(client: FoundClient, settings: Settings): KnownClient {
  return withAccount(client, accountName(client.id, settings.unit))
}

export function accountName(clientId: bigint, unit: Unit): string {
  return `${clientId} ${unit.code}`
}

/**
 * As objects a client takes 300 bytes, which V8 looks through whenever it collects garbage; packed, a third of that and
 * half a microsecond for each line that names it.
 */
const ROOM = {objects: 100_000, bytes: 64 * 1024 * 1024}

/** Who was meant by which text. */
export class KnownClients {
  private readonly near = new Map<string, KnownClient | Refusal>()
  private readonly packed = new TextTable()
  /** Those of the packed that this batch has named. */
  private readonly recalled = new Map<string, KnownClient>()
  private readonly room: typeof ROOM
  private told = 0

  constructor(room: typeof ROOM = ROOM) {
    this.room = room
  }

  /** How many it has been told of, forgotten ones included. */
  get count(): number {
    return this.told
  }

  get(text: string): KnownClient | Refusal | undefined {
    const known = this.near.get(text)
    return known !== undefined || this.packed.size === 0 ? known : this.recall(text)
  }

  /** `text` is kept: it must not be a piece of a longer one. */
  set(text: string, client: KnownClient | Refusal): void {
    this.told++
    this.near.set(text, client)
  }

  /** Who was not found may be there by now. */
  forgetRefusal(text: string): void {
    if (this.near.get(text) instanceof Refusal) this.near.delete(text)
  }

  /** Packs them, or forgets them where there are too many; only between batches, each of which looks its own up first. */
  makeRoom(): void {
    this.recalled.clear()
    if (this.packed.size === 0 && this.near.size <= this.room.objects) return
    if (this.packed.bytes > this.room.bytes) this.packed.clear()
    for (const [text, client] of this.near) {
      if (!(client instanceof Refusal)) this.packed.set(text, packedOf(client))
    }
    this.near.clear()
  }

  private recall(text: string): KnownClient | undefined {
    const recalled = this.recalled.get(text)
    if (recalled !== undefined) return recalled
    const packed = this.packed.get(text)
    if (packed === undefined) return undefined
    const client = unpacked(packed)
    this.recalled.set(text, client)
    return client
  }
}

/** Between fields; no text of the database has it. */
const END = '\0'

function packedOf({id, account, name, searchKey, phone, code, archived, defaultPrice, how}: KnownClient): string {
  const texts = [id, account, name, searchKey, how, archived ? '1' : '', optional(phone), optional(code)]
  return [...texts, optional(defaultPrice)].join(END)
}

function unpacked(text: string): KnownClient {
  const [id = '', account = '', name = '', searchKey = '', how = '', archived = '', ...optionals] = text.split(END)
  const [phone = null, code = null, price = null] = optionals.map(given)
  const client = {
    id: BigInt(id),
    name,
    searchKey,
    phone,
    code,
    archived: archived !== '',
    defaultPrice: price === null ? null : (BigInt(price) as Money),
    how: how as FoundClient['how'],
  }
  return withAccount(client, account)
}

function optional(value: string | bigint | null): string {
  return value === null ? '' : `=${value}`
}

function given(text: string): string | null {
  return text === '' ? null : text.slice(1)
}

/** Of what was found only what is named here is kept. */
function withAccount(client: FoundClient, account: string): KnownClient {
  const {id, name, searchKey, phone, code, archived, defaultPrice, how} = client
  return {id, name, searchKey, phone, code, archived, defaultPrice, how, person: {id, name}, account}
}
