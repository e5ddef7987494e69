/** The database's roles and their rights as people read them. */

import {safeText} from '../core/safe-text.ts'
import type {Screen} from '../core/screen.ts'
import {type Column, tableText} from './table.ts'

interface Right {
  readonly role: string
  readonly right: string
  readonly wanted: boolean
  readonly found: boolean | null
  readonly ok: boolean
}

export interface Roles {
  readonly user: string
  readonly rights: readonly Right[]
}

export function rolesText({user, rights}: Roles, screen: Screen): string {
  const columns: readonly Column<Right>[] = [
    {
      title: '',
      value: ({ok}) => (ok ? 'ok' : 'BAD'),
      paint: (text, {ok}, paint) => (ok ? paint.good(text) : paint.bad(text)),
    },
    {title: 'ROLE', value: ({role}) => role},
    {title: 'RIGHT', value: ({right}) => right, flexible: true},
    {title: 'FOUND', value: ({found}) => (found === null ? 'role missing' : yesNo(found))},
    {title: 'WANTED', value: ({wanted}) => yesNo(wanted)},
  ]
  return `Connected as ${safeText(user)}\n${tableText(columns, rights, screen)}`
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no'
}
