/**
 * The cron line of the README, begun every few seconds while earlier ones still run and the file grows: neither doubles
 * nor drops a line. `CRON_MINUTES=10 EVERY_MS=3000 node bench/cron-import.ts`. Exits 1 where a line is missing or doubled.
 */

import {spawn} from 'node:child_process'
import {appendFileSync, renameSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {benchServer, runSql} from './servers.ts'

const MINUTES = Number(process.env.CRON_MINUTES ?? 1)
const EVERY_MS = Number(process.env.EVERY_MS ?? 3_000)
const LINES_EACH = Number(process.env.LINES_EACH ?? 400)
const CLIENTS = 50
/** Each that waits holds connections, and the server has a hundred. */
const AT_ONCE = 8
const PROGRAM = fileURLToPath(new URL('../bin/run.js', import.meta.url))

let seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
function random(below: number): number {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
  return (seed >>> 8) % below
}

/** Few different lines, so that many are equal to one before. */
function lineOf(hasReference: boolean, at: number): string {
  const day = String(1 + random(2)).padStart(2, '0')
  const cells = [String(1 + random(CLIENTS)), `${day}.11.2026`, `${1 + random(3)},50`, `receipt ${random(3)}`]
  return `${[...cells, ...(hasReference ? [`b-${at}`] : [])].join(';')}\r\n`
}

const server = await benchServer()

function run(
  env: NodeJS.ProcessEnv,
  args: readonly string[],
): Promise<{readonly code: number | null; readonly text: string}> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {env, stdio: ['ignore', 'pipe', 'pipe']})
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({code, text}))
  })
}

interface Book {
  readonly name: string
  readonly env: NodeJS.ProcessEnv
  readonly url: string
  readonly file: string
  readonly hasReference: boolean
  readonly lines: string[]
  running: number
  readonly runs: Promise<{readonly code: number | null; readonly text: string}>[]
  readonly header: string
}

async function open(name: string, hasReference: boolean): Promise<Book> {
  const url = await server.database(name)
  const env = {...process.env, HOME: join(server.folder, name), FLEKS_DATABASE_URL: url, FLEKS_OPERATOR: 'cron'}
  const people = join(server.folder, 'people.csv')
  writeFileSync(people, `name\n${Array.from({length: CLIENTS}, (_, at) => `Client ${at + 1}x\n`).join('')}`)
  await run(env, ['import', people, '--kind', 'client', '--json'])
  const header = `Kunde;Tag;Summe;Text${hasReference ? ';Beleg' : ''}\r\n`
  const book: Book = {
    name,
    env,
    url,
    file: join(server.folder, `${name}.csv`),
    hasReference,
    lines: [],
    running: 0,
    runs: [],
    header,
  }
  grow(book, 2)
  const columns = ['client=Kunde', 'at=Tag', 'amount=Summe', 'note=Text', ...(hasReference ? ['reference=Beleg'] : [])]
  const maps = columns.flatMap((column) => ['--map', column])
  book.runs.push(run(env, ['import', book.file, ...maps, '--save-profile', 'bank', '--json']))
  await Promise.all(book.runs)
  return book
}

/** As programs write: some add to the file, some write it anew and rename it. */
function grow(book: Book, count: number): void {
  const {file, header, lines, hasReference} = book
  const more = Array.from({length: count}, (_, at) => lineOf(hasReference, lines.length + at))
  lines.push(...more)
  if (lines.length > count && random(2) === 0) appendFileSync(file, more.join(''))
  else {
    writeFileSync(`${file}.tmp`, header + lines.join(''))
    renameSync(`${file}.tmp`, file)
  }
}

function begin(book: Book): void {
  book.running++
  const ended = run(book.env, ['import', book.file, '--profile', 'bank', '--overlap', 'skip', '--json'])
  book.runs.push(ended.finally(() => book.running--))
}

async function judge(book: Book): Promise<boolean> {
  begin(book)
  const outcomes = await Promise.all(book.runs)
  const failed = outcomes.filter(({code}) => code !== 0)
  const applied = outcomes.reduce((sum, {code, text}) => sum + (code === 0 ? JSON.parse(text).applied : 0), 0)
  const rows = await runSql(
    book.url,
    `select client_id::text || ';' || to_char(occurred_at at time zone (select time_zone from settings), 'DD.MM.YYYY') || ';' ||
       replace(to_char(amount / 100.0, 'FM999990.00'), '.', ',') || ';' || note as line from entry`,
  )
  const sorted = (lines: readonly string[]) => lines.toSorted().join('\n')
  const posted = sorted(rows.map(({line}) => String(line)))
  const written = sorted(book.lines.map((line) => line.trim().split(';').slice(0, 4).join(';')))
  const distinct = new Set(book.lines.map((line) => line.split(';').slice(0, 4).join(';'))).size
  const isRight = posted === written && failed.length === 0 && applied === book.lines.length
  console.log(
    `${book.name}: ${isRight ? 'right' : 'WRONG'}; ${book.runs.length} runs, ${failed.length} failed; ${book.lines.length} lines (${distinct} different), ${rows.length} entries, ${applied} told as applied`,
  )
  for (const {code, text} of failed.slice(0, 3)) console.log(`  exit ${code}: ${text.slice(0, 300)}`)
  return isRight
}

let isRight = true
try {
  console.log(`${MINUTES} minutes, a run every ${EVERY_MS} ms, seed ${seed}`)
  const books = [await open('with_references', true), await open('without_references', false)]
  const end = Date.now() + MINUTES * 60_000
  let most = 0
  while (Date.now() < end) {
    for (const book of books) {
      // Two at the very same time, now and then.
      if (book.running < AT_ONCE) begin(book)
      if (book.running < AT_ONCE && random(4) === 0) begin(book)
      most = Math.max(most, book.running)
      await sleep(EVERY_MS / 4)
      grow(book, 1 + random(LINES_EACH))
      await sleep(EVERY_MS / 4)
    }
  }
  for (const book of books) isRight = (await judge(book)) && isRight
  console.log(`at most ${most} runs of one file at once`)
} finally {
  await server.stop()
}
if (!isRight) process.exitCode = 1
