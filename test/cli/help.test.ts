import {existsSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {LOADERS} from '../../src/commands/index.ts'
import {type Program, programIn} from '../support/program.ts'

const ROOT = join(import.meta.dirname, '../..')
const {topics}: {readonly topics: Readonly<Record<string, object>>} = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
).oclif
const COMMANDS = Object.keys(LOADERS).map((id) => id.split(':'))

/** Runs `fleks` so many times at once, for each. */
async function forEach<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += 4) await Promise.all(all.slice(at, at + 4).map(work))
}

describe('the help', () => {
  let program: Program
  before(async () => {
    program = await programIn(null)
  })
  after(() => rmSync(program.home, {recursive: true, force: true}))

  async function page(args: readonly string[]): Promise<string> {
    const {code, stdout, stderr} = await program.run(args)
    expect({code, stderr}, args.join(' ')).to.deep.equal({code: 0, stderr: ''})
    return stdout
  }

  it('is the same by -h, --help and help, on every level', () =>
    forEach([[], ...Object.keys(topics).map((topic) => [topic]), ...COMMANDS], async (words) => {
      const long = await page([...words, '--help'])

      expect(await page([...words, '-h']), words.join(' ')).to.equal(long)
      expect(await page(['help', ...words]), words.join(' ')).to.equal(long)
      expect(long, words.join(' ')).to.match(/^USAGE$/m)
    })).timeout(60_000)

  it('says of every command what it does, what each flag means, and gives examples', () =>
    forEach(COMMANDS, async (words) => {
      const text = await page([...words, '--help'])

      expect(text, words.join(' ')).to.match(/^\S.+\n\nUSAGE\n {2}\$ fleks /)
      expect(text, words.join(' ')).to.match(/^EXAMPLES\n {2}\$ fleks /m)
      expect(text, words.join(' ')).to.not.contain('<%=')
      const undescribed = [...text.matchAll(/^ {2}(?:-\w, | {4})?--[\w-]+(?:=\S+)?$/gm)].map(([flag]) => flag)
      expect(
        undescribed.filter((flag) => !describedBelow(text, flag)),
        words.join(' '),
      ).to.deep.equal([])
    })).timeout(60_000)

  it('lists every command under its topic, and the exit codes', async () => {
    const top = await page([])
    for (const words of COMMANDS) {
      const [first = '', second] = words
      // A command that has others below it names them in its own help.
      const topic = COMMANDS.some(([name, below]) => name === first && below === undefined)
        ? [first, '--help']
        : [first]
      expect(second === undefined ? top : await page(topic)).to.match(new RegExp(`^ {2}${words.join(' ')} +\\S`, 'm'))
    }
    expect(top).to.match(/^EXIT CODES\n {4}0 {2}done, or replayed$/m)
  }).timeout(60_000)

  it('needs no database', () => expect(existsSync(join(program.home, 'data'))).to.equal(false))
})

/** A long flag stands alone on its line, and its meaning on the next. */
function describedBelow(text: string, flag: string): boolean {
  const lines = text.split('\n')
  return /^ {6,}\S/.test(lines[lines.indexOf(flag) + 1] ?? '')
}
