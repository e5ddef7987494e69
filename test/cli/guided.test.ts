import {expect} from 'chai'
import {parseDecimal} from '../../src/core/money.ts'
import {parsePhone} from '../../src/core/phone.ts'
import {addClient} from '../../src/data/clients.ts'
import {configure} from '../../src/data/configure.ts'
import {topup} from '../../src/data/posting.ts'
import {addStaff} from '../../src/data/staff.ts'
import {plainSql, withTestDatabase} from '../support/database.ts'
import {type Program, programIn, withProgram} from '../support/program.ts'
import {hasTerminal, KEYS, openTerminal, type Terminal} from '../support/pseudo-terminal.ts'
import {skipBehindPooler} from '../support/server.ts'
import {skip} from '../support/skipped.ts'
import {ANYWAY, request, UNIQUE} from '../support/world.ts'

const {ctrlC, ctrlD, ctrlU, ctrlZ, down, enter, tab} = KEYS

/**
 * The program on a small business: two clients named Anna Petrova (1: 50.00 AZN and a price of 12.50; 2: nothing),
 * Əliyeva Günel (3, five lessons); staff Ina and Fidan Əliyeva.
 */
async function withDesk<T>(work: (program: Program, url: string) => Promise<T>): Promise<T> {
  return withTestDatabase(async ({url, ledger}) => {
    await configure(ledger, 'counted-units', 'lesson')
    const phone = parsePhone('+994 50 123 45 67')
    await addClient(ledger, 'Anna Petrova', {phone, defaultPrice: parseDecimal('12.50')}, UNIQUE)
    await addClient(ledger, 'Anna Petrova', {}, ANYWAY)
    await addClient(ledger, 'Əliyeva Günel', {}, UNIQUE)
    await addStaff(ledger, 'Ina')
    await addStaff(ledger, 'Fidan Əliyeva')
    await topup(ledger, request('1', '50'))
    await topup(ledger, request('3', '5', {unit: 'lesson'}))
    return work(await programIn(url), url)
  })
}

const OPENING = 2

async function entriesIn(url: string): Promise<number> {
  const [row] = await plainSql(url, 'select count(*)::integer as n from entry', [])
  return Number(row?.n)
}

/** Shows one text, then types the keys that answer it, and so on. */
async function converse(terminal: Terminal, ...steps: readonly (readonly [shown: string, keys: string])[]) {
  for (const [shown, keys] of steps) {
    await terminal.shows(shown)
    terminal.type(keys)
  }
}

describe('in a terminal', () => {
  before(function () {
    // There is no pseudo-terminal in Node itself, and a compiled package for it would have to be installed by everyone.
    if (!hasTerminal()) skip(this, 'the guided mode (no util-linux script to make a terminal with)')
  })

  it('a top-up is led through: who, the balance, how much, a last look', () =>
    withDesk(async (program, url) => {
      const terminal = openTerminal(program, 'fleks topup --method cash --note "for March"')

      await converse(
        terminal,
        ['? Client', 'eliyeva'],
        ['❯ Əliyeva Günel (3)  0.00 AZN', enter],
        ['Əliyeva Günel (3) has 0.00 AZN\n? Amount received (AZN)', '20,5'],
        ['20,5', enter],
        ['? Top up Əliyeva Günel (3) by 20.50 AZN: 0.00 → 20.50 AZN? (Y/n)', enter],
      )
      const {code, text, sane} = await terminal.closed()

      expect({code, sane}).to.deep.equal({code: 0, sane: true})
      expect(text).to.match(/\nTop-up 3-1\n {2}Client {3}Əliyeva Günel \(3\)\n {2}Amount {3}\+20\.50 AZN\n/)
      expect(await plainSql(url, 'select method, note from entry where amount = 2050', [])).to.deep.equal([
        {method: 'cash', note: 'for March'},
      ])
    }))

  it('a payment offers the default price and the staff, found in any script', () =>
    withDesk(async (program, url) => {
      const terminal = openTerminal(program, 'fleks pay')

      await converse(
        terminal,
        ['? Client', '1234567'],
        ['❯ Anna Petrova (1)  +994 50 123 45 67  50.00 AZN', enter],
        ['Anna Petrova (1) has 50.00 AZN\n? Price (AZN) (12.50)', enter],
        ['? Staff\n❯ Fidan Əliyeva\n  Ina', 'ƏLİ'],
        ['? Staff ƏLİ\n❯ Fidan Əliyeva\n\n', enter],
        ['? Charge Anna Petrova (1) 12.50 AZN, Fidan Əliyeva: 50.00 → 37.50 AZN? (Y/n)', `y${enter}`],
      )
      const {code, text} = await terminal.closed()

      expect(code).to.equal(0)
      expect(text).to.contain('Balance  50.00 → 37.50 AZN')
      expect(await entriesIn(url)).to.equal(OPENING + 1)
    }))

  it('namesakes are told apart, and Tab means the row that it completes', () =>
    withDesk(async (program) => {
      const terminal = openTerminal(program, 'fleks topup')

      await converse(
        terminal,
        ['? Client', 'ann pet'],
        ['❯ Anna Petrova (1)  +994 50 123 45 67  50.00 AZN\n  Anna Petrova (2)  0.00 AZN', down],
        ['❯ Anna Petrova (2)  0.00 AZN', tab],
        ['Anna Petrova (2)  0.00 AZN\n❯ Anna Petrova (2)  0.00 AZN', enter],
        ['Anna Petrova (2) has 0.00 AZN', `7${enter}`],
        ['Top up Anna Petrova (2) by 7.00 AZN: 0.00 → 7.00 AZN?', enter],
      )

      expect((await terminal.closed()).text).to.contain('Top-up 2-1')
    }))

  it('whoever is typed on the command line is not asked for again', () =>
    withDesk(async (program) => {
      const named = openTerminal(program, 'fleks pay "gunel" --unit lesson --staff ina')
      await converse(named, ['Əliyeva Günel (3) has 5 lesson\n? Price (lesson)', `2${enter}`], ['5 → 3 lesson?', enter])
      expect((await named.closed()).text).to.contain('Payment 3-lesson-2')

      const priced = openTerminal(program, 'fleks pay "" 1')
      expect((await priced.closed()).code).to.equal(2)
    }))

  it('a wrong amount is asked for again, and so is one above the balance', () =>
    withDesk(async (program, url) => {
      const terminal = openTerminal(program, 'fleks pay 3 --unit lesson --staff ina')

      await converse(
        terminal,
        ['? Price (lesson)', enter],
        ['> Type an amount', `1e3${enter}`],
        ['> "1e3" is not an amount. Write it as a plain number', `${ctrlU}1.5${enter}`],
        ['> 1.5 has more decimals than lesson has', `${ctrlU}6${enter}`],
        [
          '> Əliyeva Günel has 5 lesson, 1 lesson less than the 6 asked for. Top up first with: fleks topup 3 1\n --unit lesson',
          `${ctrlU}5${enter}`,
        ],
        ['5 → 0 lesson?', enter],
      )

      expect((await terminal.closed()).code).to.equal(0)
      expect(await entriesIn(url)).to.equal(OPENING + 1)
    }))

  it('what would be refused is refused before anything is asked', () =>
    withDesk(async (program, url) => {
      await program.json('client', 'add', 'Zaur')
      await program.json('client', 'archive', '4', '--yes')
      const refused: readonly (readonly [line: string, code: number, message: string])[] = [
        ['fleks topup --unit leson', 2, 'There is no unit "leson"\nHint: Did you mean: lesson?'],
        ['fleks topup --at tomorrow', 2, '"tomorrow" is not a time'],
        ['fleks topup --note " "', 2, 'The note is empty'],
        ['fleks pay --staff nobody', 3, 'There is no staff member "nobody"'],
        [
          'fleks pay 2',
          5,
          'There is nothing to charge: Anna Petrova has no AZN left\nHint: Top up first with: fleks topup 2',
        ],
        ['fleks topup 4', 5, 'Zaur is archived'],
        ['fleks topup "anna petrova"', 4, '2 clients match "anna petrova"'],
      ]

      for (const [line, code, message] of refused) {
        const closed = await openTerminal(program, line).closed()
        expect(closed, line).to.include({code, sane: true})
        expect(closed.text, line).to.contain(`Error: ${message}`).and.not.contain('? ')
      }
      expect(await entriesIn(url)).to.equal(OPENING)
    })).timeout(60_000)

  it('a known reference is replayed, whatever the balance is by now', () =>
    withDesk(async (program) => {
      await program.json('pay', '1', '50', '--staff', 'Ina', '--reference', 'visit 1')

      const replayed = openTerminal(program, 'fleks pay 1 --staff Ina --reference "visit 1"')
      await converse(replayed, ['Anna Petrova (1) has 0.00 AZN\n? Price (AZN) (12.50)', `50${enter}`])
      expect((await replayed.closed()).text).to.contain('already posted; nothing was written')
    }))

  it('with no clients, or no staff, it says how to add them', () =>
    withProgram(async (program) => {
      const nobody = await openTerminal(program, 'fleks topup').closed()
      expect(nobody.code).to.equal(3)
      expect(nobody.text).to.contain(
        'Error: There is no client to choose from\nHint: Add one with: fleks client add NAME\n',
      )

      await program.json('client', 'add', 'Anna')
      const noStaff = await openTerminal(program, 'fleks pay').closed()
      expect(noStaff.code).to.equal(3)
      expect(noStaff.text).to.contain(
        'Error: There is no staff to choose from\nHint: Add who did the service with: fleks staff add NAME\n',
      )
    }))

  const points: readonly (readonly [where: string, ...steps: (readonly [string, string])[]])[] = [
    ['the search', ['? Client', 'ann'], ['❯ Anna Petrova (1)', ctrlU], ['? Client', '']],
    ['the amount', ['? Client', '1234567'], ['❯ Anna', enter], ['? Price', '']],
    ['the staff', ['? Client', '1234567'], ['❯ Anna', enter], ['? Price', enter], ['❯ Fidan', '']],
    [
      'the confirmation',
      ['? Client', '1234567'],
      ['❯ Anna', enter],
      ['? Price', enter],
      ['❯ Fidan', enter],
      ['37.50 AZN? (Y/n)', ''],
    ],
  ]
  for (const [where, ...steps] of points) {
    for (const [name, key] of [
      ['Ctrl-C', ctrlC],
      ['Ctrl-D', ctrlD],
    ] as const) {
      it(`${name} at ${where} leaves with 130; nothing is written and the terminal is sane`, () =>
        withDesk(async (program, url) => {
          const terminal = openTerminal(program, 'fleks pay')

          await converse(terminal, ...steps)
          terminal.type(key)
          const {code, text, sane} = await terminal.closed()

          expect({code, sane}).to.deep.equal({code: 130, sane: true})
          expect(text).to.match(/\nError: Interrupted; nothing was written\n$/)
          expect(await entriesIn(url)).to.equal(OPENING)
        }))
    }
  }

  it('Ctrl-Z does not strand it', () =>
    withDesk(async (program) => {
      const terminal = openTerminal(program, 'set -m; fleks topup 2')

      await converse(terminal, ['? Amount', `${ctrlZ}3${ctrlZ}${enter}`], ['0.00 → 3.00 AZN?', enter])

      expect((await terminal.closed()).code).to.equal(0)
    }))

  it('no means no, and nonsense is asked again', () =>
    withDesk(async (program, url) => {
      const terminal = openTerminal(program, 'fleks topup 2')

      await converse(
        terminal,
        ['? Amount', `3${enter}`],
        ['3.00 AZN? (Y/n)', `cancel${enter}`],
        ['You must answer with "Yes" or "No"', `${ctrlU}n${enter}`],
      )
      const {code, text} = await terminal.closed()

      expect(code).to.equal(2)
      expect(text).to.match(/\nError: Not confirmed; nothing was written\n$/)
      expect(await entriesIn(url)).to.equal(OPENING)
    }))

  it('the last look shows the balance of that moment', () =>
    withDesk(async (program) => {
      const terminal = openTerminal(program, 'fleks topup 2')

      await terminal.shows('? Amount')
      await program.json('topup', '2', '100')
      terminal.type(`3${enter}`)
      await converse(terminal, ['100.00 → 103.00 AZN?', enter])

      expect((await terminal.closed()).text).to.contain('Balance  100.00 → 103.00 AZN')
    }))

  it('a dry run has nothing to confirm and writes nothing', () =>
    withDesk(async (program, url) => {
      const terminal = openTerminal(program, 'fleks topup 2 --dry-run')

      await converse(terminal, ['? Amount', `3${enter}`])

      expect((await terminal.closed()).text)
        .to.contain('(dry run; nothing was written)')
        .and.not.contain('Y/n')
      expect(await entriesIn(url)).to.equal(OPENING)
    }))

  it('nothing prompts where nobody could answer', () =>
    withDesk(async (program, url) => {
      const quiet: readonly (readonly [line: string, answer: RegExp])[] = [
        ['fleks topup 1 --json', /^\{"error":\{"code":"USAGE","message":"How much\? No amount was named".*\}\n$/],
        ['fleks pay --json', /^\{"error":\{"code":"USAGE".*\}\n$/],
        ['fleks topup 1 < /dev/null', /^Error: How much\? No amount was named\nHint: .*\n$/],
        ['echo 5 | fleks topup', /^Error: Which client\? None was named\nHint: .*\n$/],
        ['fleks topup 1 2>errors', /^$/],
        ['TERM=dumb fleks topup 1', /^Error: How much\? .*\nHint: .*\n$/],
      ]

      for (const [line, answer] of quiet) {
        const {code, text} = await openTerminal(program, line).closed()
        expect(text, line).to.match(answer)
        expect(code, line).to.equal(2)
      }
      expect(await entriesIn(url)).to.equal(OPENING)
    })).timeout(60_000)

  it('a pipe gets the answer alone, in plain text', () =>
    withDesk(async (program) => {
      const terminal = openTerminal(
        program,
        'fleks topup 2 --at 2026-11-22 > answer; code=$?; cat -v answer; (exit $code)',
      )

      await converse(terminal, ['? Amount', `3${enter}`], ['3.00 AZN?', enter])

      const {code, text} = await terminal.closed()
      expect(code).to.equal(0)
      expect(text).to.match(/Yes\nTop-up 2-1\n {2}Client {3}Anna Petrova \(2\)\n {2}Amount {3}\+3\.00 AZN\n/)
    }))

  it('forty columns are enough', () =>
    withDesk(async (program) => {
      await program.json('client', 'add', 'Maximilian-Alexander von Hohenlohe-Langenburg the Third')
      const terminal = openTerminal(program, 'fleks topup', {columns: 40, rows: 15})

      await converse(
        terminal,
        ['? Client', 'maxi'],
        ['❯ Maximilian-Alexander von Hohenlohe-Lan\ngenburg the Third (4)  0.00 AZN', enter],
        ['? Amount', `3${enter}`],
        ['0.00 → 3.00 AZN?', enter],
      )
      expect((await terminal.closed()).text).to.contain('Top-up 4-1')

      const {text} = await openTerminal(program, 'fleks client list', {columns: 40, rows: 15}).closed()
      expect(text.split('\n').filter((line) => line.length > 40)).to.deep.equal([])
      expect(text).to.contain('Petrova')
    }))

  it('a database that goes away while somebody types ends the prompt with its own message', function () {
    skipBehindPooler(this, 'the program waits until the pooler gives up', Number.POSITIVE_INFINITY)
    return withDesk(async (program, url) => {
      const terminal = openTerminal(program, 'fleks topup')
      await converse(terminal, ['? Client', 'ann'])
      await terminal.shows('❯ Anna')

      const [name, elsewhere] = [url.split('/').at(-1), url.replace(/[^/]*$/, 'postgres')]
      const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`
      await plainSql(elsewhere, `${cut}; alter database ${name} rename to ${name}_away`, [])
      try {
        terminal.type('a')
        const {code, text, sane} = await terminal.closed()

        expect({code, sane}).to.deep.equal({code: 9, sane: true})
        expect(text).to.match(/\nError: [^\n]*\nHint: [^\n]*\n$/)
      } finally {
        await plainSql(elsewhere, `alter database ${name}_away rename to ${name}`, [])
      }
    })
  })

  it('archiving asks first, and no is the default', () =>
    withDesk(async (program) => {
      const kept = openTerminal(program, 'fleks client archive 2')
      await converse(kept, ['? Archive Anna Petrova? (y/N)', enter])
      const {code, text} = await kept.closed()
      expect(code).to.equal(2)
      expect(text).to.contain('Not confirmed; nothing was done')

      const archived = openTerminal(program, 'fleks client archive 2')
      await converse(archived, ['? Archive Anna Petrova? (y/N)', `y${enter}`])
      expect((await archived.closed()).text).to.contain('Anna Petrova (2) (archived)')
    }))

  it('answers are in colour, and as wide as the terminal', () =>
    withDesk(async (program) => {
      const coloured = await openTerminal(program, 'fleks history', {columns: 60, rows: 20}).closed()
      const plain = await openTerminal(program, 'NO_COLOR=1 fleks history', {columns: 60, rows: 20}).closed()

      expect(coloured.code).to.equal(0)
      expect(coloured.raw).to.contain('\u001b[32m')
      expect(coloured.text.split('\n').filter((line) => line.length > 60)).to.deep.equal([])
      expect(plain.raw).to.not.contain('\u001b')
      expect(plain.text).to.equal(coloured.text)
    }))
})
