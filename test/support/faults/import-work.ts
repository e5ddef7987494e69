/** Imports file after file, each again with the same file until it ended by itself. */

import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {pick, type Random} from '../random.ts'
import type {Command, Imagination} from './command.ts'
import {type ProgramOptions, programRunner} from './desk.ts'
import {answerOfLine, contentOf, drawForm, type Imported, importToldOf, wordsOfImport} from './import-run.ts'
import type {Recorder} from './records.ts'

const LINES_MAX = 60
const GIVES_UP_ONE_OF = 7
const PAUSE_MS = 500
const SETTLE_TRIES = 10

export interface Importer {
  readonly name: string
  readonly run: (imported: Imported, recorder: Recorder) => Promise<void>
}

export function importer(options: ProgramOptions): Importer {
  const runProgram = programRunner(options)
  return {
    name: options.name,
    run: async (imported, recorder) => {
      const begunMs = performance.now()
      const told = importToldOf(imported, await runProgram(wordsOfImport(imported)))
      const endedMs = performance.now()
      imported.runs.push(told)
      for (const [at, line] of imported.lines.entries()) {
        recorder.add(line, {by: options.name, begunMs, endedMs, answer: answerOfLine(told, at)})
      }
    },
  }
}

export interface ImportLoad {
  readonly recorder: Recorder
  readonly imagination: Imagination
  readonly random: Random
  readonly folder: string
  readonly clients: number
  readonly isOver: () => boolean
  readonly onFile: (imported: Imported) => void
}

export async function workImports(desk: Importer, load: ImportLoad): Promise<void> {
  const {recorder, random, isOver, folder, onFile} = load
  for (let count = 1; !isOver(); count++) {
    const form = drawForm(random)
    const imported: Imported = {
      ...form,
      path: join(folder, `${desk.name}-${count}.${form.form}`),
      lines: drawLines(load),
      runs: [],
    }
    writeFileSync(imported.path, contentOf(imported))
    for (const line of imported.lines) recorder.begin(line)
    onFile(imported)
    for (;;) {
      await desk.run(imported, recorder)
      if (isEnded(imported) || isOver() || random(GIVES_UP_ONE_OF) === 0) break
      await sleep(random(PAUSE_MS))
    }
    await sleep(random(PAUSE_MS))
  }
}

function drawLines({random, imagination, clients}: ImportLoad): readonly Command[] {
  return Array.from({length: 1 + random(LINES_MAX)}, () =>
    imagination.make(pick(random, ['topup', 'topup', 'pay']), 1 + random(clients), {cents: 1 + random(500)}),
  )
}

function isEnded({runs}: Imported): boolean {
  return runs.at(-1)?.kind === 'ended'
}

/** Imports every second of the files that did not end. */
export async function settleImports(desk: Importer, files: readonly Imported[], recorder: Recorder): Promise<void> {
  const open = files.filter((imported) => !isEnded(imported))
  for (const imported of open.filter((_, index) => index % 2 === 0)) {
    for (let tried = 0; tried < SETTLE_TRIES && !isEnded(imported); tried++) {
      if (tried > 0) await sleep(PAUSE_MS)
      await desk.run(imported, recorder)
    }
  }
}
