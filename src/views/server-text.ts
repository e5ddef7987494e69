/** The database's state and the doctor's findings as people read them. */

import {safeText} from '../core/safe-text.ts'
import type {Screen} from '../core/screen.ts'
import {fieldsText} from './posting-text.ts'
import {type Column, tableText} from './table.ts'

export interface DatabaseState {
  readonly kind: 'embedded' | 'external'
  readonly running: boolean
  readonly url: string
  readonly source: string
  readonly serverVersion: string | null
  readonly dataDir: string | null
  readonly pid: number | null
  readonly logFile: string | null
  readonly migrations: readonly {readonly name: string; readonly appliedAt: string | null}[]
}

export function databaseText(state: DatabaseState, screen: Screen): string {
  const title = `The ${state.kind} PostgreSQL is ${state.running ? 'running' : 'not running'}\n`
  return (
    title +
    fieldsText(
      [
        ['URL', state.url],
        ['From', state.source],
        ['Version', state.serverVersion],
        ['Data', state.dataDir],
        ['Process', state.pid === null ? null : String(state.pid)],
        ['Log', state.logFile],
        ...state.migrations.map(
          ({name, appliedAt}) => ['Migration', `${name} ${appliedAt === null ? 'missing' : 'applied'}`] as const,
        ),
      ],
      screen,
    )
  )
}

export interface Check {
  readonly name: string
  readonly ok: boolean
  readonly value: string | null
  readonly source: string | null
}

export function doctorText(checks: readonly Check[], screen: Screen): string {
  const columns: readonly Column<Check>[] = [
    {
      title: '',
      value: ({ok}) => (ok ? 'ok' : 'BAD'),
      paint: (text, {ok}, paint) => (ok ? paint.good(text) : paint.bad(text)),
    },
    {title: 'CHECK', value: ({name}) => name},
    {title: 'VALUE', value: ({value}) => value ?? '-', flexible: true},
    {title: 'FROM', value: ({source}) => source, flexible: true, optional: 1},
  ]
  return tableText(columns, checks, screen)
}

export function sentence(text: string): string {
  return `${safeText(text)}\n`
}
