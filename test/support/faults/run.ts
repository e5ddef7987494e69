/** A run: a load, troubles, pictures of the bank, and the verdict over all of it. */

import {spawn} from 'node:child_process'
import {mkdirSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {addClient} from '../../../src/data/clients.ts'
import {openPool} from '../../../src/data/pool.ts'
import {addStaff} from '../../../src/data/staff.ts'
import {type CuttingProxy, cuttingProxy} from '../cutting-proxy.ts'
import {outcomeOf, PROGRAM} from '../program.ts'
import {type Random, randomFrom, shuffled} from '../random.ts'
import {temporaryFolder} from '../server.ts'
import {UNIQUE} from '../world.ts'
import {Imagination, STAFF, type Verb} from './command.ts'
import type {Desk} from './desk.ts'
import {readFacts} from './facts.ts'
import {figures, Tally} from './figures.ts'
import {type Finding, finding} from './finding.ts'
import type {Imported} from './import-run.ts'
import {type Importer, settleImports, workImports} from './import-work.ts'
import {judge} from './judge.ts'
import {judgeImports} from './judge-imports.ts'
import {attempt, settle, work} from './load.ts'
import {makePlace, type Place} from './place.ts'
import {isSettled, Recorder} from './records.ts'
import {watchBank} from './snapshots.ts'
import {type Trouble, troublesAt} from './trouble.ts'

export interface Setting {
  readonly place: Place
  readonly proxy: CuttingProxy
  /** For programs that find the server by its data directory. */
  readonly embedded: NodeJS.ProcessEnv
  /** For programs that find it through the proxy, on TCP. */
  readonly proxied: NodeJS.ProcessEnv
  readonly tally: Tally
  readonly seed: number
  readonly randomOf: (what: string) => Random
}

export interface RunOptions {
  readonly seconds: number
  readonly seed: number
  readonly clients: number
  readonly openingCents: number
  readonly verbs: readonly Verb[]
  readonly troubles: (all: readonly Trouble[]) => readonly Trouble[]
  /** The desks, and those that nothing is done to, for what the others leave open. */
  readonly desks: (setting: Setting) => Desks
}

interface Desks {
  readonly busy: readonly Desk[]
  readonly sound: Desk
  readonly importers?: {readonly busy: readonly Importer[]; readonly sound: Importer}
}

export interface Outcome {
  readonly findings: readonly Finding[]
  /** What was done and what came of it, for people. */
  readonly report: string
}

export async function runFaults(options: RunOptions): Promise<Outcome> {
  const place = await makePlace()
  const proxy = await cuttingProxy(place.deskUrl, 'tcp')
  try {
    return await runAt(place, proxy, options)
  } finally {
    proxy.close()
    await place.remove()
  }
}

async function runAt(place: Place, proxy: CuttingProxy, options: RunOptions): Promise<Outcome> {
  const {seconds, seed, clients, verbs} = options
  const setting = await settingOf(place, proxy, seed)
  const recorder = new Recorder()
  const imagination = new Imagination(clients, verbs)
  const {busy, sound, importers = null} = options.desks(setting)
  const files: Imported[] = []
  const startedMs = performance.now()
  let over = false
  try {
    await openBank(place, options, sound, recorder, imagination)
    const watch = watchBank(place.urlOf(), recorder)
    const load = {recorder, imagination, isOver: () => over}
    const importing = (importers?.busy ?? []).map((desk) =>
      workImports(desk, {
        ...load,
        random: setting.randomOf(desk.name),
        folder: String(setting.embedded.HOME),
        clients,
        onFile: (imported) => files.push(imported),
      }),
    )
    const working = [...busy.map((desk) => work(desk, {...load, random: setting.randomOf(desk.name)})), ...importing]
    const troubled = await makeTrouble(setting, options, Date.now)
    over = true
    await Promise.all(working)
    await Promise.all(busy.map((desk) => desk.close()))
    await place.start()
    if (importers !== null) await settleImports(importers.sound, files, recorder)
    await settle(sound, recorder, imagination, leftOpen(recorder, files))
    const watched = await watch.end()
    const facts = await readFacts(place.urlOf())
    const elapsed = (performance.now() - startedMs) / 1_000
    const findings = [
      ...troubled,
      ...watched,
      ...judge(recorder.all, facts),
      ...judgeImports(files, facts),
      ...(await verified(setting.embedded)),
    ]
    const report = figures({
      seed,
      seconds,
      elapsed,
      recorder,
      files,
      facts,
      tally: setting.tally,
      pictures: watch.taken(),
      cuts: proxy.cuts(),
    })
    return {findings, report}
  } finally {
    over = true
    await Promise.all([...busy, sound].map((desk) => desk.close()))
    await rm(String(setting.embedded.HOME), {recursive: true, force: true})
  }

  async function makeTrouble({tally, randomOf}: Setting, {troubles}: RunOptions, now: () => number) {
    const random = randomOf('trouble')
    const possible = troubles(troublesAt(place))
    const findings: Finding[] = []
    const endMs = now() + seconds * 1_000
    while (now() < endMs) {
      for (const {name, cause} of shuffled(random, possible)) {
        if (now() >= endMs) break
        const found = await cause({place, proxy, random, env: setting.embedded, clients})
        if (found !== null) findings.push(finding('broken', found))
        tally.count(name)
        await place.start()
        await sleep(100 + random(700))
      }
    }
    return findings
  }
}

async function settingOf(place: Place, proxy: CuttingProxy, seed: number): Promise<Setting> {
  const home = await temporaryFolder()
  mkdirSync(join(home, 'cache'))
  const env = {HOME: home, PATH: process.env.PATH, XDG_CACHE_HOME: join(home, 'cache'), FLEKS_OPERATOR: 'desk'}
  let streams = 0
  return {
    place,
    proxy,
    embedded: {...env, FLEKS_DATA_DIR: place.dataDir},
    proxied: {...env, FLEKS_DATABASE_URL: proxy.url},
    tally: new Tally(),
    seed,
    randomOf: () => randomFrom(seed + 7_919 * ++streams),
  }
}

/** What the program itself says of its ledger. */
async function verified(env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const child = spawn(process.execPath, [PROGRAM, 'verify', '--json'], {env})
  const {code, stdout, stderr} = await outcomeOf(child)
  return code === 0 ? [] : [finding('unsound', `verify exited ${code}: ${stdout}${stderr}`)]
}

/** Clients 1, 2, …, each with money, which is the first thing on record. */
async function openBank(
  {urlOf}: Place,
  {clients, openingCents}: RunOptions,
  sound: Desk,
  recorder: Recorder,
  imagination: Imagination,
): Promise<void> {
  const pool = await openPool(urlOf())
  const ledger = {
    pool,
    operator: 'tester',
    now: () => new Date(),
    randomBytes: (count: number) => new Uint8Array(count),
  }
  try {
    await addStaff(ledger, STAFF)
    for (let n = 1; n <= clients; n++) await addClient(ledger, `Client ${'abcdefghijklmnopqrstuvwxyz'[n]}`, {}, UNIQUE)
  } finally {
    await pool.end()
  }
  for (let client = 1; client <= clients; client++) {
    const command = imagination.make('topup', client, {cents: openingCents})
    recorder.begin(command)
    await attempt(sound, command, recorder, imagination)
  }
}

/** Of what is not known at the end, every second command is asked for again; the others stay as people leave them. */
function leftOpen(recorder: Recorder, files: readonly Imported[]): ReadonlySet<string> {
  const imported = new Set(files.flatMap(({lines}) => lines.map(({name}) => name)))
  const open = recorder.all.filter(({command, attempts}) => {
    const last = attempts.at(-1)
    return last !== undefined && !isSettled(last.answer) && !imported.has(command.name)
  })
  return new Set(open.filter((_, index) => index % 2 === 0).map(({command}) => command.name))
}
