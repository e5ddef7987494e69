/** Brings the example files into the demo's ledger, by the same functions that `client add`, `topup` and `pay` use. */

import {join} from 'node:path'
import type {Method} from '../../core/entry.ts'
import {parseName} from '../../core/name.ts'
import {Refusal} from '../../core/refusal.ts'
import {addClient} from '../../data/clients.ts'
import type {Ledger} from '../../data/ledger.ts'
import {pay, topup} from '../../data/posting.ts'
import {packageRoot} from '../package-root.ts'
import {profileOf} from '../profile.ts'
import {postingRequest} from '../requests.ts'
import {type Row, readRows} from './records.ts'

/** How a file was taken in. */
export interface Loaded {
  readonly file: string
  readonly lines: number
  readonly refused: readonly RefusedLine[]
}

interface RefusedLine {
  /** As an editor counts them: the header is line 1. */
  readonly line: number
  readonly refusal: Refusal
}

/** `examples/clients.csv`: the business's clients, namesakes among them. */
export function loadClients(ledger: Ledger, signal: AbortSignal): Promise<Loaded> {
  return load('clients.csv', signal, async (row) => {
    const {name = '', phone, email, category, source, code, note} = row
    const flags = {phone, email, category, source, code, note}
    const profile = profileOf(
      {...flags, 'birth-date': row.birth_date, 'default-price': row.default_price},
      ledger.now(),
    )
    await addClient(ledger, parseName(name), profile, {allowDuplicate: true})
  })
}

/** `examples/day.csv`: what the book says of one day, top-ups and payments in the order of the day. */
export function loadDay(ledger: Ledger, signal: AbortSignal): Promise<Loaded> {
  return load('day.csv', signal, async (row) => {
    const post = row.kind === 'topup' ? topup : pay
    await post(ledger, postingRequest({args: given(row, 'client', 'amount'), flags: dayFlags(row)}))
  })
}

function dayFlags(row: Row) {
  const {method, ...others} = given(row, 'staff', 'method', 'note', 'reference')
  return {...others, ...(method === undefined ? {} : {method: method as Method}), at: row.time, 'dry-run': false}
}

/** The cells that are not empty. */
function given<const K extends string>(row: Row, ...columns: readonly K[]): {readonly [key in K]?: string} {
  const filled = columns.filter((column) => row[column] !== '')
  return Object.fromEntries(filled.map((column) => [column, row[column]])) as {readonly [key in K]?: string}
}

async function load(name: string, signal: AbortSignal, take: (row: Row) => Promise<void>): Promise<Loaded> {
  const file = `examples/${name}`
  const rows = readRows(join(packageRoot(), file))
  const refused: RefusedLine[] = []
  for (const [at, row] of rows.entries()) {
    signal.throwIfAborted()
    try {
      await take(row)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push({line: at + 2, refusal: error})
    }
  }
  return {file, lines: rows.length, refused}
}
