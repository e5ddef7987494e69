/** Every reading of a text in src/core with texts that nobody means: a value or one harmless sentence, and at once. */

import {expect} from 'chai'
import fc from 'fast-check'
import type {Settings} from '../../src/core/client.ts'
import {codeKey, parseCode} from '../../src/core/code.ts'
import {parseCursor} from '../../src/core/cursor.ts'
import {parseEmail} from '../../src/core/email.ts'
import {parseClientId, parseEntryId} from '../../src/core/entry-id.ts'
import {parseBirthDate, parseDay, parseMoment, parseRange} from '../../src/core/moment.ts'
import {parseDecimal, parseSignedDecimal} from '../../src/core/money.ts'
import {parseName} from '../../src/core/name.ts'
import {personQuery, wordsBeginName} from '../../src/core/person-query.ts'
import {parsePhone, phoneDigits} from '../../src/core/phone.ts'
import {parseReference} from '../../src/core/reference.ts'
import {Refusal} from '../../src/core/refusal.ts'
import {safeText} from '../../src/core/safe-text.ts'
import {deletions, foldName, keyboardLayouts, looseWord} from '../../src/core/search-key.ts'
import {parseSettingKey, SETTINGS, type SettingKey, withSetting} from '../../src/core/setting.ts'
import {nearest} from '../../src/core/similarity.ts'
import {cleanText, quoted, shownPath} from '../../src/core/text.ts'
import {findUnit, parseCountedUnit} from '../../src/core/unit.ts'
import {hostileTexts} from '../support/arbitraries.ts'
import {fuzz, hostileValues} from '../support/hostile.ts'

const NOW = new Date('2026-11-22T10:00:00Z')
const RUNS = 400
/** A quotation has 60 characters, of which each may need eight to be shown. */
const MESSAGE_MAX = 700
const LIMIT_MS = 1_000

const settings: Settings = {
  businessName: null,
  unit: {code: 'AZN', decimals: 2},
  timeZone: 'Asia/Baku',
  locale: null,
  countedUnits: [{code: 'lesson', decimals: 0}],
}

/** Those that give a text back, which is then kept: reading that again must change nothing. */
const KEPT: Readonly<Record<string, (text: string) => string>> = {
  name: parseName,
  reference: parseReference,
  code: parseCode,
  email: parseEmail,
  phone: (text) => parsePhone(text).text,
  note: (text) => cleanText('note', text, 1000),
  day: parseDay,
  'birth date': (text) => parseBirthDate(text, NOW),
}

const READ: Readonly<Record<string, (text: string) => unknown>> = {
  amount: parseDecimal,
  'signed amount': parseSignedDecimal,
  'entry id': parseEntryId,
  'client id': parseClientId,
  cursor: (text) => parseCursor(text, ['time', 'number', 'string', 'number']),
  'setting key': parseSettingKey,
  unit: (text) => findUnit(text, settings.countedUnits),
  'counted unit': parseCountedUnit,
  moment: (text) => parseMoment(text, settings.timeZone, NOW),
  range: (text) => parseRange(text, text, settings.timeZone, NOW),
  person: personQuery,
  'code key': codeKey,
  digits: phoneDigits,
  layouts: keyboardLayouts,
  'nearest of all': (text) => nearest(text, ['unit', 'time-zone', 'locale']),
  'loose word': async (text) => deletions(looseWord((await foldName(text)).slice(0, 200))),
  ...Object.fromEntries(
    Object.keys(SETTINGS).map((key) => [
      `setting ${key}`,
      (text: string) => withSetting(settings, key as SettingKey, text),
    ]),
  ),
}

/** The value, or null where it was refused as it should be. */
async function outcome<T>(read: (text: string) => T | Promise<T>, text: string): Promise<T | null> {
  const begun = performance.now()
  try {
    return await read(text)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    expect(error.exit, error.message).to.equal(2)
    for (const said of [error.message, error.hint ?? '']) {
      expect(said.length, said).to.be.at.most(MESSAGE_MAX)
      expect(safeText(said)).to.equal(said)
    }
    return null
  } finally {
    expect(performance.now() - begun, 'milliseconds').to.be.below(LIMIT_MS)
  }
}

describe('a text that nobody means', function () {
  this.timeout(60_000)
  const texts = fc.oneof(hostileValues, hostileTexts)

  for (const [what, read] of Object.entries({...READ, ...KEPT})) {
    it(`is read or refused in one sentence as: ${what}`, async () => {
      await fc.assert(
        fc.asyncProperty(texts, async (text) => {
          await outcome(read, text)
        }),
        fuzz(RUNS),
      )
    })
  }

  for (const [what, read] of Object.entries(KEPT)) {
    it(`is the same when what was kept is read again: ${what}`, async () => {
      await fc.assert(
        fc.asyncProperty(texts, async (text) => {
          const kept = await outcome(read, text)
          if (kept === null) return
          expect(read(kept)).to.equal(kept)
          expect(kept.isWellFormed()).to.equal(true)
          expect(kept.normalize('NFC')).to.equal(kept)
        }),
        fuzz(RUNS),
      )
    })
  }

  it('is quoted in few characters, as a text and as a path', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const said of [quoted(text), shownPath(text)]) {
          expect(safeText(said)).to.equal(said)
          expect(said.length).to.be.below(2_000)
        }
      }),
      fuzz(RUNS),
    )
  })

  it('is matched to a name at once', () => {
    const words = fc
      .array(fc.constantFrom('a', 'ab', 'abc', 'b', 'ann'), {minLength: 1, maxLength: 100})
      .map((all) => all.join(' '))
    fc.assert(
      fc.property(words, words, (typed, name) => {
        const begun = performance.now()
        wordsBeginName(typed, name)
        expect(performance.now() - begun).to.be.below(LIMIT_MS)
      }),
      fuzz(RUNS),
    )
  })
})
