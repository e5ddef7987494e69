/** Processes on a server that runs: for scripts, for people, and those that need no server. */

import {readFileSync} from 'node:fs'
import {inTurns, interleaved, timed} from '../interleave.ts'
import {atMost, report} from '../report.ts'
import {withTerminal} from './terminal.ts'
import {byHand, NODE, PAY, program, ROUNDS, tellSkipped, type World} from './world.ts'

const TOPUP = ['topup', '1', '0.01'] as const
const BALANCE = ['balance', '1'] as const
const SEARCH = ['client', 'search', 'petr'] as const
const ALL = [PAY, TOPUP, BALANCE, SEARCH]

export async function forScripts(world: World): Promise<void> {
  const programs = ALL.map((args) => program(world, ...args, '--json'))
  report(await interleaved([byHand(world), ...programs], ROUNDS), {
    title: 'One process each, for scripts',
    limits: Object.fromEntries(programs.map(({name}) => [name, atMost(1.35)])),
  })
}

export async function forPeople(world: World): Promise<void> {
  const title = 'One process each, for people: tables and colour on a pseudo-terminal'
  const done = await withTerminal(world.folder, async (terminal) => {
    const env = {...world.env, TERM: 'xterm-256color'}
    const programs = ALL.map((args) => ({...program({...world, env}, ...args), terminal}))
    report(await interleaved([{...byHand(world), terminal}, ...programs], ROUNDS), {
      title,
      limits: Object.fromEntries(programs.map(({name}) => [name, atMost(1.5)])),
    })
  })
  if (!done) tellSkipped(title, "util-linux's script makes the terminal, and it is not here")
}

export async function withoutServer(world: World): Promise<void> {
  const empty = {name: 'an empty Node process', command: NODE, args: ['-e', '']}
  report(await interleaved([empty, program(world, '--version'), program(world, '--help')], ROUNDS), {
    title: 'Without a server',
    limits: {'fleks --version': atMost(1.15), 'fleks --help': atMost(1.5)},
  })
}

/** The largest resident set, which each process writes down when it ends. */
export async function peakMemory(world: World): Promise<void> {
  const subjects = [byHand(world), program(world, ...PAY, '--json')]
  const measured = await inTurns(
    subjects.map((subject) => ({
      name: subject.name,
      measure: () => {
        const file = `${world.folder}/peak`
        timed({
          ...subject,
          args: ['-r', './bench/startup/peak.cjs', ...subject.args],
          env: {...subject.env, PEAK: file},
        })
        return Number(readFileSync(file, 'utf8')) / 1024
      },
    })),
    ROUNDS,
  )
  report(measured, {title: 'Peak memory', unit: 'MB', limits: {[subjects[1]?.name ?? '']: atMost(1.3)}})
}
