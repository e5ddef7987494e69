/** Runs the program as a child and tells what it cost: wall time, its own CPU, the server's CPU, its peak of memory. */

import {spawnSync} from 'node:child_process'
import {closeSync, openSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {ServerLocation} from '../src/server/location.ts'

export interface Cost {
  readonly seconds: number
  /** CPU seconds of the program. */
  readonly programCpu: number
  /** CPU seconds of the server and all its processes; 0 where the system does not tell. */
  readonly serverCpu: number
  readonly peakMb: number
}

export interface Ran extends Cost {
  readonly stdout: string
}

export interface RunOptions {
  readonly location: ServerLocation
  readonly url: string
  readonly home: string
  /** Files for stdin and stdout. */
  readonly input?: string
  readonly output?: string
}

/** Runs inside the program. */
const TOLD = `process.on('exit', () => {
  const {userCPUTime, systemCPUTime, maxRSS} = process.resourceUsage()
  const text = ['cost', userCPUTime + systemCPUTime, maxRSS].join(' ')
  process.getBuiltinModule('fs').writeSync(2, text)
})`

export function runMeasured(args: readonly string[], {location, url, home, input, output}: RunOptions): Ran {
  const env = {...process.env, FLEKS_DATABASE_URL: url, FLEKS_OPERATOR: 'bench', XDG_CACHE_HOME: home, HOME: home}
  const files = [input === undefined ? null : openSync(input, 'r'), output === undefined ? null : openSync(output, 'w')]
  const serverBefore = serverCpuSeconds(location)
  const started = performance.now()
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(TOLD)}`, 'bin/run.js', ...args],
    {env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: [files[0] ?? 'ignore', files[1] ?? 'pipe', 'pipe']},
  )
  const seconds = (performance.now() - started) / 1000
  const serverCpu = serverCpuSeconds(location) - serverBefore
  for (const file of files) if (file !== null) closeSync(file)
  const cost = /cost (\d+) (\d+)/.exec(stderr)
  if (cost === null || (status !== 0 && status !== 7))
    throw new Error(`fleks ${args.join(' ')} failed: ${stdout}${stderr}`)
  const [, micros = '', peakKb = ''] = cost
  return {seconds, programCpu: Number(micros) / 1e6, serverCpu, peakMb: Number(peakKb) / 1024, stdout: stdout ?? ''}
}

/** Of Linux's clock ticks, which are a hundred a second everywhere. */
const TICKS = 100

/** What the postmaster, its processes and those that have ended have used so far. */
export function serverCpuSeconds({clusterDir}: ServerLocation): number {
  const postmaster = Number(readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8').split('\n')[0])
  let ticks = 0
  for (const name of processes()) {
    const fields = statOf(name)
    if (fields === null) continue
    const [, parent, , , , , , , , , , user, system, endedUser, endedSystem] = fields
    if (Number(name) === postmaster) ticks += Number(user) + Number(system) + Number(endedUser) + Number(endedSystem)
    else if (Number(parent) === postmaster) ticks += Number(user) + Number(system)
  }
  return ticks / TICKS
}

function processes(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

/** The fields after the name, which may hold anything (proc(5)): state, parent, … */
function statOf(pid: string): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}
