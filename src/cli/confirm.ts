/** Asks before something that is easily regretted. */

import {Refusal} from '../core/refusal.ts'
import {safeText} from '../core/safe-text.ts'
import type {Format} from '../core/screen.ts'
import {canAsk} from './terminal.ts'

/** Asks in a terminal. Refused (CONFIRMATION_REQUIRED): no terminal to ask in, or the answer was no. */
export async function confirmOrRefuse(yes: boolean, format: Format, question: () => Promise<string>): Promise<void> {
  if (yes) return
  if (!canAsk(format)) {
    throw new Refusal('CONFIRMATION_REQUIRED', 'This needs a confirmation, and there is no terminal to ask in', {
      hint: 'Add: --yes',
    })
  }
  const message = await question()
  const [{ask}, {default: confirm}] = await Promise.all([import('./ask.ts'), import('@inquirer/confirm')])
  const agreed = await ask((context) => confirm({message: safeText(message), default: false}, context))
  if (!agreed) throw new Refusal('CONFIRMATION_REQUIRED', 'Not confirmed; nothing was done')
}
