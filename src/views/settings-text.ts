/** Settings and reports on them as people read them. */

import {safeText} from '../core/safe-text.ts'
import type {Screen} from '../core/screen.ts'
import {type Column, tableText} from './table.ts'

interface Setting {
  readonly key: string
  readonly value: string | null
  readonly source: string
}

export function settingsText(settings: readonly Setting[], screen: Screen): string {
  const columns: readonly Column<Setting>[] = [
    {title: 'SETTING', value: ({key}) => key},
    {title: 'VALUE', value: ({value}) => value ?? '-', flexible: true},
    {title: 'FROM', value: ({source}) => source, flexible: true},
  ]
  return tableText(columns, settings, screen)
}

export function settingText({key, value}: Setting): string {
  return `${key} is ${value === null ? 'empty' : safeText(value)}\n`
}

export function settingValueText({value}: Setting): string {
  return `${safeText(value ?? '')}\n`
}
