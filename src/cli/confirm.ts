/** Asks before something that is easily regretted. */

import {Refusal} from '../core/refusal.ts'
import type {Format} from '../core/screen.ts'
import {askOnStderr, canAsk} from './terminal.ts'

/** Asks in a terminal. Refused (CONFIRMATION_REQUIRED): no terminal to ask in, or the answer was no. */
export async function confirmOrRefuse(yes: boolean, format: Format, question: () => Promise<string>): Promise<void> {
  if (yes) return
  if (!canAsk(format)) {
    throw new Refusal('CONFIRMATION_REQUIRED', 'This needs a confirmation, and there is no terminal to ask in', {
      hint: 'Add: --yes',
    })
  }
  const message = await question()
  const {default: confirm} = await import('@inquirer/confirm')
  const agreed = await askOnStderr((context) => confirm({message, default: false}, context))
  if (!agreed) throw new Refusal('CONFIRMATION_REQUIRED', 'Nothing was done', {hint: 'Answer y to go on'})
}
