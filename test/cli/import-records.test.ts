import {writeFileSync} from 'node:fs'
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
  try {
    const path = join(folder, 'file.csv')
    writeFileSync(path, content)
    const file = await openFile(path, null)
    const {source} = await readRecords(file, OPTIONS)
    const places: number[] = []
    for await (const records of source.batches()) places.push(...records.map(({place}) => place))
    return {places, hashes: source.hashes?.length ?? null}
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  } finally {
    await rm(folder, {recursive: true})
  }
}

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
