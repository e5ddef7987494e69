/** How an import begins: what the ledger knows of its file, and that nobody else begins what could meet it. */

import {type CommonQueryMethods, type DatabaseTransactionConnection, sql} from 'slonik'
import * as z from 'zod/mini'
import type {ImportSource} from '../core/import-source.ts'
import {Refusal} from '../core/refusal.ts'
import {findOverlaps, type Overlaps} from './import-overlap.ts'
import {type Adopted, beginRun, type ImportRun, type OverlapChoice, runsOfFile} from './import-runs.ts'
import {isOurTurn, TAKEN} from './import-turn.ts'

/** What is to be done with lines that an earlier file had. */
export interface OverlapOptions {
  readonly overlap: OverlapChoice | null
  /** Asked about lines that an earlier file had; null: nobody can be asked. */
  readonly askOverlap: ((overlaps: Overlaps, lines: number) => Promise<OverlapChoice>) | null
}

export interface Known {
  readonly referenceKey: string
  readonly overlaps: Overlaps
  readonly choice: OverlapChoice | null
  /** What lines of earlier files stand under, where they are left out. */
  readonly adopted: readonly Adopted[]
  /** The file was here before, or a part of it: only then lines may be posted or refused already. */
  readonly mayBeKnown: boolean
  /**
   * Which of its lines may have been refused before, so that somebody may mend them: none where it was never here; else
   * those that are posted only now; all, where an import that posted such lines was killed before it wrote them down.
   */
  readonly claims: 'none' | 'posted' | 'all'
  /** The state of the imports that this was made of. */
  readonly seen: string
}

/** Asks nobody twice about the same lines. Refused: OVERLAP (nothing said what to do with lines of an earlier file). */
export function lookingBack(
  db: CommonQueryMethods,
  source: ImportSource,
  {overlap, askOverlap}: OverlapOptions,
): () => Promise<Known> {
  let answer: {readonly lines: number; readonly choice: OverlapChoice} | null = null
  const ask = askOverlap
  const asking: OverlapOptions['askOverlap'] =
    ask === null
      ? null
      : async (overlaps, lines) => {
          if (answer?.lines !== overlaps.lines) answer = {lines: overlaps.lines, choice: await ask(overlaps, lines)}
          return answer.choice
        }
  return () => lookBack(db, source, {overlap, askOverlap: asking})
}

async function lookBack(db: CommonQueryMethods, source: ImportSource, options: OverlapOptions): Promise<Known> {
  // First: what changes after it is noticed before the import begins.
  const seen = await importsSeen(db, source)
  const earlier = await runsOfFile(db, source.digest)
  const referenceKey = keyOf(source.digest, earlier)
  const {overlaps, choice} = await overlapsOf(db, source, earlier, referenceKey, options)
  const adopted = choice === 'skip' ? overlaps.adopted : []
  const mayBeKnown = earlier.length > 0 || adopted.length > 0
  return {referenceKey, overlaps, choice, adopted, mayBeKnown, claims: claimsOf(earlier, referenceKey), seen}
}

function claimsOf(earlier: readonly ImportRun[], referenceKey: string): Known['claims'] {
  const own = earlier.filter((run) => run.referenceKey === referenceKey)
  if (own.length === 0) return 'none'
  return own.length > 1 && own.at(-1)?.state !== 'finished' ? 'all' : 'posted'
}

/** Answered by `begin`: what is known is known no more. */
export const CHANGED = Symbol('changed')

/**
 * Writes down that the import begins; from the end of the transaction on others see it at work, and its lines.
 * The number of the run, or why it has not begun.
 */
export async function begin(
  tx: DatabaseTransactionConnection,
  source: ImportSource,
  {referenceKey, choice, adopted, seen}: Known,
  operator: string,
): Promise<bigint | typeof TAKEN | typeof CHANGED> {
  const {digest, hashes} = source
  if (!(await isOurTurn(tx, {digest, ofLines: hashes !== null}))) return TAKEN
  if ((await importsSeen(tx, source)) !== seen) return CHANGED
  return beginRun(tx, {fileName: source.name, digest, referenceKey, overlap: choice, adopted, operator, hashes})
}

/** Another text after any change that matters to this file: runs are added and undone, and never go. */
async function importsSeen(db: CommonQueryMethods, {digest, hashes}: ImportSource): Promise<string> {
  const {seen} = await db.one(sql.type(z.object({seen: z.string()}))`
    select count(*) || ' ' || count(*) filter (where r.state = 'undone') as seen
    from import_run r
    where r.file_digest = decode(${digest}, 'hex')
      or ${hashes !== null}::boolean and exists (select from import_lines l where l.run_id = r.id)`)
  return seen
}

/** Made of the file's bytes; anew once an import of it was undone, so that the mended ledger takes it again. */
function keyOf(digest: string, earlier: readonly ImportRun[]): string {
  const undone = earlier.filter(({state}) => state === 'undone').length
  return `import:${digest.slice(0, 16)}${undone === 0 ? '' : `~${undone}`}`
}

const NO_OVERLAPS: Overlaps = {files: [], lines: 0, adopted: []}

async function overlapsOf(
  db: CommonQueryMethods,
  {hashes, digest}: ImportSource,
  earlier: readonly ImportRun[],
  referenceKey: string,
  {overlap, askOverlap}: OverlapOptions,
): Promise<{readonly overlaps: Overlaps; readonly choice: OverlapChoice | null}> {
  if (hashes === null) return {overlaps: NO_OVERLAPS, choice: null}
  const first = earlier.find((run) => run.referenceKey === referenceKey)
  const overlaps = await findOverlaps(db, digest, hashes, first?.id ?? null)
  if (overlaps.lines === 0) return {overlaps, choice: null}
  // What was decided at the first time holds for this file.
  if (first !== undefined) return {overlaps, choice: first.overlap ?? 'post'}
  if (overlap !== null) return {overlaps, choice: overlap}
  // Nothing in it is new: the same lines in another coat.
  if (overlaps.lines === hashes.length) return {overlaps, choice: 'skip'}
  if (askOverlap === null) throw overlapRefusal(overlaps, hashes.length)
  return {overlaps, choice: await askOverlap(overlaps, hashes.length)}
}

function overlapRefusal({lines, files}: Overlaps, all: number): Refusal {
  const names = files.map(({fileName, runId}) => `${fileName} (import ${runId})`).join(', ')
  return new Refusal('OVERLAP', `${lines} of the ${all} lines were imported before with ${names}`, {
    hint: 'Leave them out with --overlap skip, or post them once more with --overlap post',
    details: {
      lines,
      read: all,
      files: files.map((file) => ({import: Number(file.runId), file: file.fileName, lines: file.lines})),
    },
  })
}
