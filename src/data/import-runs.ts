/** Imports as they are remembered: which file, by whom, when, what became of its lines. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'
import {Refusal} from '../core/refusal.ts'
import {bigintColumn, textOrNull} from './rows.ts'

const RUN_STATES = ['running', 'finished', 'stopped', 'undone'] as const
export type RunState = (typeof RUN_STATES)[number]
export type OverlapChoice = 'skip' | 'post'

/** Amounts in minor units, by unit. */
export type MoneyByUnit = Readonly<Record<string, {readonly in: bigint; readonly out: bigint}>>

export interface Counts {
  readonly read: number
  readonly applied: number
  readonly replayed: number
  readonly refused: number
}

export interface ImportRun {
  readonly id: bigint
  readonly fileName: string
  /** SHA-256, 64 hex digits. */
  readonly digest: string
  readonly referenceKey: string
  readonly overlap: OverlapChoice | null
  readonly operator: string
  readonly state: RunState
  readonly counts: Counts
  readonly money: MoneyByUnit
  readonly reason: string | null
  readonly startedAt: string
  readonly finishedAt: string | null
}

const runRow = z.object({
  id: bigintColumn,
  fileName: z.string(),
  digest: z.string(),
  referenceKey: z.string(),
  overlap: z.nullable(z.enum(['skip', 'post'])),
  operator: z.string(),
  state: z.enum(RUN_STATES),
  read: bigintColumn,
  applied: bigintColumn,
  replayed: bigintColumn,
  refused: bigintColumn,
  money: z.record(z.string(), z.object({in: z.string(), out: z.string()})),
  reason: textOrNull,
  startedAt: z.string(),
  finishedAt: textOrNull,
})

const LEASE_S = 8

export const leaseEnd = sql.fragment`clock_timestamp() + make_interval(secs => ${LEASE_S})`

/** Whether somebody works on the run `r`. A lease beyond its length was given before the clock was set back. */
export const atWork = sql.fragment`(r.alive_until > clock_timestamp() and r.alive_until <= ${leaseEnd})`

// An import that fell silent was killed.
const runColumns = sql.fragment`
  r.id, r.file_name as "fileName", encode(r.file_digest, 'hex') as digest, r.reference_key as "referenceKey", r.overlap,
  r.operator, case when r.state = 'running' and ${atWork} is not true then 'stopped' else r.state end as state, r.lines_read as read, r.lines_applied as applied, r.lines_replayed as replayed,
  r.lines_refused as refused, r.money, r.reason, r.started_at as "startedAt", r.finished_at as "finishedAt"`

function runOf({read, applied, replayed, refused, money, ...same}: z.infer<typeof runRow>): ImportRun {
  return {
    ...same,
    counts: {read: Number(read), applied: Number(applied), replayed: Number(replayed), refused: Number(refused)},
    money: Object.fromEntries(
      Object.entries(money).map(([unit, sums]) => [unit, {in: BigInt(sums.in), out: BigInt(sums.out)}]),
    ),
  }
}

/** Newest first. */
export async function listRuns(db: CommonQueryMethods, limit: number): Promise<readonly ImportRun[]> {
  const rows = await db.any(sql.type(runRow)`
    select ${runColumns} from import_run r order by r.id desc limit ${limit}`)
  return rows.map(runOf)
}

/** Refused: IMPORT_NOT_FOUND. */
export async function findRun(db: CommonQueryMethods, id: bigint): Promise<ImportRun> {
  const row = await db.maybeOne(sql.type(runRow)`select ${runColumns} from import_run r where r.id = ${id}`)
  if (row !== null) return runOf(row)
  throw new Refusal('IMPORT_NOT_FOUND', `There is no import ${id}`, {hint: 'See them with: fleks import list'})
}

/** Whether it was of a file without references. */
export async function hasLines(db: CommonQueryMethods, id: bigint): Promise<boolean> {
  const {has} = await db.one(sql.type(z.object({has: z.boolean()}))`
    select exists (select from import_lines where run_id = ${id}) as has`)
  return has
}

/** All imports of these very bytes, oldest first. */
export async function runsOfFile(db: CommonQueryMethods, digest: string): Promise<readonly ImportRun[]> {
  const rows = await db.any(sql.type(runRow)`
    select ${runColumns} from import_run r where r.file_digest = decode(${digest}, 'hex') order by r.id`)
  return rows.map(runOf)
}

/** Lines that stand under references of an earlier file: the first here, how many, the key and the first place there. */
export type Adopted = readonly [at: number, count: number, key: string, place: number]

export interface NewRun {
  readonly fileName: string
  readonly digest: string
  readonly referenceKey: string
  readonly overlap: OverlapChoice | null
  readonly adopted: readonly Adopted[]
  readonly operator: string
  /** One hash for each line, where the file has no references. */
  readonly hashes: BigUint64Array | null
}

/** 100,000 lines in a row of less than a megabyte. */
const PART_LINES = 100_000

/** Writes down that an import begins and is at work, with what its lines can be recognised by. */
export async function beginRun(db: CommonQueryMethods, run: NewRun): Promise<bigint> {
  const {id} = await db.one(sql.type(z.object({id: bigintColumn}))`
    insert into import_run (file_name, file_digest, reference_key, overlap, adopted, operator, alive_until)
    values (${run.fileName}, decode(${run.digest}, 'hex'), ${run.referenceKey}, ${run.overlap},
      ${JSON.stringify(run.adopted)}::jsonb, ${run.operator}, ${leaseEnd})
    returning id`)
  const {hashes} = run
  if (hashes === null) return id
  for (let part = 0; part * PART_LINES < hashes.length; part++) {
    const lines = hashes.subarray(part * PART_LINES, (part + 1) * PART_LINES)
    const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength)
    await db.query(sql.unsafe`
      insert into import_lines (run_id, part, hashes) values (${id}, ${part}, ${sql.binary(bytes)})`)
  }
  return id
}

export async function endRun(
  db: CommonQueryMethods,
  id: bigint,
  state: Exclude<RunState, 'running'>,
  counts: Counts,
  money: MoneyByUnit,
): Promise<void> {
  await db.query(sql.unsafe`
    update import_run
    set state = ${state}, lines_read = ${counts.read}, lines_applied = ${counts.applied},
      lines_replayed = ${counts.replayed}, lines_refused = ${counts.refused}, money = ${moneyJson(money)}::jsonb,
      finished_at = now(), alive_until = null
    where id = ${id}`)
}

export function moneyJson(money: MoneyByUnit): string {
  return JSON.stringify(money, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}

/** An earlier import whose lines a file may have in common. */
export interface EarlierLines {
  readonly id: bigint
  readonly fileName: string
  readonly referenceKey: string
  readonly startedAt: string
  readonly adopted: readonly Adopted[]
  readonly hashes: BigUint64Array
}

const earlierRow = z.extend(runRow, {
  adopted: z.array(z.tuple([z.int(), z.int(), z.string(), z.int()])),
})

/** So many earlier files are looked at, the newest first. */
const EARLIER_MAX = 100

/** The lines of earlier imports, before the run `before` where there is one; those that were undone are left out. */
export async function* earlierLines(
  db: CommonQueryMethods,
  digest: string,
  before: bigint | null,
): AsyncGenerator<EarlierLines> {
  const rows = await db.any(sql.type(earlierRow)`
    select distinct on (r.reference_key) ${runColumns}, r.adopted
    from import_run r
    where r.state <> 'undone' and r.file_digest <> decode(${digest}, 'hex')
      and (${before}::bigint is null or r.id < ${before}::bigint)
      and exists (select from import_lines l where l.run_id = r.id)
    order by r.reference_key, r.id`)
  const newest = rows.toSorted((a, b) => Number(b.id - a.id)).slice(0, EARLIER_MAX)
  for (const {id, fileName, referenceKey, startedAt, adopted} of newest) {
    const parts = await db.any(sql.type(z.object({hashes: z.instanceof(Uint8Array)}))`
      select hashes from import_lines where run_id = ${id} order by part`)
    // A copy, because a view needs an aligned beginning.
    const bytes = Uint8Array.from(Buffer.concat(parts.map(({hashes}) => hashes)))
    const hashes = new BigUint64Array(bytes.buffer)
    yield {id, fileName, referenceKey, startedAt, adopted, hashes}
  }
}
