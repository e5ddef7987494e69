/** What every command takes, from oclif.manifest.json: a new command is there without a line here. */

import {readFileSync} from 'node:fs'
import {join} from 'node:path'

export interface FlagSurface {
  readonly type: 'boolean' | 'option'
  readonly options?: readonly string[]
  readonly required?: boolean
}

export interface CommandSurface {
  readonly args: Readonly<Record<string, {readonly required?: boolean}>>
  readonly flags: Readonly<Record<string, FlagSurface>>
}

const manifest: {readonly commands: Readonly<Record<string, CommandSurface>>} = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../oclif.manifest.json'), 'utf8'),
)

/** By id, as in `client:add`. */
export const COMMANDS = Object.entries(manifest.commands)

/** What each argument, and each flag, takes when it is meant; others take any text. */
const PLAUSIBLE: Readonly<Record<string, string>> = {
  amount: '5',
  'adjust amount': '+5',
  'transfer to': '2',
  at: 'yesterday',
  client: '1',
  cursor: 'WyJhIiwxXQ',
  entry: '1-1',
  from: '1',
  '--from': '2026-01-01',
  '--to': 'today',
  key: 'operator',
  limit: '3',
  staff: 'Ina',
  to: '2',
  unit: 'AZN',
  'birth-date': '1990-05-17',
  'default-price': '25',
  email: 'anna@example.com',
  phone: '+994 50 123 45 67',
}

/** `name` of an argument, or `--name` of a flag; `id` of the command. */
export function plausible(id: string, name: string): string {
  return PLAUSIBLE[`${id} ${name}`] ?? PLAUSIBLE[name] ?? PLAUSIBLE[name.replace(/^--/, '')] ?? 'word'
}
