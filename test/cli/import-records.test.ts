import {appendFileSync, renameSync, rmSync, truncateSync, writeFileSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'chai'
import fc from 'fast-check'
import {openFile} from '../../src/cli/import-file.ts'
import {readRecords} from '../../src/cli/import-records.ts'
import {Refusal} from '../../src/core/refusal.ts'
import {temporaryFolder} from '../support/server.ts'

const OPTIONS = {mappings: [], header: true, decimal: null}

async function placesOf(
  content: Uint8Array,
): Promise<{readonly places: readonly number[]; readonly hashes: number | null} | null> {
  const folder = await temporaryFolder()
  let close = async () => {}
  try {
    const path = join(folder, 'file.csv')
    writeFileSync(path, content)
    const file = await openFile(path, null)
    close = file.close
    const {source} = await readRecords(file, OPTIONS)
    const places: number[] = []
    for await (const records of source.batches()) places.push(...records.map(({place}) => place))
    return {places, hashes: source.hashes?.length ?? null}
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  } finally {
    await close()
    await rm(folder, {recursive: true})
  }
}

/** More than is looked at before it is read. */
const LONG = `client,amount\n${'1,5.00\n'.repeat(100_000)}`

/** How a file ends that is changed while it is read; the number of its records where nothing is noticed. */
async function changedMeanwhile(change: (path: string) => void): Promise<number | Refusal> {
  const folder = await temporaryFolder()
  const path = join(folder, 'file.csv')
  writeFileSync(path, LONG)
  const file = await openFile(path, null)
  try {
    const {source} = await readRecords(file, OPTIONS)
    let count = 0
    for await (const records of source.batches()) {
      if (count === 0) change(path)
      count += records.length
    }
    return count
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  } finally {
    await file.close()
    await rm(folder, {recursive: true})
  }
}

describe('a file that changes while it is read', () => {
  for (const [name, change] of [
    ['cut short', (path: string) => truncateSync(path, 300_001)],
    ['emptied', (path: string) => truncateSync(path, 0)],
    ['written over', (path: string) => writeFileSync(path, LONG.replaceAll('5.00', '6.00'), {flag: 'r+'})],
  ] as const) {
    it(`is not read to its end: ${name}`, async () => {
      expect(await changedMeanwhile(change)).to.include({code: 'INPUT', exit: 74})
    })
  }

  for (const [name, change] of [
    ['longer', (path: string) => appendFileSync(path, '1,7.00\n')],
    [
      'another one under its name',
      (path: string) => {
        writeFileSync(`${path}.new`, 'client,amount\n1,9.00\n')
        renameSync(`${path}.new`, path)
      },
    ],
    ['not there any more', (path: string) => rmSync(path)],
  ] as const) {
    it(`is read as it was: ${name}`, async () => {
      expect(await changedMeanwhile(change)).to.equal(100_000)
    })
  }
})

describe('the records of a file', () => {
  it('of arbitrary bytes are read or the file is refused, and nothing breaks', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uint8Array({maxLength: 300}),
        fc.constantFrom('', 'client;amount\n', '{"client":1}\n'),
        async (bytes, head) => {
          const read = await placesOf(Buffer.concat([Buffer.from(head), bytes]))

          if (read !== null) expect(read.places).to.deep.equal(read.places.map((_, at) => at))
          if (read?.hashes != null) expect(read.hashes).to.equal(read.places.length)
        },
      ),
      {numRuns: 300},
    )).timeout(60_000)

  it('are all there, whatever their number and the size of what is read at once', async () => {
    for (const count of [1, 1_999, 2_000, 2_001, 30_000]) {
      const lines = Array.from({length: count}, (_, at) => `${at};1,5;"note ""${at}"""\r\n`).join('')

      const read = await placesOf(Buffer.from(`client;amount;note\r\n${lines}`))

      expect(read?.places).to.have.length(count)
    }
  })

  it('with a field of ten megabytes, a torn end and zeros are counted as they stand', async () => {
    const content = `client,amount,note\n1,5,${'x'.repeat(10_000_000)}\n1,5,"open\n1,5,\0\n1,5`

    expect((await placesOf(Buffer.from(content)))?.places).to.have.length(4)
  })
})
