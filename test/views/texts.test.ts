import {expect} from 'chai'
import type {Client, Staff} from '../../src/core/client.ts'
import type {Entry} from '../../src/core/entry.ts'
import {safeText} from '../../src/core/safe-text.ts'
import {balancesText, clientCardText, clientsText, staffText, totalsText} from '../../src/views/client-text.ts'
import {historyText} from '../../src/views/history-text.ts'
import {postingText} from '../../src/views/posting-text.ts'
import {databaseText, doctorText} from '../../src/views/server-text.ts'
import {settingsText, settingText, settingValueText} from '../../src/views/settings-text.ts'
import {timeText} from '../../src/views/values-text.ts'
import {AZN, minor} from '../support/arbitraries.ts'
import {PIPE, screen} from '../support/screens.ts'

const LESSON = {code: 'lesson', decimals: 0}
const COLOUR = screen({colour: true})
const ANNA = {id: 42n, name: 'Anna Petrova'}

const PAYMENT: Entry = {
  clientId: 42n,
  client: ANNA,
  unit: AZN,
  seq: 7n,
  kind: 'payment',
  direction: 'OUT',
  amount: minor(1250),
  balanceBefore: minor(5000),
  balanceAfter: minor(3750),
  staff: {id: 3n, name: 'Ina'},
  method: null,
  note: 'massage',
  reference: 'visit-204',
  reversesSeq: null,
  reversedBySeqs: [],
  counter: null,
  occurredAt: '2026-11-22T10:00:00.000Z',
  recordedAt: '2026-11-22T10:00:01.000Z',
  operator: 'owner',
  hash: '0'.repeat(64),
}
const TOPUP: Entry = {
  ...PAYMENT,
  seq: 6n,
  kind: 'topup',
  direction: 'IN',
  amount: minor(5000),
  balanceBefore: minor(0),
  balanceAfter: minor(5000),
  staff: null,
  method: 'cash',
  note: null,
}
const LESSONS: Entry = {
  ...TOPUP,
  unit: LESSON,
  seq: 1n,
  amount: minor(5),
  balanceAfter: minor(5),
  method: null,
}

const CLIENT: Client = {
  ...ANNA,
  phone: '+994 50 123 45 67',
  email: null,
  code: 'T-1',
  birthDate: '1990-02-28',
  category: null,
  source: null,
  address: null,
  note: null,
  defaultPrice: minor(1250),
  createdAt: '2026-01-02T03:04:05.000Z',
  archivedAt: null,
}
const BARE: Client = {...CLIENT, id: 7n, name: 'Əli', phone: null, code: null, birthDate: null, defaultPrice: null}
const GONE: Client = {...BARE, id: 8n, name: 'Zaur', archivedAt: '2026-06-01T00:00:00.000Z'}

const INA: Staff = {id: 1n, name: 'Ina', createdAt: '2026-01-02T03:04:05.000Z', archivedAt: null}

/** Lines as one text; `·` stands for the escape character. */
function lines(...all: readonly string[]): string {
  return all.map((line) => `${line.replaceAll('·', '\u001b')}\n`).join('')
}

describe('a posting', () => {
  it('shows what moved, and the balance before and after', () => {
    expect(postingText({entry: PAYMENT, replayed: false, dryRun: false}, PIPE)).to.equal(
      lines(
        'Payment 42-7',
        '  Client   Anna Petrova (42)',
        '  Amount   -12.50 AZN',
        '  Balance  50.00 → 37.50 AZN',
        '  Staff    Ina',
        '  Note     massage',
        '  When     2026-11-22 10:00',
      ),
    )
    expect(postingText({entry: TOPUP, replayed: false, dryRun: false}, PIPE)).to.equal(
      lines(
        'Top-up 42-6',
        '  Client   Anna Petrova (42)',
        '  Amount   +50.00 AZN',
        '  Balance  0.00 → 50.00 AZN',
        '  Method   cash',
        '  When     2026-11-22 10:00',
      ),
    )
  })

  it('says when nothing was written', () => {
    const [dryRun] = postingText({entry: PAYMENT, replayed: false, dryRun: true}, PIPE).split('\n')
    const [replayed] = postingText({entry: PAYMENT, replayed: true, dryRun: false}, PIPE).split('\n')
    const [both] = postingText({entry: PAYMENT, replayed: true, dryRun: true}, PIPE).split('\n')

    expect(dryRun).to.equal('Payment 42-7 (dry run; nothing was written)')
    expect(replayed).to.equal('Payment 42-7 (already posted; nothing was written)')
    expect(both).to.equal(replayed)
  })

  it('counts in its own unit, without decimals where it has none', () => {
    expect(postingText({entry: LESSONS, replayed: false, dryRun: false}, PIPE)).to.equal(
      lines(
        'Top-up 42-lesson-1',
        '  Client   Anna Petrova (42)',
        '  Amount   +5 lesson',
        '  Balance  0 → 5 lesson',
        '  When     2026-11-22 10:00',
      ),
    )
  })

  it('is green when it comes in, red when it goes out, with its sign in any case', () => {
    expect(postingText({entry: PAYMENT, replayed: false, dryRun: false}, COLOUR)).to.equal(
      lines(
        '·[1mPayment 42-7·[22m',
        '  ·[2mClient ·[22m  Anna Petrova (42)',
        '  ·[2mAmount ·[22m  ·[31m-12.50 AZN·[39m',
        '  ·[2mBalance·[22m  50.00 → ·[1m37.50 AZN·[22m',
        '  ·[2mStaff  ·[22m  Ina',
        '  ·[2mNote   ·[22m  massage',
        '  ·[2mWhen   ·[22m  2026-11-22 10:00',
      ),
    )
    expect(postingText({entry: TOPUP, replayed: false, dryRun: false}, COLOUR)).to.contain(
      '\u001b[32m+50.00 AZN\u001b[39m',
    )
  })
})

describe('the history', () => {
  it('tells IN from OUT by sign, and shows what every line left', () => {
    expect(historyText([PAYMENT, TOPUP, LESSONS], PIPE)).to.equal(
      lines(
        'ENTRY        WHEN              CLIENT        KIND     AMOUNT  BALANCE  UNIT    STAFF  METHOD  NOTE',
        '───────────  ────────────────  ────────────  ───────  ──────  ───────  ──────  ─────  ──────  ───────',
        '42-7         2026-11-22 10:00  Anna Petrova  payment  -12.50    37.50  AZN     Ina            massage',
        '42-6         2026-11-22 10:00  Anna Petrova  topup    +50.00    50.00  AZN            cash',
        '42-lesson-1  2026-11-22 10:00  Anna Petrova  topup        +5        5  lesson',
      ),
    )
  })

  it('colours the amounts', () => {
    expect(historyText([PAYMENT], screen({colour: true, width: 50}))).to.equal(
      lines(
        '·[1mENTRY·[22m  ·[1mCLIENT·[22m        ·[1mAMOUNT·[22m  ·[1mBALANCE·[22m  ·[1mUNIT·[22m',
        '·[2m─────·[22m  ·[2m────────────·[22m  ·[2m──────·[22m  ·[2m───────·[22m  ·[2m────·[22m',
        '42-7   Anna Petrova  ·[31m-12.50·[39m    37.50  AZN',
      ),
    )
  })

  it('stands on end where a line has no room for the amounts', () => {
    expect(historyText([PAYMENT, LESSONS], screen({width: 30}))).to.equal(
      lines(
        'ENTRY    42-7',
        'WHEN     2026-11-22 10:00',
        'CLIENT   Anna Petrova',
        'KIND     payment',
        'AMOUNT   -12.50',
        'BALANCE  37.50',
        'UNIT     AZN',
        'STAFF    Ina',
        'NOTE     massage',
        '',
        'ENTRY    42-lesson-1',
        'WHEN     2026-11-22 10:00',
        'CLIENT   Anna Petrova',
        'KIND     topup',
        'AMOUNT   +5',
        'BALANCE  5',
        'UNIT     lesson',
      ),
    )
  })

  it('says when there is none', () => {
    expect(historyText([], PIPE)).to.equal('No entries.\n')
  })
})

describe('clients', () => {
  const rows = [
    {...CLIENT, own: {unit: AZN, balance: minor(3750)}},
    {...BARE, own: {unit: AZN, balance: minor(0)}},
    {...GONE, own: {unit: AZN, balance: minor(5)}},
  ]

  it('are listed with their balances; a zero is quiet, and written out', () => {
    expect(clientsText(rows, PIPE, 'None.')).to.equal(
      lines(
        'ID  NAME             PHONE              CODE  BALANCE  UNIT',
        '──  ───────────────  ─────────────────  ────  ───────  ────',
        '42  Anna Petrova     +994 50 123 45 67  T-1     37.50  AZN',
        ' 7  Əli                                          0.00  AZN',
        ' 8  Zaur (archived)                              0.05  AZN',
      ),
    )
    const [, , owed, zero] = clientsText(rows, COLOUR, 'None.').split('\n')
    expect(owed).to.contain('    37.50  AZN')
    expect(zero).to.contain('     \u001b[2m0.00\u001b[22m  AZN')
    expect(clientsText([], PIPE, 'No client matches.')).to.equal('No client matches.\n')
  })

  it('have a card with every balance', () => {
    const balances = [
      {unit: AZN, balance: minor(3750)},
      {unit: LESSON, balance: minor(5)},
    ]
    expect(clientCardText({...CLIENT, unit: AZN, balances}, PIPE)).to.equal(
      lines(
        'Anna Petrova (42)',
        '  Balance        37.50 AZN',
        '  Balance        5 lesson',
        '  Default price  12.50 AZN',
        '  Phone          +994 50 123 45 67',
        '  Code           T-1',
        '  Born           1990-02-28',
        '  Since          2026-01-02 03:04',
      ),
    )
    expect(clientCardText({...GONE, unit: AZN, balances: []}, COLOUR)).to.equal(
      lines(
        '·[1mZaur (8)·[22m (archived)',
        '  ·[2mSince   ·[22m  2026-01-02 03:04',
        '  ·[2mArchived·[22m  2026-06-01 00:00',
      ),
    )
  })

  it('have balances in one line', () => {
    const balances = [
      {unit: AZN, balance: minor(3750)},
      {unit: LESSON, balance: minor(0)},
    ]
    expect(balancesText({client: ANNA, balances}, PIPE)).to.equal('Anna Petrova (42)  37.50 AZN  0 lesson\n')
    expect(balancesText({client: ANNA, balances: []}, PIPE)).to.equal(
      'Anna Petrova (42)  has no balance in that unit\n',
    )
  })

  it('are owed a total in each unit', () => {
    const totals = [
      {unit: AZN, balance: minor(123456), clients: 12},
      {unit: LESSON, balance: minor(5), clients: 1},
    ]
    expect(totalsText(totals, PIPE)).to.equal(
      lines(
        'OWED TO CLIENTS  UNIT    CLIENTS',
        '───────────────  ──────  ───────',
        '        1234.56  AZN          12',
        '              5  lesson        1',
      ),
    )
    expect(totalsText([], PIPE)).to.equal('Nothing is owed to anyone yet.\n')
  })
})

describe('staff', () => {
  it('are listed, with who left', () => {
    expect(staffText([INA, {...INA, id: 12n, name: 'Fidan', archivedAt: INA.createdAt}], PIPE)).to.equal(
      lines(
        'ID  NAME              SINCE',
        '──  ────────────────  ────────────────',
        ' 1  Ina               2026-01-02 03:04',
        '12  Fidan (archived)  2026-01-02 03:04',
      ),
    )
    expect(staffText([], PIPE)).to.equal('No staff yet. Add someone with: fleks staff add NAME\n')
  })
})

describe('settings', () => {
  const unit = {key: 'unit', value: 'AZN', source: 'default'}
  const locale = {key: 'locale', value: null, source: 'default'}

  it('are listed with where they come from', () => {
    expect(settingsText([unit, locale], PIPE)).to.equal(
      lines('SETTING  VALUE  FROM', '───────  ─────  ───────', 'unit     AZN    default', 'locale   -      default'),
    )
  })

  it('are shown one by one', () => {
    expect(settingText(unit)).to.equal('unit is AZN\n')
    expect(settingText(locale)).to.equal('locale is empty\n')
    expect(settingValueText(unit)).to.equal('AZN\n')
    expect(settingValueText(locale)).to.equal('\n')
  })
})

describe('the doctor', () => {
  const checks = [
    {name: 'Node', ok: true, value: '24.15.0', source: '/usr/bin/node'},
    {name: 'DATABASE_UNAVAILABLE', ok: false, value: 'There is no database', source: null},
  ]

  it('tells what is wrong by a word, and in red', () => {
    expect(doctorText(checks, PIPE)).to.equal(
      lines(
        '     CHECK                 VALUE                 FROM',
        '───  ────────────────────  ────────────────────  ─────────────',
        'ok   Node                  24.15.0               /usr/bin/node',
        'BAD  DATABASE_UNAVAILABLE  There is no database',
      ),
    )
    expect(doctorText(checks, COLOUR))
      .to.contain('\n\u001b[32mok\u001b[39m   Node')
      .and.contain('\n\u001b[31mBAD\u001b[39m  DATA')
  })
})

describe('the database', () => {
  it('is shown as it is', () => {
    const state = {
      kind: 'embedded',
      running: true,
      url: 'postgresql://fleks@%2Frun:5432/fleks',
      source: 'default',
      serverVersion: '18.4',
      dataDir: '/data',
      pid: 123,
      logFile: '/data/server.log',
      migrations: [
        {name: '0001_ledger', appliedAt: '2026-11-22T10:00:00.000Z'},
        {name: '0002_more', appliedAt: null},
      ],
    } as const

    expect(databaseText(state, PIPE)).to.equal(
      lines(
        'The embedded PostgreSQL is running',
        '  URL        postgresql://fleks@%2Frun:5432/fleks',
        '  From       default',
        '  Version    18.4',
        '  Data       /data',
        '  Process    123',
        '  Log        /data/server.log',
        '  Migration  0001_ledger applied',
        '  Migration  0002_more missing',
      ),
    )
    const stopped = {...state, running: false, serverVersion: null, pid: null, migrations: []}
    expect(databaseText(stopped, PIPE)).to.match(/^The embedded PostgreSQL is not running\n {2}URL {3}postgresql/)
  })
})

describe('times', () => {
  const at = (time: string, timeZone: string, locale: string | null = null) => timeText(time, {timeZone, locale})

  it("are shown in the business's zone", () => {
    expect(at('2026-11-22T20:30:00.000Z', 'Asia/Baku')).to.equal('2026-11-23 00:30')
    expect(at('2026-11-22T20:30:00.000Z', 'UTC')).to.equal('2026-11-22 20:30')
    expect(at('2026-01-01T04:59:00.000Z', 'America/New_York')).to.equal('2025-12-31 23:59')
    expect(at('2026-01-01T00:00:00.000Z', 'Asia/Kathmandu')).to.equal('2026-01-01 05:45')
  })

  it('follow the clock when it changes', () => {
    expect(at('2026-03-08T06:59:00.000Z', 'America/New_York')).to.equal('2026-03-08 01:59')
    expect(at('2026-03-08T07:00:00.000Z', 'America/New_York')).to.equal('2026-03-08 03:00')
    expect(at('2026-11-01T05:30:00.000Z', 'America/New_York')).to.equal('2026-11-01 01:30')
    expect(at('2026-11-01T06:30:00.000Z', 'America/New_York')).to.equal('2026-11-01 01:30')
  })

  it('are written as the locale does, where there is one', () => {
    expect(at('2026-11-22T20:30:00.000Z', 'Asia/Baku', 'de-DE')).to.equal('23.11.26, 00:30')
    for (const locale of ['az-AZ', 'en-US', 'ar-EG', 'fa-IR', 'he-IL', 'ja-JP', 'th-TH']) {
      const shown = at('2026-11-22T20:30:00.000Z', 'Asia/Baku', locale)
      expect(safeText(shown), locale).to.equal(shown)
    }
  })
})
