import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {setTimeout as sleep} from 'node:timers/promises'
import {expect} from 'chai'
import {withExampleBusiness} from '../support/example-business.ts'
import {outcomeOf, programIn} from '../support/program.ts'
import {withShellHome} from '../support/shell-home.ts'

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
const PATIENCE_MS = 20_000

describe('fleks batch in a pipe', () => {
  it('tells what is committed while its input stays open, also within a line', () =>
    withExampleBusiness(async ({url, sql}) => {
      const program = await programIn(url)
      const child = program.start(['batch'])
      const answers: number[] = []
      createInterface({input: child.stdout ?? process.stdin}).on('line', () => answers.push(performance.now()))
      const until = async (count: number) => {
        const end = performance.now() + PATIENCE_MS
        while (answers.length < count && performance.now() < end) await sleep(2)
        expect(answers).to.have.length(count)
      }
      const line = (n: number) => `${JSON.stringify({op: 'topup', client: 42, amount: '1', reference: `p-${n}`})}\n`

      child.stdin?.write(line(1) + line(2) + line(3) + line(4).slice(0, 30))
      await until(3)
      const [row] = await sql(`select count(*)::int as posted from entry where reference like 'p-%'`)
      child.stdin?.write(line(4).slice(30))
      await until(4)
      const delays: number[] = []
      for (let n = 5; n < 25; n++) {
        const posted = committed(sql, `p-${n}`)
        child.stdin?.write(line(n))
        const at = await posted
        await until(n)
        delays.push((answers[n - 1] ?? 0) - at)
      }
      child.stdin?.end()
      const [code] = await once(child, 'close')

      expect(row?.posted).to.equal(3)
      expect(code).to.equal(0)
      // On a machine that does nothing else it is there before we can look; any waiting for more lines would show.
      expect(delays.toSorted((a, b) => a - b)[10]).to.be.lessThan(50)
    })).timeout(60_000)

  it('serves a shell as its coprocess, as the README shows', () =>
    withExampleBusiness(async ({url}) => {
      const block = [...README.matchAll(/```sh\n(.*?)```/gs)]
        .map(([, text = '']) => text)
        .find((text) => /^coproc/.test(text))
      const script = `set -e\n${block}\nprintf '%s\\n' "$answer"\nexec {FLEKS[1]}>&-\nwait "$FLEKS_PID"\n`

      await withShellHome(await programIn(url), async ({env, home}) => {
        const {spawn} = await import('node:child_process')
        const {code, stdout, stderr} = await outcomeOf(spawn('bash', ['-c', script], {cwd: home, env}))

        expect(stderr).to.equal('')
        expect(JSON.parse(stdout).entry).to.include({amount: '20.00', reference: 'bank-1'})
        expect(code).to.equal(0)
      })
    })).timeout(60_000)
})

type Sql = (text: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>

/** When an entry could first be seen by another connection. */
async function committed(sql: Sql, reference: string): Promise<number> {
  const end = performance.now() + PATIENCE_MS
  while (performance.now() < end) {
    const rows = await sql('select 1 from entry where reference = $1', [reference])
    if (rows.length > 0) return performance.now()
  }
  throw new Error(`${reference} was not posted`)
}
