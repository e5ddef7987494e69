import {expect} from 'chai'
import fc from 'fast-check'
import {parseCode} from '../../src/core/code.ts'
import {parseEmail} from '../../src/core/email.ts'
import {parseName} from '../../src/core/name.ts'
import {nationalDigits, parsePhone, phoneDigits} from '../../src/core/phone.ts'
import {safeText} from '../../src/core/safe-text.ts'
import {cleanText, quoted} from '../../src/core/text.ts'
import {refusal} from '../support/refusal.ts'

describe('text that is kept', () => {
  it('is trimmed and normalised, and otherwise as typed', () => {
    expect(parseName('  Əli   Məmmədov ')).to.equal('Əli Məmmədov')
    expect(parseName('Cafe\u0301')).to.equal('Café')
    expect(parseName('علی')).to.equal('علی')
    expect(parseName('👩‍👩‍👧 Smith')).to.equal('👩‍👩‍👧 Smith')
  })

  const hostile: readonly (readonly [string, string])[] = [
    ['an escape sequence', 'Anna\u001b[31m'],
    ['a NUL', 'Anna\0'],
    ['a line break', 'Anna\nPetrova'],
    ['a C1 control', 'Anna\u009b31m'],
    ['a bidi override', 'Anna\u202ePetrova'],
    ['a bidi isolate', 'Anna\u2066Petrova'],
    ['a lone surrogate', 'Anna\ud800'],
    ['a line separator', 'Anna\u2028'.concat('x')],
    ['a noncharacter', 'Anna\uffff'],
    ['tag characters', 'Anna\u{e0041}'],
    ['nothing', '   '],
    ['201 characters', 'x'.repeat(201)],
    ['no letter', '---'],
  ]
  for (const [what, text] of hostile) {
    it(`is refused as a name with ${what}, and quoted harmlessly`, () => {
      const error = refusal(() => parseName(text))

      expect(error.code).to.equal('INVALID_INPUT')
      expect(safeText(error.message)).to.equal(error.message)
    })
  }

  it('counts characters, not code units', () => {
    expect(cleanText('name', '👍'.repeat(200), 200)).to.have.length(400)
  })

  it('is quoted short and without control, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary', maxLength: 300}), (text) => {
        const shown = quoted(text)
        expect(shown).to.match(/^".*"$/su)
        expect(safeText(shown)).to.equal(shown)
      }),
    )
    expect([...quoted('x'.repeat(1000))]).to.have.length(63)
  })
})

describe('text that is shown', () => {
  it('turns what controls a terminal into visible escapes', () => {
    expect(safeText('a\u001b[2Jb')).to.equal('a\\x1b[2Jb')
    expect(safeText('a\u202eb')).to.equal('a\\u{202e}b')
    expect(safeText('a\r\nb')).to.equal('a\\x0d\\x0ab')
  })

  it('keeps letters that join, and limits marks that smear', () => {
    expect(safeText('👩‍👩‍👧 ی‌ک')).to.equal('👩‍👩‍👧 ی‌ک')
    expect(safeText(`a${'\u0301'.repeat(50)}`)).to.have.length(9)
  })

  it('has nothing left to control a terminal with', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (text) => {
        expect(safeText(text)).to.not.match(/[\p{Cc}\p{Surrogate}\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
  })
})

describe('phones, e-mails and codes', () => {
  it('keep a phone as given and compare its digits', () => {
    expect(parsePhone(' +994 (50) 123-45-67 ')).to.deep.equal({text: '+994 (50) 123-45-67', digits: '994501234567'})
    expect(nationalDigits('0501234567')).to.equal('501234567')
    expect(phoneDigits('12-34')).to.equal('1234')
    expect(phoneDigits('room 12')).to.equal(null)
  })

  for (const text of [
    '12',
    '1234567890123456',
    'call me',
    '',
    '+',
    '12\t34567',
    '12\u202834567',
    '12\ufeff34567',
    `1${' '.repeat(5000)}23`,
  ]) {
    it(`refuse the phone ${JSON.stringify(text)}`, () => {
      expect(refusal(() => parsePhone(text)).code).to.equal('INVALID_INPUT')
    })
  }

  it('refuse an e-mail address without both parts', () => {
    expect(parseEmail('anna@example.com')).to.equal('anna@example.com')
    for (const text of ['anna', 'anna@', '@example.com', 'a b@c', 'a@b@c', '<a@b>']) {
      expect(refusal(() => parseEmail(text)).code, text).to.equal('INVALID_INPUT')
    }
  })

  it('refuse a code that could be taken for an id or a phone', () => {
    expect(parseCode('A-17')).to.equal('A-17')
    for (const text of ['17', '12-34', '', 'a b', '-a', 'x'.repeat(41)]) {
      expect(refusal(() => parseCode(text)).code, text).to.equal('INVALID_INPUT')
    }
  })
})
