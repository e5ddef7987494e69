/** Plays the demo: a real server, real clients, and the real program for every command that is shown. */

import {spawn} from 'node:child_process'
import {join} from 'node:path'
import {Refusal} from '../../core/refusal.ts'
import type {Total} from '../../data/accounts.ts'
import {ledgerTotals} from '../../data/balances.ts'
import {history} from '../../data/history.ts'
import type {Ledger} from '../../data/ledger.ts'
import {startEmbedded, withLedger} from '../connect.ts'
import {type Environment, readEnvironment} from '../environment.ts'
import {packageRoot} from '../package-root.ts'
import {type Interruption, listenForInterruption} from './interruption.ts'
import {type Loaded, loadClients, loadDay} from './load.ts'
import {type DemoPlace, makePlace, removePlace} from './place.ts'
import {DAY, OPENING, type Scene, type Step, typed} from './script.ts'

interface PlayedStep {
  readonly command: string
  readonly exit: number
}

export interface DemoReport {
  readonly loaded: readonly Loaded[]
  readonly steps: readonly PlayedStep[]
  readonly clients: number
  readonly entries: number
  readonly totals: readonly Total[]
}

/** Told what happens while it happens. */
export interface Audience {
  readonly scene: (scene: Pick<Scene, 'title' | 'text'>) => void
  readonly command: (command: string) => void
  /** After a command's output. */
  readonly exited: (step: PlayedStep) => void
  readonly loaded: (loaded: Loaded) => void
}

/** Lines of the day's book that the ledger must refuse, because the client has not enough. */
const REFUSED_LINES = 1

/**
 * With an audience the commands write to stdout themselves, as they would for whoever types them. Nothing is left
 * behind. Refused (INTERNAL): something did not go as told.
 */
export async function playDemo(audience: Audience | null): Promise<DemoReport> {
  const interruption = listenForInterruption()
  const place = makePlace()
  try {
    return await play(place, audience, interruption.signal)
  } catch (error) {
    // Whatever fails once it is to end, fails because of that.
    if (interruption.exitCode() === null) throw error
  } finally {
    await removePlace(place)
  }
  return leave(interruption)
}

function leave(interruption: Interruption): never {
  process.exit(interruption.exitCode() ?? 0)
}

async function play(place: DemoPlace, audience: Audience | null, signal: AbortSignal): Promise<DemoReport> {
  const environment = readEnvironment(place.env)
  const steps: PlayedStep[] = []
  const playScene = async (scene: Scene) => {
    audience?.scene(scene)
    for (const step of scene.steps) steps.push(await playStep(step, place, audience, signal))
  }
  await startEmbedded(environment)
  signal.throwIfAborted()
  await playScene(OPENING)
  const loaded = await loadFiles(environment, audience, signal)
  for (const scene of DAY) await playScene(scene)
  const {entries, totals} = await withLedger(summary, environment)
  const clients = loaded[0]?.lines ?? 0
  signal.throwIfAborted()
  return {loaded, steps, clients, entries, totals}
}

async function loadFiles(environment: Environment, audience: Audience | null, signal: AbortSignal) {
  audience?.scene({
    title: 'Its clients, and last Saturday from the book',
    text: 'Names in three scripts, namesakes, phones as people write them; then one day of visits.',
  })
  return withLedger(async (ledger) => {
    const clients = await loadClients(ledger, signal)
    audience?.loaded(clients)
    expectRefused(clients, 0)
    const day = await loadDay(ledger, signal)
    audience?.loaded(day)
    expectRefused(day, REFUSED_LINES)
    return [clients, day]
  }, environment)
}

function expectRefused({file, refused}: Loaded, count: number): void {
  const unexpected = refused.find(({refusal}) => refusal.code !== 'INSUFFICIENT_FUNDS') ?? refused[count]
  if (unexpected !== undefined) throw notAsTold(`line ${unexpected.line} of ${file}: ${unexpected.refusal.message}`)
  if (refused.length < count) throw notAsTold(`${file} has ${refused.length} refused lines, not ${count}`)
}

async function playStep(step: Step, place: DemoPlace, audience: Audience | null, signal: AbortSignal) {
  signal.throwIfAborted()
  const command = typed(step)
  audience?.command(command)
  const {exit, output} = await runProgram(step, place, audience === null, signal)
  signal.throwIfAborted()
  const played = {command, exit}
  audience?.exited(played)
  if (exit !== step.exit) throw notAsTold(`${command} exited ${exit} and not ${step.exit}${output}`)
  return played
}

/** Its stderr goes where its stdout goes: errors are part of what the demo shows. */
function runProgram(
  {words}: Step,
  {env, folder}: DemoPlace,
  quiet: boolean,
  signal: AbortSignal,
): Promise<{readonly exit: number; readonly output: string}> {
  return new Promise((resolve, reject) => {
    const output = quiet ? 'pipe' : 1
    const child = spawn(process.execPath, [join(packageRoot(), 'bin', 'run.js'), ...words], {
      cwd: folder,
      env,
      stdio: ['ignore', output, output],
    })
    const heard: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => heard.push(text))
    }
    const stop = () => child.kill('SIGTERM')
    signal.addEventListener('abort', stop)
    child.on('error', reject)
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop)
      resolve({exit: code ?? 1, output: heard.length === 0 ? '' : `: ${heard.join('').trim()}`})
    })
  })
}

async function summary(ledger: Ledger) {
  const {entries} = await history(ledger, EVERYTHING)
  const {totals} = await ledgerTotals(ledger)
  return {entries: entries.length, totals}
}

const EVERYTHING = {
  client: null,
  staff: null,
  kind: null,
  direction: null,
  from: null,
  to: null,
  limit: 10_000,
  cursor: null,
} as const

function notAsTold(what: string): Refusal {
  return new Refusal('INTERNAL', `The demo did not go as told: ${what}`, {
    hint: 'Please report it with this output; npm bugs fleks opens the place',
  })
}
