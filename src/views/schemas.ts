/** The published form of every command's JSON, from which docs/schemas is generated. Keys are added, never renamed. */

import * as z from 'zod/mini'
import {DAMAGE_KINDS} from '../core/damage.ts'
import {DIRECTIONS, KINDS, METHODS} from '../core/entry.ts'
import {EXIT_CODES, type RefusalCode} from '../core/refusal.ts'

const refusalCode = z.enum(Object.keys(EXIT_CODES) as [RefusalCode, ...RefusalCode[]])
const text = z.string()
const textOrNull = z.nullable(text)
const id = z.int().check(z.positive())
const amount = z.string().check(z.regex(/^\d+(\.\d+)?$/))
const amountOrNull = z.nullable(amount)
const time = z.iso.datetime({precision: 3})
const timeOrNull = z.nullable(time)
const day = z.nullable(z.iso.date())
const entryId = z.string().check(z.regex(/^\d+-([\p{L}\p{N}_]+-)?\d+$/u))
const person = z.strictObject({id, name: text})
const balance = z.strictObject({unit: text, balance: amount})
const totals = z.array(z.strictObject({unit: text, balance: amount, clients: z.int()}))

const entry = z.strictObject({
  id: entryId,
  client: person,
  kind: z.enum(KINDS),
  direction: z.enum(DIRECTIONS),
  amount,
  unit: text,
  balanceBefore: amount,
  balanceAfter: amount,
  staff: z.nullable(person),
  method: z.nullable(z.enum(METHODS)),
  note: textOrNull,
  reference: text,
  reverses: z.nullable(entryId),
  reversedBy: z.array(entryId),
  counterpart: z.nullable(entryId),
  occurredAt: time,
  recordedAt: time,
  operator: text,
  hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
})
const posting = z.strictObject({entry, replayed: z.boolean(), dryRun: z.boolean()})

const profile = {
  id,
  name: text,
  phone: textOrNull,
  email: textOrNull,
  code: textOrNull,
  birthDate: day,
  category: textOrNull,
  source: textOrNull,
  address: textOrNull,
  note: textOrNull,
  defaultPrice: amountOrNull,
  createdAt: time,
  archived: z.boolean(),
  archivedAt: timeOrNull,
}
const clients = z.strictObject({
  clients: z.array(z.strictObject({...profile, balance: amount, unit: text})),
  next: textOrNull,
})
const clientCard = z.strictObject({client: z.strictObject({...profile, balances: z.array(balance)})})

const staffMember = z.strictObject({id, name: text, createdAt: time, archived: z.boolean(), archivedAt: timeOrNull})
const staff = z.strictObject({staff: staffMember})

const setting = z.strictObject({key: text, value: textOrNull, source: text})
const migrations = z.array(z.strictObject({name: text, appliedAt: timeOrNull}))
const database = z.strictObject({
  database: z.strictObject({
    kind: z.enum(['embedded', 'external']),
    running: z.boolean(),
    url: text,
    source: text,
    serverVersion: textOrNull,
    dataDir: textOrNull,
    pid: z.nullable(z.int()),
    logFile: textOrNull,
    migrations,
  }),
})

const count = z.int().check(z.nonnegative())
const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const verification = z.strictObject({
  ok: z.boolean(),
  client: z.nullable(person),
  entries: count,
  accounts: count,
  takenAt: time,
  damageCount: count,
  damages: z.array(z.strictObject({entry: textOrNull, client: z.int(), kind: z.enum(DAMAGE_KINDS), message: text})),
  against: z.nullable(z.strictObject({earlierDigest: hash, entries: count, accounts: count, contained: z.boolean()})),
  checkpoint: z.nullable(
    z.strictObject({
      version: z.literal(1),
      entries: count,
      accounts: count,
      digest: hash,
      heads: z.nullable(z.array(z.tuple([id, text, id, hash]))),
    }),
  ),
})

const fileSummary = z.strictObject({
  file: text,
  staff: count,
  clients: count,
  accounts: count,
  entries: count,
  digest: hash,
})

const moneyByUnit = z.array(z.strictObject({unit: text, in: amount, out: amount}))
const fileOverlap = z.strictObject({import: id, file: text, lines: count})
const importedFile = z.strictObject({
  file: text,
  import: z.nullable(id),
  read: count,
  applied: count,
  replayed: count,
  refused: count,
  committed: z.boolean(),
  overlap: z.strictObject({lines: count, choice: z.nullable(z.enum(['skip', 'post'])), files: z.array(fileOverlap)}),
  money: moneyByUnit,
  balances: z.array(z.strictObject({unit: text, before: amount, after: amount})),
  refusals: z.array(z.strictObject({line: id, column: textOrNull, code: refusalCode, message: text, hint: textOrNull})),
  rejects: textOrNull,
})
const importRun = z.strictObject({
  id,
  file: text,
  digest: text,
  operator: text,
  state: z.enum(['running', 'finished', 'stopped', 'undone']),
  read: count,
  applied: count,
  replayed: count,
  refused: count,
  money: moneyByUnit,
  reason: textOrNull,
  startedAt: time,
  finishedAt: timeOrNull,
})

/** By command, as it is typed. */
export const OUTPUT_SCHEMAS = {
  adjust: posting,
  balance: z.union([z.strictObject({client: person, balances: z.array(balance)}), z.strictObject({totals})]),
  backup: z.strictObject({
    backup: z.strictObject({file: textOrNull, clients: count, entries: count, drilled: z.boolean()}),
  }),
  'backup verify': fileSummary,
  'client add': clientCard,
  'client archive': clientCard,
  'client edit': clientCard,
  'client list': clients,
  'client restore': clientCard,
  'client search': clients,
  'client show': clientCard,
  'config get': setting,
  'config list': z.strictObject({settings: z.array(setting)}),
  'config set': setting,
  'db migrate': z.strictObject({applied: z.array(text), migrations, notDone: z.array(text)}),
  'db roles': z.strictObject({
    user: text,
    roles: z.array(z.strictObject({name: text, exists: z.boolean(), login: z.boolean()})),
    rights: z.array(
      z.strictObject({role: text, right: text, wanted: z.boolean(), found: z.nullable(z.boolean()), ok: z.boolean()}),
    ),
    ok: z.boolean(),
  }),
  'db start': database,
  'db status': database,
  'db stop': z.strictObject({stopped: z.boolean(), running: z.boolean()}),
  'db url': z.strictObject({url: text}),
  demo: z.strictObject({
    clients: z.int(),
    entries: z.int(),
    totals,
    files: z.array(
      z.strictObject({
        file: text,
        lines: z.int(),
        refused: z.array(z.strictObject({line: z.int(), code: text, message: text})),
      }),
    ),
    steps: z.array(z.strictObject({command: text, exit: z.int()})),
  }),
  doctor: z.strictObject({
    ok: z.boolean(),
    checks: z.array(z.strictObject({name: text, ok: z.boolean(), value: textOrNull, source: textOrNull})),
  }),
  export: z.strictObject({
    export: z.strictObject({file: text, format: text, clients: count, entries: count}),
  }),
  history: z.strictObject({entries: z.array(entry), next: textOrNull}),
  opening: posting,
  import: z.union([
    z.strictObject({
      read: count,
      applied: count,
      replayed: count,
      refused: count,
      dryRun: z.boolean(),
      files: z.array(importedFile),
    }),
    // Of a whole ledger, as restore tells it.
    fileSummary,
  ]),
  'import list': z.strictObject({imports: z.array(importRun)}),
  'import show': z.strictObject({import: importRun}),
  'import undo': z.strictObject({
    import: importRun,
    reversed: count,
    replayed: count,
    kept: z.array(z.strictObject({entry: entryId, code: refusalCode, message: text, hint: textOrNull})),
  }),
  pay: posting,
  refund: posting,
  reverse: posting,
  restore: fileSummary,
  'staff add': staff,
  'staff archive': staff,
  'staff edit': staff,
  'staff list': z.strictObject({staff: z.array(staffMember)}),
  'staff restore': staff,
  topup: posting,
  transfer: z.strictObject({entry, counterEntry: entry, replayed: z.boolean(), dryRun: z.boolean()}),
  verify: verification,
}

/** What every command prints instead when it fails. */
export const FAILURE_SCHEMA = z.strictObject({
  error: z.strictObject({
    code: refusalCode,
    message: text,
    hint: textOrNull,
    exit: z.int(),
    details: z.nullable(z.record(text, z.unknown())),
  }),
})
