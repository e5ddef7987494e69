import {expect} from 'chai'
import {dayIn, isTimeZone, parseBirthDate, parseDay, parseMoment, parseRange} from '../../src/core/moment.ts'
import {refusal, refusalOf} from '../support/refusal.ts'

const NOW = new Date('2026-11-23T22:30:00.000Z')
const BAKU = 'Asia/Baku'

async function utc(text: string, zone = BAKU): Promise<string> {
  return (await parseMoment(text, zone, NOW)).toISOString()
}

describe('moments', () => {
  it('are read in the business zone, not in the machine’s', async () => {
    expect(await utc('2026-11-22 14:30')).to.equal('2026-11-22T10:30:00.000Z')
    expect(await utc('2026-11-22T14:30:05')).to.equal('2026-11-22T10:30:05.000Z')
    expect(await utc('2026-11-22')).to.equal('2026-11-21T20:00:00.000Z')
    expect(await utc('2026-11-22 14:30:05.123456', 'UTC')).to.equal('2026-11-22T14:30:05.123Z')
  })

  it('with an offset mean the same everywhere', async () => {
    expect(await utc('2026-11-22T14:30:00Z')).to.equal('2026-11-22T14:30:00.000Z')
    expect(await utc('2026-11-22T14:30:00+04:00')).to.equal('2026-11-22T10:30:00.000Z')
    expect(await utc('2026-11-22t14:30:00.5z')).to.equal('2026-11-22T14:30:00.500Z')
  })

  it('know now, today and yesterday, which depend on the zone', async () => {
    expect(await utc('now')).to.equal(NOW.toISOString())
    expect(await utc('today')).to.equal('2026-11-23T20:00:00.000Z')
    expect(await utc('Yesterday')).to.equal('2026-11-22T20:00:00.000Z')
    expect(dayIn(BAKU, NOW)).to.equal('2026-11-24')
  })

  it('that a change of the clock skips or repeats are still one moment', async () => {
    expect(await utc('2026-03-29 02:30', 'Europe/Berlin')).to.equal('2026-03-29T01:30:00.000Z')
    expect(await utc('2026-10-25 02:30', 'Europe/Berlin')).to.equal('2026-10-25T00:30:00.000Z')
  })

  for (const text of [
    '',
    'soon',
    '22.11.2026',
    '2026-13-01',
    '2026-02-30',
    '2026-11-22 25:00',
    '2026-11-22 14:60',
    '2026-11-22T14:30:00+25:00',
    '1899-01-01',
    '2200-01-01',
    '2026-11-30',
    '20261122',
    '2026-11-22 14',
    '0x10',
  ]) {
    it(`refuse ${JSON.stringify(text)}`, async () => {
      expect((await refusalOf(parseMoment(text, BAKU, NOW))).code).to.equal('INVALID_INPUT')
    })
  }

  it('make a period that ends with its last day', async () => {
    const {from, to} = await parseRange('2026-11-01', '2026-11-30', BAKU, NOW)

    expect(from?.toISOString()).to.equal('2026-10-31T20:00:00.000Z')
    expect(to?.toISOString()).to.equal('2026-11-30T20:00:00.000Z')
    expect((await parseRange(null, '2026-11-22 10:00', BAKU, NOW)).to?.toISOString()).to.equal(
      '2026-11-22T06:00:00.000Z',
    )
    expect((await refusalOf(parseRange('2026-11-02', '2026-11-01', BAKU, NOW))).code).to.equal('INVALID_INPUT')
  })
})

describe('days', () => {
  it('are calendar dates', () => {
    expect(parseDay('2024-02-29')).to.equal('2024-02-29')
    for (const text of ['2023-02-29', '2026-00-10', '2026-1-1', 'today', '2026-11-22 ', '']) {
      expect(refusal(() => parseDay(text)).code, text).to.equal('INVALID_INPUT')
    }
  })

  it('of birth lie in the past', () => {
    expect(parseBirthDate('1990-05-17', NOW)).to.equal('1990-05-17')
    expect(refusal(() => parseBirthDate('2027-01-01', NOW)).message).to.contain('2027-01-01')
  })

  it('begin in a zone that exists', () => {
    expect(isTimeZone('Asia/Baku')).to.equal(true)
    for (const text of ['Mars/Olympus', '', '+04:00', 'A', ' ']) expect(isTimeZone(text), text).to.equal(false)
  })
})
