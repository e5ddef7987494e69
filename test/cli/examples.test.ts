/**
 * Runs every example of every command's help as a shell would, each on a fresh copy of the business that
 * test/support/example-business.ts describes, in a folder that holds a copy of examples/ and of the files in it.
 * An example must succeed; one that shows a refusal says so in its description, as in "exits 5".
 */

import {spawn} from 'node:child_process'
import {cpSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import * as z from 'zod/mini'
import {OUTPUT_SCHEMAS} from '../../src/views/schemas.ts'
import {withExampleBusiness, withNewBusiness} from '../support/example-business.ts'
import {type Outcome, outcomeOf, type Program, programIn} from '../support/program.ts'
import {withShellHome} from '../support/shell-home.ts'

const ROOT = join(import.meta.dirname, '../..')

interface Example {
  readonly line: string
  readonly exit: number
}

interface ManifestCommand {
  readonly description?: string
  readonly examples?: readonly (string | {readonly description?: string; readonly command: string})[]
}

const {commands}: {readonly commands: Readonly<Record<string, ManifestCommand>>} = JSON.parse(
  readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8'),
)

function examplesOf({examples = []}: ManifestCommand): readonly Example[] {
  return examples.map((example) => {
    const {command, description = ''} = typeof example === 'string' ? {command: example} : example
    const line = command.replaceAll('<%= config.bin %>', 'fleks').replaceAll(/^\$ /gm, '')
    return {line, exit: Number(/\bexits (\d+)/.exec(description)?.[1] ?? 0)}
  })
}

/** What these need before the example, in the same shell. */
const BEFORE: Readonly<Record<string, string>> = {
  'backup verify': 'fleks backup fleks.backup',
  batch: String.raw`printf '{"op":"topup","client":42,"amount":"5"}\n' > ops.jsonl`,
  import: `${imports(1)} && printf 'Payer;Сумма;Date\\n42;5,00;22/11/2026\\n' > bank.csv && cp examples/clients.csv . && mv 1.csv visits.csv &&
    fleks import bank.csv --map client=Payer --map amount=Сумма --date-format DD/MM/YYYY --save-profile bank`,
  'import list': imports(1),
  'import show': imports(3),
  'import undo': imports(3),
  // Into databases of their own, which are stopped in the end.
  restore: `fleks backup fleks.backup && fleks export > ledger.jsonl && unset FLEKS_DATABASE_URL && export FLEKS_DATA_DIR="$HOME/fresh" &&
    trap 'fleks db stop >&2; FLEKS_DATA_DIR="$HOME/restored" fleks db stop >&2' EXIT`,
  verify: 'fleks verify --checkpoint --json > checkpoint.json',
}

/** So many imports of one line each. */
function imports(count: number): string {
  const each = Array.from({length: count}, (_, at) => at + 1)
  return each
    .map((n) => `printf 'client,amount,reference\\n42,${n},import-${n}\\n' > ${n}.csv && fleks import ${n}.csv`)
    .join(' && ')
}

/** An opening balance is an account's first entry. */
const ON_A_NEW_LEDGER = ['opening']

/** test/cli/demo.test.ts runs these, and looks at more. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {demo: ['fleks demo', 'fleks demo --json']}

/** Without an answer of their own in JSON: what goes into a file, another program, or another form. */
const IS_NOT_ALONE = /[>|<]|--format\b|--json\b/

describe('the examples of the help', () => {
  // Not at the end of the file, where it would come after the folder has gone with all others (test/support/hooks.ts).
  after(async () => {
    if (running === null) return
    const program = await running
    await program.run(['db', 'stop'])
    rmSync(program.home, {recursive: true, force: true})
  })

  for (const [id, command] of Object.entries(commands)) {
    const name = id.replaceAll(':', ' ')
    const examples = examplesOf(command)
    const lines = examples.map(({line}) => line)

    if (name in ELSEWHERE) {
      it(`of ${name} are those that its own test runs`, () => expect(lines).to.deep.equal(ELSEWHERE[name]))
      continue
    }
    it(`of ${name} run as they are, and in JSON answer as published`, async () => {
      expect(lines, `fleks ${name} has no example`).to.not.deep.equal([])
      const inJson = examples
        .filter(({line}) => !IS_NOT_ALONE.test(line) && !lines.includes(`${line} --json`))
        .map(({line, exit}) => ({line: `${line} --json`, exit}))
      const all = [...examples, ...inJson]
      if (isAboutTheServer(name)) for (const example of all) await runExample(name, example)
      else await allOf(all.map((example) => runExample(name, example)))
    }).timeout(120_000)
  }
})

/** Fails with the first failure, but only when all have ended: they share a server. */
async function allOf(runs: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(runs)
  await Promise.all(runs)
}

async function runExample(name: string, example: Example): Promise<void> {
  const missing = missingProgram(example.line)
  if (missing !== null) {
    // The machine may have nothing but Node and npm; what other programs make of our output is not fleks's to promise.
    process.stderr.write(`      ${missing} is not installed, so not run: ${example.line}\n`)
    return
  }
  await onItsBusiness(name, async (program) => {
    const before = BEFORE[name]
    const outcome = await inShell(
      program,
      before === undefined ? example.line : `{ ${before}; } >&2 && ${example.line}`,
    )
    expect(outcome.code, explained(name, example, outcome)).to.equal(example.exit)
    if (/--json$/.test(example.line) && example.exit === 0) expectPublished(name, example.line, outcome.stdout)
  })
}

function missingProgram(line: string): string | null {
  const named = [...line.matchAll(/(?:^|[|;]|&&)\s*(?:\w+=\S+\s+)*([\w-]+)/g)].map(([, word = '']) => word)
  const folders = (process.env.PATH ?? '').split(':')
  const known = (word: string) => word === 'fleks' || folders.some((folder) => exists(folder, word))
  return named.find((word) => !known(word)) ?? null
}

function exists(folder: string, word: string): boolean {
  try {
    return readdirSync(folder).includes(word)
  } catch {
    return false
  }
}

function explained(name: string, {line, exit}: Example, {code, stdout, stderr}: Outcome): string {
  return `this example of "fleks ${name}" exited ${code} and not ${exit} on the business of test/support/example-business.ts:\n$ ${line}\n${stdout}${stderr}\n`
}

function expectPublished(name: string, line: string, stdout: string): void {
  const schema = (OUTPUT_SCHEMAS as Readonly<Record<string, z.ZodMiniType>>)[name]
  if (schema === undefined) throw new Error(`src/views/schemas.ts has no schema for "fleks ${name}"`)
  const {error} = z.safeParse(schema, JSON.parse(stdout))
  expect(error, `${line}: ${error?.message}\n${stdout}`).to.equal(undefined)
}

/** The database's own commands are about the embedded one: there is one for all of them, and it is running. */
function isAboutTheServer(name: string): boolean {
  return name.startsWith('db ')
}

async function onItsBusiness(name: string, work: (program: Program) => Promise<void>): Promise<void> {
  if (isAboutTheServer(name)) return withShellHome(await embedded(), work)
  const withBusiness = ON_A_NEW_LEDGER.includes(name) ? withNewBusiness : withExampleBusiness
  return withBusiness(async ({url}) => {
    const program = await programIn(url)
    try {
      await withShellHome(program, work)
    } finally {
      rmSync(program.home, {recursive: true, force: true})
    }
  })
}

let running: Promise<Program> | null = null

async function embedded(): Promise<Program> {
  running ??= programIn(null)
  const program = await running
  await program.json('db', 'start')
  return program
}

/** The example files are in examples/ and beside it, as in a folder of the user's own. */
function inShell({env, home}: Program, line: string): Promise<Outcome> {
  const cwd = join(home, 'work')
  cpSync(join(cwd, 'examples'), cwd, {recursive: true})
  return outcomeOf(spawn('bash', ['-c', line], {cwd, env}))
}
