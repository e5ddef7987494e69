import {expect} from 'chai'
import fc from 'fast-check'
import {safeJson, safeText} from '../../src/core/safe-text.ts'
import {balancesText, clientCardText, clientsText, staffText} from '../../src/views/client-text.ts'
import {historyText} from '../../src/views/history-text.ts'
import {postingText, transferText} from '../../src/views/posting-text.ts'
import {databaseText, doctorText, sentence} from '../../src/views/server-text.ts'
import {settingsText, settingText, settingValueText} from '../../src/views/settings-text.ts'
import {
  AZN,
  CONTROLS,
  clientCardsWith,
  clientRowsWith,
  entriesWith,
  hostileTexts,
  minor,
  staffWith,
} from '../support/arbitraries.ts'
import {PIPE, screen} from '../support/screens.ts'

/** Everything but letters, marks, numbers, symbols and the line's end. */
const HARMFUL =
  /(?!\n)[\p{Cc}\p{Surrogate}\p{Noncharacter_Code_Point}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u
/** What chalk writes at the level of sixteen colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const OURS = /\x1b\[(?:1|2|22|31|32|39)m/g

type View = (on: typeof PIPE) => string

const name = hostileTexts
const migrations = fc.array(fc.record({name, appliedAt: fc.constantFrom(null, '2026-11-22T10:00:00.000Z')}), {
  maxLength: 2,
})
const state = fc.record({
  kind: fc.constantFrom('embedded' as const, 'external' as const),
  running: fc.boolean(),
  url: name,
  source: name,
  serverVersion: name,
  dataDir: name,
  pid: fc.nat(),
  logFile: name,
  migrations,
})
const setting = fc.record({key: name, value: name, source: name})
const check = fc.record({name, ok: fc.boolean(), value: name, source: name})

/** Every view that shows text from the data, by name. */
const VIEWS: Readonly<Record<string, fc.Arbitrary<View>>> = {
  posting: entriesWith(name).map((entry) => (on) => postingText({entry, replayed: false, dryRun: false}, on)),
  transfer: fc.tuple(entriesWith(name), entriesWith(name)).map(
    ([entry, counterEntry]) =>
      (on) =>
        transferText({entry, counterEntry, replayed: false, dryRun: false}, on),
  ),
  history: entriesWith(name).map((entry) => (on) => historyText([entry], on)),
  clients: clientRowsWith(name).map((client) => (on) => clientsText([client], on, '')),
  card: clientCardsWith(name).map((client) => (on) => clientCardText(client, on)),
  staff: staffWith(name).map((person) => (on) => staffText([person], on)),
  balances: name.map(
    (text) => (on) => balancesText({client: {id: 1n, name: text}, balances: [{unit: AZN, balance: minor(5)}]}, on),
  ),
  settings: setting.map((one) => (on) => settingsText([one], on)),
  setting: setting.map((one) => () => settingText({...one, key: 'unit'})),
  'setting value': setting.map((one) => () => settingValueText(one)),
  doctor: check.map((one) => (on) => doctorText([one], on)),
  database: state.map((one) => (on) => databaseText(one, on)),
  sentence: name.map((text) => () => sentence(text)),
}

describe('text from the data', () => {
  it('is shown and does nothing, whatever it is', () => {
    for (const text of CONTROLS) {
      const shown = safeText(`a${text}b`)

      expect(shown, shown)
        .to.match(/^a\\[xu].*b$/)
        .and.not.match(HARMFUL)
    }
  })

  it('does nothing in JSON either, and means the same', () => {
    fc.assert(
      fc.property(name, (text) => {
        const json = safeJson({text})
        expect(json).to.not.match(HARMFUL)
        expect(JSON.parse(json)).to.deep.equal(JSON.parse(JSON.stringify({text})))
      }),
    )
  })

  for (const [which, views] of Object.entries(VIEWS)) {
    it(`never controls the terminal: ${which}`, () => {
      fc.assert(
        fc.property(views, fc.constantFrom(null, 20, 80), (view, width) => {
          expect(view(screen({width}))).to.not.match(HARMFUL)
          expect(view(screen({width, colour: true})).replace(OURS, '')).to.not.match(HARMFUL)
        }),
        {numRuns: 200},
      )
    })
  }

  it('adds no lines of its own', () => {
    fc.assert(
      fc.property(entriesWith(name), (entry) => {
        expect(historyText([entry], PIPE).split('\n')).to.have.length(4)
        expect(postingText({entry, replayed: false, dryRun: false}, PIPE).split('\n').length).to.be.at.most(11)
      }),
    )
  })
})
