import {expect} from 'chai'
import {isoCodes, isoDecimals} from '../../src/core/iso4217.ts'
import {findUnit, parseCountedUnit} from '../../src/core/unit.ts'
import {refusal} from '../support/refusal.ts'

/** Where the Unicode data behind Intl departs from ISO 4217: it prefers what people use to what the standard says. */
const INTL_DIFFERS = new Set(
  'AFN ALL BOV CHE CHW CLF COU CRC HUF IDR IRR IQD KPW LAK LBP MGA MMK MXV RSD SLE SOS SYP TWD TZS USN UYW UZS VED XCG YER COP PKR GYD AMD MUR NOK SEK CZK GYD MNT UYU ISK ZWG'.split(
    ' ',
  ),
)

describe('units', () => {
  it('are the currencies of ISO 4217, each with its own number of decimals', () => {
    expect(findUnit('JPY', [])).to.deep.equal({code: 'JPY', decimals: 0})
    expect(findUnit('azn', [])).to.deep.equal({code: 'AZN', decimals: 2})
    expect(findUnit('KWD', [])).to.deep.equal({code: 'KWD', decimals: 3})
    expect(findUnit('CLF', [])).to.deep.equal({code: 'CLF', decimals: 4})
  })

  it('agree with the decimals that Intl knows', () => {
    const compared = isoCodes().filter((code) => !INTL_DIFFERS.has(code))
    expect(compared).to.have.length.greaterThan(110)

    for (const code of compared) {
      const {maximumFractionDigits} = new Intl.NumberFormat('en', {style: 'currency', currency: code}).resolvedOptions()
      expect(isoDecimals(code), code).to.equal(maximumFractionDigits)
    }
  })

  it('name every currency that Intl supports', () => {
    // Withdrawn, or without a minor unit.
    const others = new Set(
      'ADP AFA ALK AOK AON AOR ARA ARL ARM ARP ATS AZM BAD BAN BEC BEF BEL BGL BGM BGN BGO BOL BOP BRB BRC BRE BRN BRR BRZ BUK BYB BYR CLE CNH CNX CSD CSK CYP DDM DEM ECS ECV EEK ESA ESB ESP FIM FRF GEK GHC GNS GQE GRD GWE GWP HRD HRK IEP ILP ILR ISJ ITL KRH KRO LTL LTT LUC LUF LUL LVL LVR MAF MCF MDC MGF MKN MLF MRO MTL MTP MVP MXP MZE MZM NIC NLG PEI PES PLZ PTE RHD ROL RUR SDD SDP SIT SKK SLL SRG STD SUR TJR TMM TPE TRL UAK UGS USS UYP VEB VEF VNN XRE YDD YUD YUM YUN YUR ZAL ZMK ZRN ZRZ ZWD ZWL ZWR XAG XAU XBA XBB XBC XBD XDR XEU XFO XFU XPD XPT XSU XTS XUA XXX ANG CUC LSM XBT BDS'.split(
        ' ',
      ),
    )
    const missing = Intl.supportedValuesOf('currency').filter(
      (code) => !others.has(code) && isoDecimals(code) === undefined,
    )

    expect(missing).to.deep.equal([])
  })

  it('are suggested when mistyped', () => {
    expect(refusal(() => findUnit('AZM', [])).hint).to.contain('AZN')
    expect(refusal(() => findUnit('lessn', [{code: 'lesson', decimals: 0}])).hint).to.contain('lesson')
    expect(refusal(() => findUnit('', [])).code).to.equal('INVALID_INPUT')
    expect(refusal(() => findUnit('A N', [])).code).to.equal('INVALID_INPUT')
  })

  it('can be counts that the business introduced', () => {
    const lesson = parseCountedUnit('lesson')

    expect(lesson).to.deep.equal({code: 'lesson', decimals: 0})
    expect(parseCountedUnit('hour:2')).to.deep.equal({code: 'hour', decimals: 2})
    expect(parseCountedUnit('dərs').code).to.equal('dərs')
    expect(findUnit('lesson', [lesson])).to.equal(lesson)
  })

  for (const text of ['', 'Lesson', 'a b', 'x'.repeat(21), 'hour:5', 'hour:', '1st', 'eur', '-', 'a-b']) {
    it(`cannot be a count called ${JSON.stringify(text)}`, () => {
      expect(refusal(() => parseCountedUnit(text)).code).to.equal('INVALID_INPUT')
    })
  }
})
