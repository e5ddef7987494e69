/** What the load does to the ledger: commands whose references are known before, so that each can be asked again. */

import {pick, type Random} from '../random.ts'

export type Verb = 'topup' | 'pay' | 'transfer' | 'reverse' | 'edit'

export interface Command {
  /** Unique; the note of every entry that it makes, so that two entries of one intention are seen whatever their references. */
  readonly name: string
  readonly verb: Verb
  /** Of an account in the ledger's own unit. */
  readonly client: number
  /** Who receives a transfer. */
  readonly other: number | null
  /** The id of the entry to reverse. */
  readonly entry: string | null
  /** Null, for a reversal: all that is left. */
  readonly cents: number | null
  readonly reference: string
}

export const STAFF = 'Ina'

export function centsText(cents: number): string {
  return `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}

/** `12.50` → 1250. */
export function centsOf(text: string): number {
  return Number(text.replace('.', ''))
}

/** The command as it is typed. */
export function wordsOf({name, verb, client, other, entry, cents, reference}: Command): readonly string[] {
  const amount = cents === null ? [] : [centsText(cents)]
  const tail = ['--reference', reference, '--json']
  if (verb === 'edit') return ['client', 'edit', String(client), '--note', name, '--json']
  if (verb === 'reverse') {
    return [
      'reverse',
      String(entry),
      '--reason',
      name,
      ...(amount.length === 0 ? [] : ['--amount', ...amount]),
      ...tail,
    ]
  }
  const who = verb === 'transfer' ? [String(client), String(other)] : [String(client)]
  return [verb, ...who, ...amount, '--note', name, ...(verb === 'pay' ? ['--staff', STAFF] : []), ...tail]
}

/** An entry that may be reversed. */
export interface Reversible {
  readonly id: string
  readonly client: number
  readonly cents: number
}

/** Draws commands; what the ledger acknowledged is there to be reversed. */
export class Imagination {
  readonly #reversible: Reversible[] = []
  readonly #clients: number
  readonly #verbs: readonly Verb[]
  #count = 0

  constructor(clients: number, verbs: readonly Verb[]) {
    this.#clients = clients
    this.#verbs = verbs
  }

  remember(entry: Reversible): void {
    this.#reversible.push(entry)
  }

  next(random: Random): Command {
    const verb = pick(random, this.#verbs)
    return verb === 'reverse' && this.#reversible.length > 0 ? this.#reversal(random) : this.#other(random, verb)
  }

  #reversal(random: Random): Command {
    const {id, client, cents} = pick(random, this.#reversible)
    const part = random(3) === 0 ? null : 1 + random(cents)
    return this.make('reverse', client, {entry: id, cents: part})
  }

  #other(random: Random, verb: Verb): Command {
    const client = 1 + random(this.#clients)
    if (verb === 'edit') return this.make('edit', client, {})
    const cents = 1 + random(2_000)
    if (verb !== 'transfer') return this.make(verb === 'reverse' ? 'topup' : verb, client, {cents})
    return this.make('transfer', client, {cents, other: 1 + ((client + random(this.#clients - 1)) % this.#clients)})
  }

  make(verb: Verb, client: number, more: Partial<Command>): Command {
    const name = `c-${++this.#count}`
    return {name, verb, client, other: null, entry: null, cents: null, reference: `ref-${name}`, ...more}
  }
}
