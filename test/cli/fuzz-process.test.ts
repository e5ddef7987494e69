/**
 * The built program with values that nobody means, a process for each: every flag of every command with one, and every
 * variable of the environment. A new command is covered by its manifest. test/cli/fuzz.test.ts tries far more.
 */

import {rmSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {COMMANDS, type CommandSurface, plausible} from '../support/command-surface.ts'
import {FUZZ_SEED, hostileValues, passable} from '../support/hostile.ts'
import {type Program, withProgram} from '../support/program.ts'
import {expectTame} from '../support/tame.ts'

const TOGETHER = 2
const FLAGS_TOGETHER = 4
const SECRET = 'hunter2'

interface Call {
  readonly id: string
  readonly rest: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

/** Values in the same order at every run, each used once. */
function values(): () => string {
  const sample = fc
    .sample(hostileValues, {seed: FUZZ_SEED, numRuns: 1000})
    .map(passable)
    .filter((text) => text.length < 5000)
  let at = 0
  return () => sample[at++ % sample.length] ?? ''
}

/** Few calls with many flags: a refusal of one hides the others, so each leads in one call of its own group. */
function callsOf(id: string, {args, flags}: CommandSurface, next: () => string): readonly Call[] {
  const names = Object.keys(flags)
  const groups = Array.from({length: Math.max(1, Math.ceil(names.length / FLAGS_TOGETHER))}, (_, at) =>
    names.slice(at * FLAGS_TOGETHER, (at + 1) * FLAGS_TOGETHER),
  )
  return groups.map((group, at) => ({
    id,
    rest: [
      // The argument is hostile in the first call, so that what is meant gets to the flags in the others.
      ...Object.keys(args).map((name) => (at === 0 ? next() : plausible(id, name))),
      ...group.flatMap((name) => (flags[name]?.type === 'boolean' ? [`--${name}`] : [`--${name}`, next()])),
      // Nothing here is to play for a minute or to start a server.
      ...(Object.keys(args).length === 0 && names.every((name) => flags[name]?.type === 'boolean') ? [next()] : []),
    ],
  }))
}

function variableCalls(next: () => string): readonly Call[] {
  const call = (env: NodeJS.ProcessEnv, id = 'balance', rest: readonly string[] = ['--json']) => ({id, rest, env})
  return [
    ...[
      'FLEKS_OPERATOR',
      'FLEKS_CONFIG',
      'XDG_CACHE_HOME',
      'XDG_CONFIG_HOME',
      'HOME',
      'LANG',
      'TZ',
      'COLUMNS',
      'FORCE_COLOR',
    ].map((name) => call({[name]: next()})),
    call({
      XDG_CACHE_HOME: '/proc/nope',
      XDG_CONFIG_HOME: '/proc/nope',
      HOME: '/proc/nope',
      NO_COLOR: '1',
      FORCE_COLOR: '1',
      DEBUG: '*',
    }),
    call({FLEKS_CONFIG: '/proc/nope/config.json'}, 'config:set', ['operator', 'Bo']),
    call({FLEKS_CONFIG: 'x'.repeat(5000)}, 'config:set', ['operator', 'Bo', '--json']),
    ...['/dev/null', '/proc/nope', '/dev/null/x', 'x'.repeat(5000)].map((path) =>
      call({FLEKS_DATABASE_URL: '', FLEKS_DATA_DIR: path}),
    ),
    ...[
      `ina:${SECRET}@127.0.0.1/fleks`,
      `postgresql:ina:${SECRET}@127.0.0.1/fleks`,
      `postgresql://ina:12/${SECRET}@127.0.0.1:1/fleks`,
      `postgresql://ina:${SECRET}@127.0.0.1:1/fleks?stream=x&types=y&Promise=z`,
    ].map((url) => call({FLEKS_DATABASE_URL: url, DATABASE_URL: url, DEBUG: '*'}, 'doctor', [])),
  ]
}

describe('the program, asked for what nobody means', function () {
  this.timeout(300_000)

  it('answers in one sentence, with a published exit code, and shows no secret', async () => {
    const next = values()
    await withProgram(async (program) => {
      await program.json('client', 'add', 'Anna Petrova')
      await program.json('client', 'add', 'Tom Baker')
      await program.json('staff', 'add', 'Ina')
      await program.json('topup', '1', '50')
      const calls = [...COMMANDS.flatMap(([id, surface]) => callsOf(id, surface, next)), ...variableCalls(next)]
      try {
        await eachOf(calls, TOGETHER, (call, at) => expectTameProcess(program, call, at))
      } finally {
        rmSync(program.home, {recursive: true, force: true})
      }
    })
  })
})

async function expectTameProcess(program: Program, {id, rest: words, env = {}}: Call, at: number): Promise<void> {
  // Each other one in JSON, whatever the command.
  const rest = at % 2 === 0 || words.includes('--json') ? words : ['--json', ...words]
  const outcome = await program.run([...id.split(':'), ...rest], {env, input: SECRET, cwd: join(program.home, 'work')})
  try {
    // A batch quotes the lines that it cannot read, and this is one here.
    expectTame(id === 'batch' ? {id, rest} : {id, rest, secret: SECRET}, outcome)
  } catch (error) {
    const said = `fleks ${id} ${JSON.stringify(rest).slice(0, 400)} with ${JSON.stringify(env).slice(0, 300)}`
    throw new Error(`${said}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function eachOf<T>(
  all: readonly T[],
  together: number,
  work: (one: T, at: number) => Promise<void>,
): Promise<void> {
  let at = 0
  const worker = async () => {
    for (let mine = at++; mine < all.length; mine = at++) {
      const one = all[mine]
      if (one !== undefined) await work(one, mine)
    }
  }
  await Promise.all(Array.from({length: together}, worker))
}
