/** Files to import as nobody here has written them, each with what its user would say is in it. */

import {existsSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {databasesLike} from './database.ts'
import {runHere} from './in-process.ts'
import {programIn} from './program.ts'
import {temporaryFolder} from './server.ts'

/** Everybody begins with 100.00 AZN. */
const PEOPLE = [
  ['Anna Petrova', '--phone', '+994 50 123 45 67'],
  ['Алиева Нигяр', '--phone', '0557654321'],
  ['Rəşad Əliyev', '--code', 'A-17'],
] as const

const inShop = databasesLike(async ({url}) => {
  const program = await programIn(url)
  for (const [at, [name, ...more]] of PEOPLE.entries()) {
    await program.json('client', 'add', name, ...more)
    await program.json('opening', String(at + 1), '100', '--at', '2026-01-01')
  }
  await program.json('staff', 'add', 'Ina')
  await program.json('staff', 'add', 'Leyla Quliyeva')
})

type Encoding = 'utf-16le' | 'utf-16be' | 'windows-1251' | 'windows-1254' | 'ibm866'

export function written(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  const decoder = new TextDecoder(encoding)
  const bytes = new Map(Array.from({length: 256}, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]))
  return Buffer.from(Array.from(text, (character) => bytes.get(character) ?? 0x3f))
}

interface Truth {
  readonly applied: number
  /** None, unless said. */
  readonly replayed?: number
  /** By line and column; a line alone where it is no one column's fault. */
  readonly refused?: readonly string[]
  /** What changed: 1 to 3 are those above, others by name. */
  readonly balances?: Readonly<Record<string, string>>
}

/** A file, what its user would say is in it, and flags; a text as the truth is the hint of a refusal. */
export type Case = readonly [name: string, content: string | Buffer, truth: Truth | RegExp, ...flags: readonly string[]]

export const INA = ['--staff', 'Ina'] as const
export const one = (balance: string): Truth => ({applied: 1, balances: {1: balance}})

/**
 * One test for each: what it comes to, and that a dry run says the same. Neither the file once more nor its refused
 * lines, which nobody mended, change anything.
 */
export function readToTheCent(files: readonly Case[]): void {
  for (const [name, content, truth, ...flags] of files) {
    it(`is read to the cent, or refused: ${name}`, () =>
      inShop(async ({url}) => {
        const home = await temporaryFolder()
        const env = {HOME: home, PATH: process.env.PATH, FLEKS_DATABASE_URL: url, FLEKS_OPERATOR: 'tester'}
        const file = join(home, 'file.csv')
        const rejects = join(home, 'rejects.csv')
        writeFileSync(file, content)
        const answer = async (id: string, ...args: readonly string[]) => {
          const {stdout, code} = await runHere(id, [...args, '--json'], {env})
          return {code, document: JSON.parse(stdout)}
        }

        const tried = truth instanceof RegExp ? null : await answer('import', file, '--dry-run', ...flags)
        const {code, document} = await answer('import', file, '--rejects', rejects, ...flags)
        const before = (await answer('client:list')).document
        const again = await answer('import', file, ...flags)
        const unmended = existsSync(rejects) ? await answer('import', rejects, ...flags) : null
        const after = (await answer('client:list')).document
        rmSync(home, {recursive: true})

        const balances = Object.fromEntries(
          before.clients.map((one: {id: number; name: string; balance: string}) => [
            one.id > 3 ? one.name : one.id,
            one.balance,
          ]),
        )
        const changed = truth instanceof RegExp ? {} : truth.balances
        expect(balances).to.deep.equal({1: '100.00', 2: '100.00', 3: '100.00', ...changed})
        expect(after).to.deep.equal(before)
        if (truth instanceof RegExp) {
          expect(code).to.equal(2)
          expect(document.error.hint).to.match(truth)
          return
        }
        const refused = truth.refused ?? []
        const {refusals, money} = document.files[0]
        const told = refusals.map(({line, column}: {line: number; column: string | null}) =>
          `${line} ${column ?? ''}`.trim(),
        )
        expect(told).to.deep.equal(refused)
        expect(code).to.equal(refused.length > 0 ? 7 : 0)
        expect(document).to.include({applied: truth.applied, replayed: truth.replayed ?? 0, refused: refused.length})
        expect(document.read).to.equal(truth.applied + (truth.replayed ?? 0) + refused.length)
        expect(tried?.document.files[0]).to.deep.include({refusals, money, balances: document.files[0].balances})
        expect(again.document).to.include({read: document.read, applied: 0})
        if (unmended === null) expect(refused).to.deep.equal([])
        // One line alone may be refused as a whole file is, such as 1.500.
        else if (unmended.code === 2) expect(unmended.document.error.hint).to.match(/--decimal/)
        else expect(unmended.document).to.include({read: refused.length, applied: 0})
      })).timeout(60_000)
  }
}
