/** What the demo did, as JSON (docs/schemas). */

import type {Refusal} from '../core/refusal.ts'
import {type Total, totalsJson} from './client-json.ts'

interface Played {
  readonly loaded: readonly {
    readonly file: string
    readonly lines: number
    readonly refused: readonly {readonly line: number; readonly refusal: Refusal}[]
  }[]
  readonly steps: readonly {readonly command: string; readonly exit: number}[]
  readonly clients: number
  readonly entries: number
  readonly totals: readonly Total[]
}

export function demoJson({loaded, steps, clients, entries, totals}: Played) {
  return {
    clients,
    entries,
    ...totalsJson(totals),
    files: loaded.map(({file, lines, refused}) => ({
      file,
      lines,
      refused: refused.map(({line, refusal: {code, message}}) => ({line, code, message})),
    })),
    steps: steps.map(({command, exit}) => ({command, exit})),
  }
}
