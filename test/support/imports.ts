/** Files to import that are made in memory, with everything left open. */

import {setTimeout as sleep} from 'node:timers/promises'
import {lineHash} from '../../src/core/import-overlap.ts'
import type {ImportSource, SourceRecord} from '../../src/core/import-source.ts'
import {dateReader} from '../../src/core/import-values.ts'
import {type ImportOptions, importFile} from '../../src/data/import-file.ts'
import type {RefusedLine} from '../../src/data/import-tally.ts'
import type {Ledger} from '../../src/data/ledger.ts'

/** A test that fails lets nothing go. */
const HELD_MS = 20_000

const RULES = {
  dates: dateReader(null),
  mark: '.',
  kind: null,
  outIs: 'payment',
  staff: null,
  unit: null,
  method: null,
  hasMoney: true,
  hasClient: true,
} as const

export type Cells = SourceRecord['cells']

export function source(digest: string, lines: readonly Cells[]): ImportSource {
  const records = lines.map((cells, place) => ({line: place + 2, place, cells, original: [], problem: null}))
  return {
    name: 'test.csv',
    digest: digest.padEnd(64, '0'),
    bytes: 0,
    hashes: null,
    batches: async function* () {
      for (let at = 0; at < records.length; at += 500) yield records.slice(at, at + 500)
    },
  }
}

/** The same without references: its lines are told by what they say. */
export function sourceOfLines(digest: string, lines: readonly Cells[]): ImportSource {
  const plain = lines.map(({reference: _, ...cells}) => cells)
  const hashes = new BigUint64Array(plain.map((cells) => lineHash(JSON.stringify(cells))))
  return {...source(digest, plain), hashes}
}

/** The same, which ends only when it is let go. */
export function heldOpen(
  from: ImportSource,
): ImportSource & {readonly isRead: Promise<void>; readonly letGo: () => void} {
  const read = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  return {
    ...from,
    isRead: read.promise,
    letGo: gate.resolve,
    batches: async function* () {
      yield* from.batches()
      read.resolve()
      await Promise.race([gate.promise, sleep(HELD_MS, null, {ref: false})])
    },
  }
}

export async function run(ledger: Ledger, from: ImportSource, more: Partial<ImportOptions> = {}) {
  const refused: RefusedLine[] = []
  const report = await importFile(ledger, from, {
    rules: RULES,
    createClients: false,
    dryRun: false,
    atomic: false,
    retry: false,
    overlap: null,
    askOverlap: null,
    onRefused: (line) => refused.push(line),
    onProgress: () => {},
    onWait: () => {},
    ...more,
  })
  return {report, refused}
}

/** Many small top-ups. */
export function topups(count: number, clients: number): readonly Cells[] {
  return Array.from({length: count}, (_, at) => ({
    client: String(1 + (at % clients)),
    amount: '1',
    reference: `R-${at}`,
    at: '2026-01-02',
  }))
}
