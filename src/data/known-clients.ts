/** Clients that the lines of a long file have named, so that each is asked for once. */

import type {Settings} from '../core/client.ts'
import type {Person} from '../core/entry.ts'
import type {Money} from '../core/money.ts'
import {Refusal} from '../core/refusal.ts'
import type {Unit} from '../core/unit.ts'
import type {FoundClient} from './find-client.ts'

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

/** As objects a client takes 300 bytes, as a text a third of that, and half a microsecond for each line that names it. */
const ROOM = {objects: 100_000, texts: 500_000}

/** Who was meant by which text. */
export class KnownClients {
  private readonly near = new Map<string, KnownClient | Refusal>()
  private readonly packed = new Map<string, string>()
  private readonly room: typeof ROOM
  private told = 0

  constructor(room: typeof ROOM = ROOM) {
    this.room = room
  }

  /** How many it has been told of, forgotten ones included. */
  get count(): number {
    return this.told
  }

  has(text: string): boolean {
    return this.near.has(text) || this.packed.has(text)
  }

  get(text: string): KnownClient | Refusal | undefined {
    const known = this.near.get(text)
    if (known !== undefined) return known
    const packed = this.packed.get(text)
    return packed === undefined ? undefined : unpacked(packed)
  }

  /** `text` is kept: it must not be a piece of a longer one. */
  set(text: string, client: KnownClient | Refusal): void {
    this.told++
    this.near.set(text, client)
  }

  delete(text: string): void {
    this.near.delete(text)
    this.packed.delete(text)
  }

  /** Packs them, or forgets them where there are too many; only between batches, each of which looks its own up first. */
  makeRoom(): void {
    if (this.near.size <= this.room.objects) return
    if (this.packed.size > this.room.texts) this.packed.clear()
    for (const [text, client] of this.near) {
      if (!(client instanceof Refusal)) this.packed.set(text, packedOf(client))
    }
    this.near.clear()
  }
}

type Packed = readonly [
  id: string,
  account: string,
  name: string,
  searchKey: string,
  phone: string | null,
  code: string | null,
  archived: boolean,
  defaultPrice: string | null,
  how: FoundClient['how'],
]

function packedOf({id, account, name, searchKey, phone, code, archived, defaultPrice, how}: KnownClient): string {
  const price = defaultPrice === null ? null : String(defaultPrice)
  return JSON.stringify([String(id), account, name, searchKey, phone, code, archived, price, how] satisfies Packed)
}

function unpacked(text: string): KnownClient {
  const [id, account, name, searchKey, phone, code, archived, price, how]: Packed = JSON.parse(text)
  const defaultPrice = price === null ? null : (BigInt(price) as Money)
  return withAccount({id: BigInt(id), name, searchKey, phone, code, archived, defaultPrice, how}, account)
}

/** Of what was found only what is named here is kept. */
function withAccount(client: FoundClient, account: string): KnownClient {
  const {id, name, searchKey, phone, code, archived, defaultPrice, how} = client
  return {id, name, searchKey, phone, code, archived, defaultPrice, how, person: {id, name}, account}
}
