/** The answer of `verify` as people read it. */

import type {Damage} from '../core/damage.ts'
import {safeText} from '../core/safe-text.ts'
import type {Screen} from '../core/screen.ts'
import {paintFor} from './paint.ts'
import {type Column, tableText} from './table.ts'
import type {Against, Findings} from './verify-json.ts'

export function verificationText(findings: Findings, against: Against | null, screen: Screen): string {
  const {client, checkpoint, damageCount, damages} = findings
  const paint = paintFor(screen.colour)
  const whose = client === null ? '' : ` of ${safeText(client.name)} (${client.id})`
  const what = `${countText(findings.entries, 'entry', 'entries')} of ${countText(findings.accounts, 'account')}${whose}`
  if (damageCount > 0) {
    const columns: readonly Column<Damage>[] = [
      {title: 'KIND', value: ({kind}) => kind, paint: (text, _, brushes) => brushes.bad(text)},
      {title: 'CLIENT', value: ({clientId}) => String(clientId), align: 'right', optional: 1},
      {title: 'DAMAGE', value: ({message}) => message, flexible: true},
    ]
    const more = damageCount - damages.length
    return [
      tableText(columns, damages, screen),
      ...(more > 0 ? [`and ${numberText(more)} more\n`] : []),
      `\n${paint.bad(countText(damageCount, 'damage'))} in ${what}\n`,
    ].join('')
  }
  const lines = [`${what}: ${paint.good('all sound')}${checkpoint === null ? '' : `; checkpoint ${checkpoint.digest}`}`]
  if (against !== null) {
    const {digest, entries, accounts} = against.checkpoint
    const held = `${countText(Number(entries), 'entry', 'entries')} of ${countText(Number(accounts), 'account')}`
    lines.push(`The earlier checkpoint ${digest} is ${paint.good('contained')}: its ${held} are unchanged`)
  }
  return lines.map((line) => `${line}\n`).join('')
}

function countText(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`
}

/** The same in every locale, as scripts may look for it: `1,000,000`. */
export function numberText(count: number): string {
  return count.toLocaleString('en-US')
}
