import {chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {type Program, programIn} from '../support/program.ts'

/** Needs no database. */
const QUESTION = ['db', 'url', '--json']

describe('the compiled code that is kept between runs', () => {
  let program: Program
  const folder = () => join(program.home, 'cache', 'fleks')
  const onlyFile = () => {
    const names = readdirSync(folder())
    expect(names, names.join(' ')).to.have.length(1)
    return join(folder(), names[0] ?? '')
  }

  beforeEach(async () => {
    program = await programIn('postgresql://nobody@127.0.0.1:1/none')
  })
  afterEach(() => rmSync(program.home, {recursive: true}))

  async function answers(args: readonly string[], code: number): Promise<void> {
    const outcome = await program.run(args)
    expect(outcome.code, outcome.stderr).to.equal(code)
    expect(() => JSON.parse(outcome.stdout), outcome.stdout).not.to.throw()
  }

  it('is one file for a command and a form, whatever else is said, and for this user alone', async () => {
    await answers(['pay', 'anna', '1', '--staff', 'Ina', '--json'], 9)
    await answers(['pay', 'bob', '2', '--json', '--staff', 'Ina'], 9)

    const {mode} = statSync(onlyFile())
    expect(mode & 0o777).to.equal(0o600)
  })

  it('is not used where it is damaged or of another build, and made anew', async () => {
    await answers(['pay', 'anna', '1', '--json'], 9)
    const file = onlyFile()
    const whole = readFileSync(file)
    const middle = Math.floor(whole.length / 4)

    for (const [what, bytes] of [
      ['empty', Buffer.alloc(0)],
      ['short', whole.subarray(0, 1001)],
      ['zeros', Buffer.alloc(whole.length)],
      ['a changed byte', Buffer.concat([whole.subarray(0, middle), Buffer.alloc(1, 255), whole.subarray(middle + 1)])],
      ['another build', Buffer.concat([Buffer.from('0'.repeat(64)), whole.subarray(64)])],
    ] as const) {
      writeFileSync(file, bytes)
      await answers(['pay', 'anna', '1', '--json'], 9)
      expect(readFileSync(file).equals(bytes), what).to.equal(false)
    }
  })

  it('is not used where others could have written it', async () => {
    await answers(['pay', 'anna', '1', '--json'], 9)
    const {ino} = statSync(onlyFile())

    chmodSync(onlyFile(), 0o666)
    await answers(['pay', 'anna', '1', '--json'], 9)

    expect(statSync(onlyFile())).to.deep.include({mode: 0o100600}).and.not.to.deep.include({ino})
  })

  it('is kept again after the first run that succeeds, and then left alone', async () => {
    const lives: number[] = []
    const failing = [...QUESTION, '--nonsense']
    for (const args of [failing, failing, QUESTION, QUESTION, failing]) {
      await program.run(args)
      lives.push(statSync(onlyFile()).ino)
    }

    const [failed, failedAgain, succeeded, ...later] = lives
    expect(failedAgain).to.equal(failed)
    expect(succeeded).not.to.equal(failed)
    expect(later).to.deep.equal([succeeded, succeeded])
  })

  it('is taken again by an import, which sets flags of V8 for itself', async () => {
    const file = join(program.home, 'lines.csv')
    writeFileSync(file, 'client,amount,staff\nAnna,12.50,\n')
    await answers(['import', file, '--json'], 9)
    const {ino} = statSync(onlyFile())

    await answers(['import', file, '--json'], 9)

    expect(statSync(onlyFile()).ino).to.equal(ino)
  })

  it('is not kept where that is not wanted or not possible', async () => {
    for (const env of [
      {NODE_DISABLE_COMPILE_CACHE: '1'},
      {XDG_CACHE_HOME: 'relative'},
      {XDG_CACHE_HOME: '/proc/nope'},
    ]) {
      const outcome = await program.run(['pay', 'anna', '1', '--json'], {env})

      expect(outcome.code, outcome.stderr).to.equal(9)
      expect(existsSync(folder())).to.equal(false)
    }
  })
})
