/** Flags and arguments that several commands share. Values stay text here: src/core parses them, once. */

import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {METHODS} from '../core/entry.ts'
import {FORMATS} from '../core/screen.ts'

export const jsonFlag = Flags.boolean({description: 'print one JSON document', helpGroup: 'GLOBAL'})

export const formatFlag = Flags.option({
  options: FORMATS,
  description: 'form of the list; --json is short for --format json',
  exclusive: ['json'],
})()

// `ignoreStdin`: oclif would read a missing argument from stdin, and in a shell loop eat the loop's lines.
export function requiredArg(description: string) {
  return Args.string({description, required: true, ignoreStdin: true})
}

export function optionalArg(description: string) {
  return Args.string({description, ignoreStdin: true})
}

export const CLIENT = 'id, code, phone number or name of the client'
export const STAFF = 'id or name of the staff member'
export const AMOUNT = 'a plain number, as in 12.50'

export const unitFlag = Flags.string({
  description: "unit, where it is not the ledger's own (a currency or a counted unit)",
  helpValue: 'UNIT',
})
export const staffFlag = (description: string) => Flags.string({description, helpValue: 'STAFF'})
const dryRunFlag = Flags.boolean({default: false, description: 'show what would happen and write nothing'})
export const limitFlag = (normally: number) =>
  Flags.string({description: 'how many at most', default: String(normally), helpValue: 'N'})
export const cursorFlag = Flags.string({description: 'go on where a list ended (its "next")', helpValue: 'CURSOR'})
export const archivedFlag = Flags.boolean({default: false, description: 'with those archived'})

export const staleOkFlag = Flags.boolean({
  default: false,
  description: 'read from a standby server where no primary answers',
})

/** What every entry can say of itself. */
const entryFlags = {
  at: Flags.string({
    description: 'when it happened (default: now): 2026-11-22, "2026-11-22 14:30", yesterday',
    helpValue: 'TIME',
  }),
  'dry-run': dryRunFlag,
  reference: Flags.string({
    description: 'your own key for this posting: posting it again changes nothing',
    helpValue: 'KEY',
  }),
}

/** What every posting takes. */
export const postingFlags = {
  ...entryFlags,
  note: Flags.string({description: 'anything worth remembering', helpValue: 'TEXT'}),
  unit: unitFlag,
}

/** What a correction takes: never without a reason, which becomes the entry's note. */
export const correctionFlags = {
  ...entryFlags,
  reason: Flags.string({description: 'why, for whoever reads the history later', helpValue: 'TEXT', required: true}),
}

export const methodFlag = Flags.option({options: METHODS, description: 'how the money came'})()
export const refundMethodFlag = Flags.option({
  options: METHODS,
  description: 'how the money was handed back',
  required: true,
})()
