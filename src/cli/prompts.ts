/** Leads the owner through a top-up or a payment: who, how much, by whom, and a last look before it is written. */

import confirm from '@inquirer/confirm'
import input from '@inquirer/input'
import search from '@inquirer/search'
import type {Settings} from '../core/client.ts'
import {amountText, amountWithUnit, type Money, money, parseDecimal, toMoney} from '../core/money.ts'
import {Refusal} from '../core/refusal.ts'
import {findUnit, type Unit} from '../core/unit.ts'
import {readBalances} from '../data/accounts.ts'
import {showClient} from '../data/clients.ts'
import type {Ledger} from '../data/ledger.ts'
import type {PostingRequest} from '../data/posting.ts'
import {searchClients} from '../data/search.ts'
import {listStaff} from '../data/staff.ts'
import {type PostingInput, postingRequest} from './requests.ts'
import {askOnStderr, shown} from './terminal.ts'

/** How many clients the list offers while a name is typed. */
const OFFERED_MAX = 10

/** Refused: as `postingRequest`; INTERRUPTED where the owner leaves, CONFIRMATION_REQUIRED where the last answer is no. */
export async function askPosting(
  ledger: Ledger,
  kind: 'topup' | 'payment',
  typed: PostingInput,
): Promise<PostingRequest> {
  const given = typed.args.client ?? (await askClient(ledger))
  const {client, settings} = await showClient(ledger, given)
  const unit = typed.flags.unit === undefined ? settings.unit : findUnit(typed.flags.unit, settings.countedUnits)
  const balance = await balanceIn(ledger, client.id, unit, settings)
  process.stderr.write(`${shown(client.name)} has ${amountWithUnit(balance, unit)}\n`)

  const price = kind === 'payment' && unit.code === settings.unit.code ? client.defaultPrice : null
  const amount = typed.args.amount ?? (await askAmount(kind, unit, price))
  const staff = typed.flags.staff ?? (kind === 'payment' ? await askStaff(ledger) : undefined)
  const request = postingRequest({args: {client: String(client.id), amount}, flags: {...typed.flags, staff}})

  const minor = toMoney(parseDecimal(amount), unit)
  const after = kind === 'topup' ? balance + minor : balance - minor
  // A balance that does not suffice is refused by the ledger, with what is missing; asking first would mislead.
  if (after >= 0n) await askConfirmation(kind, shown(client.name), minor, balance, money(after), unit)
  return request
}

async function askClient(ledger: Ledger): Promise<string> {
  return askOnStderr((context) =>
    search(
      {
        message: 'Client',
        source: async (term) => {
          if (term === undefined || term.trim() === '') return []
          const {clients} = await searchClients(ledger, term, {limit: OFFERED_MAX, archived: false})
          return clients.map(({id, name, phone, own}) => ({
            name: [shown(name), phone === null ? '' : shown(phone), amountWithUnit(own.balance, own.unit)]
              .filter(Boolean)
              .join('  '),
            value: String(id),
          }))
        },
      },
      context,
    ),
  )
}

async function balanceIn(ledger: Ledger, clientId: bigint, unit: Unit, settings: Settings): Promise<Money> {
  const balances = await readBalances(ledger.pool, clientId, unit, settings.countedUnits)
  return balances.find((balance) => balance.unit.code === unit.code)?.balance ?? money(0n)
}

async function askAmount(kind: 'topup' | 'payment', unit: Unit, price: Money | null): Promise<string> {
  return askOnStderr((context) =>
    input(
      {
        message: kind === 'topup' ? `Amount received (${unit.code})` : `Price (${unit.code})`,
        ...(price === null ? {} : {default: amountText(price, unit)}),
        validate: (text) => answerOf(() => toMoney(parseDecimal(text.trim()), unit)),
      },
      context,
    ),
  ).then((text) => text.trim())
}

/** True, or the sentence that a refusal has for it. */
function answerOf(check: () => unknown): true | string {
  try {
    check()
    return true
  } catch (error) {
    if (error instanceof Refusal) return `${error.message}. ${error.hint ?? ''}`
    throw error
  }
}

async function askStaff({pool}: Ledger): Promise<string> {
  const staff = await listStaff(pool, false)
  if (staff.length === 0) {
    throw new Refusal('STAFF_NOT_FOUND', 'There is no staff yet', {hint: 'Add someone with: fleks staff add NAME'})
  }
  return askOnStderr((context) =>
    search(
      {
        message: 'Staff',
        source: async (term) =>
          staff
            .filter(({name}) => name.toLowerCase().includes((term ?? '').trim().toLowerCase()))
            .map(({id, name}) => ({name: shown(name), value: String(id)})),
      },
      context,
    ),
  )
}

async function askConfirmation(
  kind: 'topup' | 'payment',
  name: string,
  amount: Money,
  before: Money,
  after: Money,
  unit: Unit,
): Promise<void> {
  const verb = kind === 'topup' ? 'Top up' : 'Charge'
  const move = `${amountText(before, unit)} → ${amountWithUnit(after, unit)}`
  const message = `${verb} ${name} by ${amountWithUnit(amount, unit)}? ${move}`
  const agreed = await askOnStderr((context) => confirm({message, default: true}, context))
  if (!agreed) throw new Refusal('CONFIRMATION_REQUIRED', 'Nothing was written', {hint: 'Answer y to go on'})
}
