import {expect} from 'chai'
import fc from 'fast-check'
import * as z from 'zod/mini'
import type {Unit} from '../../src/core/unit.ts'
import {
  balancesJson,
  clientCardJson,
  clientsJson,
  staffAnswerJson,
  staffListJson,
  totalsJson,
} from '../../src/views/client-json.ts'
import {entryJson, historyJson, postingJson} from '../../src/views/entry-json.ts'
import {OUTPUT_SCHEMAS} from '../../src/views/schemas.ts'
import {
  AZN,
  balances,
  clientCardsWith,
  clientRowsWith,
  entriesWith,
  hostileTexts,
  minor,
  staffWith,
  texts,
  units,
} from '../support/arbitraries.ts'

const names = fc.oneof(texts, hostileTexts)
const entries = entriesWith(names)
const cursors = fc.option(fc.base64String(), {nil: null})
const held = fc.array(fc.record({unit: units, balance: balances}), {maxLength: 5})

/** As scripts get it: written as JSON and read again. */
function published(document: object): unknown {
  return JSON.parse(JSON.stringify(document))
}

function follows(command: keyof typeof OUTPUT_SCHEMAS, document: object): void {
  const {error} = z.safeParse(OUTPUT_SCHEMAS[command], published(document))
  if (error !== undefined) throw new Error(`${command}: ${z.prettifyError(error)}`)
}

describe('JSON documents follow their schemas', () => {
  it('topup and pay', () => {
    fc.assert(
      fc.property(entries, units, fc.boolean(), fc.boolean(), (entry, own, replayed, dryRun) => {
        const document = postingJson({entry, replayed, dryRun}, own)
        follows('topup', document)
        follows('pay', document)
      }),
    )
  })

  it('history', () => {
    fc.assert(
      fc.property(fc.array(entries, {maxLength: 5}), units, cursors, (all, own, next) => {
        follows('history', historyJson({entries: all, next}, own))
      }),
    )
  })

  it('client list and search', () => {
    fc.assert(
      fc.property(fc.array(clientRowsWith(names), {maxLength: 5}), cursors, (clients, next) => {
        follows('client list', clientsJson({clients, next}))
        follows('client search', clientsJson({clients, next}))
      }),
    )
  })

  it('client show, add, edit, archive, restore', () => {
    fc.assert(
      fc.property(clientCardsWith(names), (client) => {
        follows('client show', clientCardJson(client))
      }),
    )
  })

  it('staff', () => {
    fc.assert(
      fc.property(fc.array(staffWith(names), {maxLength: 5}), staffWith(names), (all, one) => {
        follows('staff list', staffListJson(all))
        follows('staff add', staffAnswerJson(one))
      }),
    )
  })

  it('balance', () => {
    fc.assert(
      fc.property(names, held, fc.nat(), (name, all, clients) => {
        follows('balance', balancesJson({client: {id: 1n, name}, balances: all}))
        follows('balance', totalsJson(all.map((balance) => ({...balance, clients}))))
      }),
    )
  })

  it('and have no key that may be missing', () => {
    fc.assert(
      fc.property(entries, clientCardsWith(names), (entry, client) => {
        for (const document of [entryJson(entry, AZN), clientCardJson(client).client])
          expect(Object.values(document)).to.not.include(undefined)
      }),
    )
  })
})

describe('an entry as JSON', () => {
  const [sample] = fc.sample(entries, {numRuns: 1, seed: 1})
  if (sample === undefined) throw new Error('No sample')
  const at = (unit: Unit) => ({...sample, clientId: 42n, seq: 7n, unit, amount: minor(5), balanceAfter: minor(0)})

  it('has every decimal of its unit', () => {
    for (const [unit, amount, zero] of [
      [AZN, '0.05', '0.00'],
      [{code: 'JPY', decimals: 0}, '5', '0'],
      [{code: 'KWD', decimals: 3}, '0.005', '0.000'],
      [{code: 'lesson', decimals: 0}, '5', '0'],
    ] as const) {
      expect(entryJson(at(unit), AZN), unit.code).to.include({amount, balanceAfter: zero, unit: unit.code})
    }
  })

  it("leaves the ledger's own unit out of ids, and no other", () => {
    const lesson = {code: 'lesson', decimals: 0}
    const linked = {...at(lesson), reversesSeq: 3n, counter: {clientId: 9n, seq: 2n}}

    expect(entryJson(at(AZN), AZN).id).to.equal('42-7')
    expect(entryJson(linked, AZN)).to.include({id: '42-lesson-7', reverses: '42-lesson-3', counterpart: '9-lesson-2'})
    expect(entryJson(linked, lesson)).to.include({id: '42-7', reverses: '42-3', counterpart: '9-2'})
  })
})
