/** A program of its own that lives long and posts through the data layer what its parent asks for; run by poster-desk.ts. */

import {randomBytes} from 'node:crypto'
import {asRefusal} from '../../../src/cli/failure.ts'
import {reversalRequest, transferRequest} from '../../../src/cli/requests.ts'
import {parseDecimal} from '../../../src/core/money.ts'
import {editClient} from '../../../src/data/clients.ts'
import type {Ledger} from '../../../src/data/ledger.ts'
import {openPool} from '../../../src/data/pool.ts'
import {pay, topup} from '../../../src/data/posting.ts'
import {reverse} from '../../../src/data/reversal.ts'
import {transfer} from '../../../src/data/transfer.ts'
import {clientCardJson} from '../../../src/views/client-json.ts'
import {postingJson, transferJson} from '../../../src/views/entry-json.ts'
import {request, UNIQUE} from '../world.ts'
import {type Command, centsText, STAFF} from './command.ts'

export interface Asked {
  readonly call: number
  readonly command: Command
}

export interface Told {
  readonly call: number
  readonly code: number
  readonly stdout: string
}

const [url = '', connections = '2'] = process.argv.slice(2)
const ledger: Ledger = {
  pool: await openPool(url, {connections: Number(connections)}),
  operator: 'poster',
  now: () => new Date(),
  randomBytes: (count) => randomBytes(count),
}

process.on('message', async ({call, command}: Asked) => {
  const told: Told = {call, ...(await answerTo(command))}
  process.send?.(told)
})
process.on('disconnect', () => process.exit(0))

async function answerTo(command: Command): Promise<Omit<Told, 'call'>> {
  try {
    return {code: 0, stdout: JSON.stringify(await post(command))}
  } catch (error) {
    const {code, message, exit, cause} = asRefusal(error, null)
    const told = code === 'INTERNAL' && cause instanceof Error ? `${message}: ${cause.stack}` : message
    return {code: exit, stdout: JSON.stringify({error: {code, message: told, exit}})}
  }
}

async function post({verb, client, other, entry, cents, name, reference}: Command): Promise<object> {
  const amount = cents === null ? null : centsText(cents)
  if (verb === 'edit') {
    const edited = await editClient(ledger, String(client), {note: name}, UNIQUE)
    return clientCardJson(edited.client)
  }
  const flags = {'dry-run': false, reference} as const
  if (verb === 'transfer') {
    const sides = {from: String(client), to: String(other), amount: String(amount)}
    const {posting, settings} = await transfer(ledger, transferRequest(sides, {...flags, note: name}))
    return transferJson(posting, settings.unit)
  }
  if (verb === 'reverse') {
    const asked = reversalRequest({entry: String(entry)}, {...flags, reason: name})
    const {posting, settings} = await reverse(ledger, {...asked, amount: amount === null ? null : parseDecimal(amount)})
    return postingJson(posting, settings.unit)
  }
  const asked = request(String(client), amount, {note: name, reference, staff: verb === 'pay' ? STAFF : null})
  const {posting, settings} = await (verb === 'pay' ? pay : topup)(ledger, asked)
  return postingJson(posting, settings.unit)
}
