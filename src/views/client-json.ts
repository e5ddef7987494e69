/** Clients, staff and balances as JSON (docs/schemas). */

import type {Balance, Client, ClientCard, ClientRow, Staff} from '../core/client.ts'
import type {Person} from '../core/entry.ts'
import {amountText} from '../core/money.ts'
import type {Unit} from '../core/unit.ts'
import {personJson} from './entry-json.ts'

function profileJson(client: Client, ownUnit: Unit) {
  const {
    id,
    name,
    phone,
    email,
    code,
    birthDate,
    category,
    source,
    address,
    note,
    defaultPrice,
    createdAt,
    archivedAt,
  } = client
  return {
    id: Number(id),
    name,
    phone,
    email,
    code,
    birthDate,
    category,
    source,
    address,
    note,
    defaultPrice: defaultPrice === null ? null : amountText(defaultPrice, ownUnit),
    createdAt,
    archived: archivedAt !== null,
    archivedAt,
  }
}

export function clientRowJson(client: ClientRow) {
  const {unit, balance} = client.own
  return {...profileJson(client, unit), balance: amountText(balance, unit), unit: unit.code}
}

export function clientsJson({clients, next}: {readonly clients: readonly ClientRow[]; readonly next: string | null}) {
  return {clients: clients.map(clientRowJson), next}
}

function balanceJson({unit, balance}: Balance) {
  return {unit: unit.code, balance: amountText(balance, unit)}
}

export function clientCardJson(client: ClientCard) {
  return {client: {...profileJson(client, client.unit), balances: client.balances.map(balanceJson)}}
}

export function staffJson({id, name, createdAt, archivedAt}: Staff) {
  return {id: Number(id), name, createdAt, archived: archivedAt !== null, archivedAt}
}

export function staffAnswerJson(staff: Staff) {
  return {staff: staffJson(staff)}
}

export function staffListJson(staff: readonly Staff[]) {
  return {staff: staff.map(staffJson)}
}

export function balancesJson({client, balances}: {readonly client: Person; readonly balances: readonly Balance[]}) {
  return {client: personJson(client), balances: balances.map(balanceJson)}
}

/** What is owed in one unit, to how many clients. */
export interface Total extends Balance {
  readonly clients: number
}

export function totalsJson(totals: readonly Total[]) {
  return {totals: totals.map((total) => ({...balanceJson(total), clients: total.clients}))}
}
