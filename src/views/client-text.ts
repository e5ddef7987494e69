/** Clients, staff and balances as people read them. */

import type {Balance, ClientCard, ClientRow, Staff} from '../core/client.ts'
import type {Person} from '../core/entry.ts'
import {amountText, amountWithUnit, type Money} from '../core/money.ts'
import {safeText} from '../core/safe-text.ts'
import type {Screen} from '../core/screen.ts'
import {paintFor} from './paint.ts'
import {fieldsText} from './posting-text.ts'
import {type Column, tableText} from './table.ts'
import {timeText} from './values-text.ts'

export function clientsText(clients: readonly ClientRow[], screen: Screen, empty: string): string {
  if (clients.length === 0) return `${empty}\n`
  const columns: readonly Column<ClientRow>[] = [
    {title: 'ID', value: ({id}) => String(id), align: 'right'},
    {title: 'NAME', value: ({name, archivedAt}) => (archivedAt === null ? name : `${name} (archived)`), flexible: true},
    {title: 'PHONE', value: ({phone}) => phone, optional: 2},
    {title: 'CODE', value: ({code}) => code, optional: 3},
    {
      title: 'BALANCE',
      value: ({own}) => amountText(own.balance, own.unit),
      align: 'right',
      paint: (text, {own}, paint) => (own.balance === 0n ? paint.quiet(text) : text),
    },
    {title: 'UNIT', value: ({own}) => own.unit.code, optional: 1},
  ]
  return tableText(columns, clients, screen)
}

export function clientCardText(client: ClientCard, screen: Screen): string {
  const paint = paintFor(screen.colour)
  const title = paint.strong(`${safeText(client.name)} (${client.id})`)
  const {phone, email, code, birthDate, category, source, address, note, defaultPrice, archivedAt, createdAt} = client
  return `${title}${archivedAt === null ? '' : ' (archived)'}\n${fieldsText(
    [
      ...client.balances.map(({unit, balance}) => ['Balance', amountWithUnit(balance, unit)] as const),
      ['Default price', defaultPrice === null ? null : amountWithUnit(defaultPrice, client.unit)],
      ['Phone', phone],
      ['E-mail', email],
      ['Code', code],
      ['Born', birthDate],
      ['Category', category],
      ['Source', source],
      ['Address', address],
      ['Note', note],
      ['Since', timeText(createdAt, screen)],
      ['Archived', archivedAt === null ? null : timeText(archivedAt, screen)],
    ],
    screen,
  )}`
}

export function balancesText(
  {client, balances}: {readonly client: Person; readonly balances: readonly Balance[]},
  screen: Screen,
): string {
  const paint = paintFor(screen.colour)
  const amounts = balances.map(({unit, balance}) => paint.strong(amountWithUnit(balance, unit)))
  return `${safeText(client.name)} (${client.id})  ${amounts.join('  ') || 'has no balance in that unit'}\n`
}

interface Total extends Balance {
  readonly clients: number
}

export function totalsText(totals: readonly Total[], screen: Screen): string {
  if (totals.length === 0) return 'Nothing is owed to anyone yet.\n'
  const columns: readonly Column<Total>[] = [
    {title: 'OWED TO CLIENTS', value: ({unit, balance}) => amountText(balance as Money, unit), align: 'right'},
    {title: 'UNIT', value: ({unit}) => unit.code},
    {title: 'CLIENTS', value: ({clients}) => String(clients), align: 'right'},
  ]
  return tableText(columns, totals, screen)
}

export function staffText(staff: readonly Staff[], screen: Screen): string {
  if (staff.length === 0) return 'No staff yet. Add someone with: fleks staff add NAME\n'
  const columns: readonly Column<Staff>[] = [
    {title: 'ID', value: ({id}) => String(id), align: 'right'},
    {title: 'NAME', value: ({name, archivedAt}) => (archivedAt === null ? name : `${name} (archived)`), flexible: true},
    {title: 'SINCE', value: ({createdAt}) => timeText(createdAt, screen), optional: 1},
  ]
  return tableText(columns, staff, screen)
}
