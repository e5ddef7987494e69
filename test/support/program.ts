/** Runs the built program as a user would: its output, its exit code, and nothing of this machine's environment. */

import {type ChildProcess, spawn} from 'node:child_process'
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {withTestDatabase} from './database.ts'
import {temporaryFolder} from './server.ts'

export const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

export interface Outcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

interface RunOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
  readonly cwd?: string
}

export interface Program {
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Outcome>
  /** Runs, expects success, and gives the JSON document. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents whose form the schemas check.
  readonly json: (...args: readonly string[]) => Promise<any>
  readonly start: (args: readonly string[], options?: RunOptions) => ChildProcess
  readonly env: NodeJS.ProcessEnv
  readonly home: string
}

const LIMIT_MS = 60_000

/** The program with a home, cache and configuration of its own, on `databaseUrl` or the embedded server. */
export async function programIn(databaseUrl: string | null): Promise<Program> {
  const home = await temporaryFolder()
  mkdirSync(join(home, 'work'))
  const env: NodeJS.ProcessEnv = {
    HOME: home,
    PATH: process.env.PATH,
    XDG_CACHE_HOME: join(home, 'cache'),
    FLEKS_OPERATOR: 'tester',
    ...(databaseUrl === null ? {FLEKS_DATA_DIR: join(home, 'data')} : {FLEKS_DATABASE_URL: databaseUrl}),
  }
  const start = (args: readonly string[], options: RunOptions = {}) =>
    spawn(process.execPath, [PROGRAM, ...args], {cwd: options.cwd ?? home, env: {...env, ...options.env}})
  const run = (args: readonly string[], options: RunOptions = {}) =>
    outcomeOf(start(args, options), options.input ?? '')
  return {
    env,
    home,
    run,
    start,
    json: async (...args) => {
      const {code, stdout, stderr} = await run([...args, '--json'])
      if (code !== 0) throw new Error(`fleks ${args.join(' ')} exited ${code}: ${stdout}${stderr}`)
      return JSON.parse(stdout)
    },
  }
}

export function outcomeOf(child: ChildProcess, input = ''): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const output = {stdout: '', stderr: ''}
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8')
      child[name]?.on('data', (text: string) => {
        output[name] += text
      })
    }
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      resolve({code, signal, ...output})
    })
  })
}

/** Runs `work` with the program on a migrated database of its own. */
export async function withProgram<T>(work: (program: Program, url: string) => Promise<T>): Promise<T> {
  return withTestDatabase(async ({url}) => work(await programIn(url), url))
}
