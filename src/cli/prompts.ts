/** Leads the owner through a top-up or a payment: who, how much, by whom, and a last look before it is written. */

import confirm from '@inquirer/confirm'
import input from '@inquirer/input'
import type {Settings} from '../core/client.ts'
import type {Person} from '../core/entry.ts'
import {refuseArchived, type StaffOnDuty, shortBalance, unitFlagFor} from '../core/ledger.ts'
import {parseMoment} from '../core/moment.ts'
import {amountText, amountWithUnit, type Money, money, parseDecimal, toMoney} from '../core/money.ts'
import {personQuery} from '../core/person-query.ts'
import {Refusal} from '../core/refusal.ts'
import {safeText} from '../core/safe-text.ts'
import {findUnit, type Unit} from '../core/unit.ts'
import {readBalances} from '../data/accounts.ts'
import {listClients, showClient} from '../data/clients.ts'
import {findStaff} from '../data/find-staff.ts'
import type {Ledger} from '../data/ledger.ts'
import type {PostingRequest} from '../data/posting.ts'
import {readSettings} from '../data/settings.ts'
import {listStaff} from '../data/staff.ts'
import {ask} from './ask.ts'
import {chooseClient, chooseStaff} from './choices.ts'
import {named, type PostingInput, postingDetails} from './requests.ts'

type Kind = 'topup' | 'payment'

/** An account as the conversation sees it; the ledger looks again when it posts. */
interface Seen {
  readonly client: Person
  readonly unit: Unit
  readonly balance: Money
}

/**
 * The amount was not typed. Refused: as the posting itself, before anything is asked where it can be known already;
 * INTERRUPTED, CONFIRMATION_REQUIRED.
 */
export async function askPosting(ledger: Ledger, kind: Kind, typed: PostingInput): Promise<PostingRequest> {
  const details = postingDetails(typed.flags)
  const settings = await readSettings(ledger.pool)
  const unit = details.unit === null ? settings.unit : findUnit(details.unit, settings.countedUnits)
  if (details.at !== null) await parseMoment(details.at, settings.timeZone, ledger.now())
  const staffNamed = details.staff === null ? null : await staffOf(ledger, details.staff)
  const everyone = kind === 'payment' && staffNamed === null ? await staffToChooseFrom(ledger) : []

  const {client, archivedAt, defaultPrice} = await clientOf(ledger, typed.args.client)
  refuseArchived({client, archived: archivedAt !== null}, staffNamed)
  const seen = {client, unit, balance: await balanceOf(ledger, client, unit, settings)}
  process.stderr.write(`${who(client)} has ${amountWithUnit(seen.balance, unit)}\n`)

  // A known reference is replayed whatever the balance is by now.
  const limit = kind === 'payment' && details.reference === null ? seen : null
  if (limit?.balance === 0n) throw nothingLeft(limit)
  const price = kind === 'payment' && unit.code === settings.unit.code ? defaultPrice : null
  const amount = parseDecimal(await askAmount(kind, unit, price, limit))
  const staff = staffNamed ?? (kind === 'payment' ? await chooseStaff(everyone) : null)

  if (!details.dryRun) {
    const now = {...seen, balance: await balanceOf(ledger, client, unit, settings)}
    await askConfirmation(kind, now, toMoney(amount, unit), staff)
  }
  return {...details, client: String(client.id), amount, staff: staff === null ? null : String(staff.id)}
}

async function staffOf({pool}: Ledger, text: string): Promise<StaffOnDuty> {
  return findStaff(pool, await personQuery(text))
}

async function staffToChooseFrom({pool}: Ledger): Promise<readonly Person[]> {
  const staff = await listStaff(pool, false)
  if (staff.length > 0) return staff
  throw new Refusal('STAFF_NOT_FOUND', 'There is no staff to choose from', {
    hint: 'Add who did the service with: fleks staff add NAME',
  })
}

async function clientOf(ledger: Ledger, typed: string | undefined) {
  const text = typed === undefined ? await askClient(ledger) : named(typed, 'client')
  const {client} = await showClient(ledger, text)
  const {id, name, archivedAt, defaultPrice} = client
  return {client: {id, name}, archivedAt, defaultPrice}
}

async function askClient(ledger: Ledger): Promise<string> {
  const {clients} = await listClients(ledger, {archived: false, limit: 1, cursor: null})
  if (clients.length > 0) return chooseClient(ledger)
  throw new Refusal('CLIENT_NOT_FOUND', 'There is no client to choose from', {
    hint: 'Add one with: fleks client add NAME',
  })
}

async function balanceOf({pool}: Ledger, {id}: Person, unit: Unit, settings: Settings): Promise<Money> {
  const balances = await readBalances(pool, id, unit, settings.countedUnits)
  return balances.find((balance) => balance.unit.code === unit.code)?.balance ?? money(0n)
}

function who({id, name}: Person): string {
  return safeText(`${name} (${id})`)
}

function nothingLeft({client, unit, balance}: Seen): Refusal {
  const {details} = shortBalance({client, unit, balance}, 'payment', money(0n))
  return new Refusal('INSUFFICIENT_FUNDS', `There is nothing to charge: ${client.name} has no ${unit.code} left`, {
    hint: `Top up first with: fleks topup ${client.id} AMOUNT${unitFlagFor(unit)}`,
    details: details ?? {},
  })
}

/** Asks until there is an amount that can be posted; `limit` is the account that it must not exceed. */
async function askAmount(kind: Kind, unit: Unit, price: Money | null, limit: Seen | null): Promise<string> {
  const text = await ask((context) =>
    input(
      {
        message: kind === 'topup' ? `Amount received (${unit.code})` : `Price (${unit.code})`,
        ...(price === null ? {} : {default: amountText(price, unit)}),
        validate: (typed) => {
          if (typed.trim() === '') return 'Type an amount, as in 12.50'
          return objection(() => {
            const amount = toMoney(parseDecimal(typed.trim()), unit)
            if (limit !== null && amount > limit.balance) throw shortBalance(limit, 'payment', amount)
          })
        },
      },
      context,
    ),
  )
  return text.trim()
}

/** True, or the sentences that a refusal has for it. */
function objection(check: () => void): true | string {
  try {
    check()
    return true
  } catch (error) {
    if (error instanceof Refusal) return safeText(`${error.message}. ${error.hint ?? ''}`)
    throw error
  }
}

async function askConfirmation(kind: Kind, seen: Seen, amount: Money, staff: Person | null): Promise<void> {
  const {client, unit, balance} = seen
  const after = kind === 'topup' ? balance + amount : balance - amount
  // The ledger will say what is missing, or replay what it knows; before → after would be wrong.
  if (after < 0n) return
  const deed = kind === 'topup' ? `Top up ${who(client)} by` : `Charge ${who(client)}`
  const by = staff === null ? '' : `, ${safeText(staff.name)}`
  const move = `${amountText(balance, unit)} → ${amountWithUnit(after, unit)}`
  const message = `${deed} ${amountWithUnit(amount, unit)}${by}: ${move}?`
  const agreed = await ask((context) => confirm({message, default: true}, context))
  if (!agreed) throw new Refusal('CONFIRMATION_REQUIRED', 'Not confirmed; nothing was written')
}
