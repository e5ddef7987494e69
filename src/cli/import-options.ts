/** The flags of an import, and what they mean. */

import * as Flags from '@oclif/core/flags'
import {ENCODINGS} from '../core/encoding.ts'
import {METHODS} from '../core/entry.ts'
import {parseMapping} from '../core/import-columns.ts'
import type {LineRules} from '../core/import-rules.ts'
import {dateReader} from '../core/import-values.ts'
import {LINE_KINDS} from '../core/import-words.ts'
import {Refusal} from '../core/refusal.ts'
import type {RecordOptions} from './import-plan.ts'
import {type ImportProfile, PROFILE_FLAGS, readProfile} from './import-profile.ts'
import {type Records, refuseHiddenMoney} from './import-records.ts'
import {named} from './requests.ts'

export const importFlags = {
  atomic: Flags.boolean({default: false, description: 'all lines or none'}),
  'create-clients': Flags.boolean({description: 'add the clients that are not there yet'}),
  'date-format': Flags.string({description: 'how dates are written, as in "DD/MM/YYYY HH:mm"', helpValue: 'FORMAT'}),
  decimal: Flags.option({options: ['point', 'comma'] as const, description: 'what stands before the decimals'})(),
  'dry-run': Flags.boolean({default: false, description: 'show what would happen and write nothing'}),
  encoding: Flags.option({options: ENCODINGS, description: 'encoding of the file (default: told by its bytes)'})(),
  header: Flags.boolean({allowNo: true, description: 'the first line names the columns (default), or --no-header'}),
  kind: Flags.option({options: LINE_KINDS, description: 'what every line is, where no column says so'})(),
  map: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'which column is which, by title or number: amount=Sum',
    helpValue: 'FIELD=COLUMN',
  }),
  method: Flags.option({options: METHODS, description: 'how the money came, where a line says nothing'})(),
  out: Flags.option({
    options: ['payment', 'refund'] as const,
    description: 'what money going out is (default: payment)',
  })(),
  overlap: Flags.option({
    options: ['skip', 'post'] as const,
    description: 'lines that an earlier file had: leave them out, or post them once more',
  })(),
  profile: Flags.string({description: 'flags that were saved under this name', helpValue: 'NAME'}),
  rejects: Flags.string({description: 'where refused lines go, each with its reason', helpValue: 'FILE'}),
  retry: Flags.boolean({
    default: false,
    description: 'decide anew what was refused when this very file was imported before',
  }),
  'save-profile': Flags.string({description: 'save the flags that read this file under a name', helpValue: 'NAME'}),
  staff: Flags.string({description: 'who did the work, where a line names nobody', helpValue: 'STAFF'}),
  unit: Flags.string({description: "unit, where a line names none (default: the ledger's own)", helpValue: 'UNIT'}),
}

type Given = {readonly [flag in (typeof PROFILE_FLAGS)[number]]?: string | boolean | readonly string[] | undefined}

/** What was typed, over what the profile has. */
export function givenFlags(flags: Given, profile: string | undefined): ImportProfile {
  const saved = profile === undefined ? {} : readProfile(profile)
  const typed = Object.fromEntries(
    PROFILE_FLAGS.flatMap((flag) => (flags[flag] === undefined ? [] : [[flag, flags[flag]]])),
  )
  return {...saved, ...typed}
}

function textOf(given: ImportProfile, flag: keyof ImportProfile): string | null {
  const value = given[flag]
  return typeof value === 'string' ? value : null
}

function oneOf<const T extends string>(
  given: ImportProfile,
  flag: keyof ImportProfile,
  options: readonly T[],
): T | null {
  const value = textOf(given, flag)
  if (value === null) return null
  const option = options.find((one) => one === value)
  if (option !== undefined) return option
  throw new Refusal('INVALID_CONFIG', `The profile has another ${flag} than there is`, {
    hint: `It is one of: ${options.join(', ')}`,
  })
}

export function encodingOf(given: ImportProfile) {
  return oneOf(given, 'encoding', ENCODINGS)
}

/** Refused (USAGE): a mapping that maps nothing. */
export function recordOptions(given: ImportProfile): RecordOptions {
  const decimal = oneOf(given, 'decimal', ['point', 'comma'])
  const maps = given.map
  return {
    mappings: (Array.isArray(maps) ? maps : []).map((text) => parseMapping(String(text))),
    header: given.header !== false,
    decimal: decimal === null ? null : decimal === 'comma' ? ',' : '.',
  }
}

export function overlapOf(given: ImportProfile) {
  return oneOf(given, 'overlap', ['skip', 'post'])
}

/**
 * How lines are read. Refused: USAGE (a date format that is none), INVALID_INPUT (a name that can be nobody's, columns
 * of numbers that nobody knows).
 */
export function lineRules(
  given: ImportProfile,
  records: Pick<Records, 'fields' | 'mark' | 'unit' | 'titleOf' | 'unknown' | 'source'>,
): LineRules {
  const {fields, mark, unit, source} = records
  const has = (...names: readonly Parameters<typeof fields.has>[0][]) => names.some((name) => fields.has(name))
  const staff = textOf(given, 'staff')
  const kind = oneOf(given, 'kind', LINE_KINDS)
  if (kind === null) refuseHiddenMoney(records, source.name)
  return {
    dates: dateReader(textOf(given, 'date-format')),
    mark,
    kind,
    outIs: oneOf(given, 'out', ['payment', 'refund']) ?? 'payment',
    staff: staff === null ? null : named(staff, 'staff member'),
    unit: textOf(given, 'unit'),
    titleUnit: textOf(given, 'unit') === null ? unit : null,
    method: oneOf(given, 'method', METHODS),
    hasMoney: has('amount', 'in', 'out'),
    hasClient: has('client', 'name', 'phone', 'code'),
  }
}
