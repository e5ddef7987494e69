/** Whoever may write everything can seal what was changed: verify then still tells what does not add up. */

import {expect} from 'chai'
import fc from 'fast-check'
import type {StoredAccount, StoredSeal} from '../../src/core/chain-check.ts'
import {canonicalText, chainRoot, hashAfterHex} from '../../src/core/hash-chain.ts'
import {findUnit} from '../../src/core/unit.ts'
import {LESSON, ledgerOf, steps, verifierOf} from '../support/decided-ledger.ts'

const more = (digits: string) => String(BigInt(digits) + 1n)

/** What is done to the entries of an account, at a place among them. */
const FORGERIES: Readonly<Record<string, (entries: readonly StoredSeal[], at: number) => readonly StoredSeal[]>> = {
  'moves more than it says': changed(({amount}) => ({amount: more(amount)})),
  'moves the other way': changed(({direction}) => ({direction: direction === 'IN' ? 'OUT' : 'IN'})),
  'ends with more': changed(({balanceAfter}) => ({balanceAfter: more(balanceAfter)})),
  'begins where none ended': changed(({balanceBefore, balanceAfter}) => ({
    balanceBefore: more(balanceBefore),
    balanceAfter: more(balanceAfter),
  })),
  'comes after one that is missing': (entries, at) =>
    entries.map((entry, place) => (place < at ? entry : {...entry, seq: more(entry.seq)})),
  'moves nothing': (entries, at) =>
    entries.flatMap((entry, place) => {
      const later = place <= at ? entry : {...entry, seq: more(entry.seq)}
      const {balanceAfter, seq, reference} = entry
      const nothing = {amount: '0', balanceBefore: balanceAfter, seq: more(seq), reference: `${reference}-0`}
      return place === at ? [entry, {...entry, ...nothing}] : [later]
    }),
}

function changed(change: (entry: StoredSeal) => Partial<StoredSeal>) {
  return (entries: readonly StoredSeal[], at: number) =>
    entries.map((entry, place) => (place === at ? {...entry, ...change(entry)} : entry))
}

/** The entries with right hashes, and an account that agrees with the last of them. */
function sealedAnew(account: StoredAccount, entries: readonly StoredSeal[]) {
  const unit = findUnit(account.unit, [LESSON])
  let hash = chainRoot(BigInt(account.clientId), unit).toString('hex')
  const sealed = entries.map((entry) => {
    hash = hashAfterHex(hash, canonicalText(entry, unit.decimals))
    return {...entry, hash}
  })
  const last = sealed.at(-1)
  if (last === undefined) throw new Error('There is no entry')
  return {account: {...account, balance: last.balanceAfter, lastSeq: last.seq, lastHash: hash}, entries: sealed}
}

describe('an entry that was sealed anew', () => {
  for (const [what, forge] of Object.entries(FORGERIES)) {
    it(`and ${what} is named, however it is read`, () => {
      fc.assert(
        fc.property(steps, fc.nat(), (posted, which) => {
          const [first, ...others] = ledgerOf(posted)
          if (first === undefined) throw new Error('Nothing was posted')
          const forged = sealedAnew(first.account, forge(first.entries, which % first.entries.length))
          const accounts = [forged, ...others].map(({account}) => account)
          const entries = [forged, ...others].flatMap((line) => line.entries)

          const {verifier} = verifierOf(accounts, entries, {plainly: true})

          expect(verifier.damages.count).to.be.greaterThan(0)
          expect(verifier.damages.listed).to.deep.equal(verifierOf(accounts, entries).verifier.damages.listed)
        }),
      )
    })
  }

  it('as the side of a transfer or a reversal counts as one, though it names no other', () => {
    const [line] = ledgerOf(fc.sample(steps, 1)[0] ?? [])
    if (line === undefined) throw new Error('Nothing was posted')
    for (const [kind, count] of [
      ['transfer', 'transfers'],
      ['reversal', 'reversals'],
    ] as const) {
      const {account, entries} = sealedAnew(line.account, changed(() => ({kind}))(line.entries, 0))

      const {verifier} = verifierOf([account], entries, {plainly: true})

      expect(verifier[count], kind).to.equal(1)
    }
  })
})

describe('a ledger that the program wrote', () => {
  it('is sound, and has the same checkpoint, however it is read', () => {
    fc.assert(
      fc.property(steps, (posted) => {
        const ledger = ledgerOf(posted)
        const accounts = ledger.map(({account}) => account)
        const entries = ledger.flatMap((line) => line.entries)

        const plain = verifierOf(accounts, entries, {plainly: true})

        expect(plain.verifier.damages.listed).to.deep.equal([])
        expect(plain.checkpoint).to.deep.equal(verifierOf(accounts, entries).checkpoint)
      }),
    )
  })
})
