import {spawn} from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import * as z from 'zod/mini'
import {FAILURE_SCHEMA, OUTPUT_SCHEMAS} from '../../src/views/schemas.ts'
import {outcomeOf, PROGRAM, type Program, programIn} from '../support/program.ts'
import {until} from '../support/until.ts'

const ROOT = join(import.meta.dirname, '../..')

/** The program in an environment where everything of the user's would be noticed if it were touched. */
async function withDemo(work: (program: Program, demo: DemoFolder) => Promise<void>): Promise<void> {
  const program = await programIn(null)
  const folder = join(program.home, 'tmp')
  mkdirSync(folder)
  chmodSync(folder, 0o711)
  const config = join(program.home, 'config')
  mkdirSync(join(config, 'fleks'), {recursive: true})
  writeFileSync(join(config, 'fleks', 'config.json'), JSON.stringify({databaseUrl: 'postgresql://nobody@192.0.2.1/x'}))
  const env = {
    ...program.env,
    TMPDIR: folder,
    XDG_CONFIG_HOME: config,
    DATABASE_URL: 'postgresql://nobody@192.0.2.1/y',
    FLEKS_DATABASE_URL: 'postgresql://nobody@192.0.2.1/z',
    PGHOST: '192.0.2.1',
    PGUSER: 'nobody',
  }
  try {
    await work(program, {folder, env})
    expect(readdirSync(folder), 'files left behind').to.deep.equal([])
    expect(processesIn(folder), 'processes left behind').to.deep.equal([])
    expect(existsSync(join(program.home, 'data')), "the user's data directory").to.equal(false)
  } finally {
    rmSync(program.home, {recursive: true, force: true})
  }
}

interface DemoFolder {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
}

/** Command lines that name the folder, where the system shows them as Linux does. */
function processesIn(folder: string): readonly string[] {
  if (!existsSync('/proc/self/cmdline')) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandLine(pid))
    .filter((line) => line.includes(folder))
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

/** In this order, and much more in between. */
const TOLD = [
  '$ fleks config set business-name "Lotus Studio"\nbusiness-name is Lotus Studio\n',
  '$ fleks staff add Günay\n',
  '\nexamples/clients.csv: 223 lines, 223 written, 0 refused\n',
  '\nexamples/day.csv: 141 lines, 140 written, 1 refused\n  line 142: Fərid Mürsəlov has 5.00 AZN, 10.00 AZN less',
  '$ fleks client search "pet anna"\n',
  ' 1  Anna Petrova  +994 50 555 76 54    25.00  AZN',
  'Эльчин Алиев',
  'İradə Əsgərova',
  '$ fleks client search bakre --limit 2\n',
  'Tom Baker',
  '$ fleks client search 900123\n',
  '+44 7700 900123',
  '$ fleks topup "anna pet" 50 --method cash\nTop-up 1-3\n',
  'Balance  25.00 → 75.00 AZN\n',
  'Balance  75.00 → 50.00 AZN\n',
  '$ fleks pay "anna pet" 500 --staff Ina\nError: Anna Petrova has 50.00 AZN, 450.00 AZN less',
  '(exit code 5)\n',
  'Error: 2 clients match "elena ivanova"\n',
  'Елена Иванова',
  '(exit code 4)\n',
  'Top-up 25-1\n',
  '(exit code 3)\n',
  'Top-up 11-1\n',
  'Top-up 11-1 (already posted; nothing was written)\n',
  'Payment 11-2 (dry run; nothing was written)\n',
  'Balance  8 → 7 lesson\n',
  'Tom Baker (11)  100.00 AZN  7 lesson\n',
  '$ fleks history "anna pet"\n',
  '-25.00    50.00  AZN',
  '$ fleks balance\n',
  '5803.50  AZN ',
  '27 commands, 146 entries, 5803.50 AZN and 7 lesson owed',
  '  fleks --help\n',
]

describe('the demo', () => {
  it('plays a working day, twice if asked twice, and leaves nothing behind', () =>
    withDemo(async (program, {env}) => {
      const {code, stdout, stderr} = await program.run(['demo'], {env})

      expect({code, stderr}).to.deep.equal({code: 0, stderr: ''})
      let from = 0
      for (const told of TOLD) {
        const at = stdout.indexOf(told, from)
        expect(at, `${JSON.stringify(told)} in: ${stdout.slice(from)}`).to.not.equal(-1)
        from = at + told.length
      }
      expect(stdout).to.not.contain('\u001b')

      const again = await program.run(['demo', '--json'], {env})
      expect(again).to.include({code: 0, stderr: ''})
      const report = z.parse(OUTPUT_SCHEMAS.demo, JSON.parse(again.stdout))
      expect(report).to.deep.include({
        clients: 223,
        entries: 146,
        totals: [
          {unit: 'AZN', balance: '5803.50', clients: 66},
          {unit: 'lesson', balance: '7', clients: 1},
        ],
      })
      expect(report.steps.filter(({exit}) => exit !== 0)).to.deep.equal([
        {command: 'fleks pay "anna pet" 500 --staff Ina', exit: 5},
        {command: 'fleks topup "elena ivanova" 30', exit: 4},
        {command: 'fleks topup "tom bakre" 30', exit: 3},
      ])
    })).timeout(120_000)

  it('ends when its reader has seen enough', () =>
    withDemo(async (program, {env}) => {
      const line = `${JSON.stringify(process.execPath)} ${JSON.stringify(PROGRAM)} demo | head -3; echo \${PIPESTATUS[0]}`
      const {stdout, stderr} = await outcomeOf(spawn('bash', ['-c', line], {cwd: program.home, env}))

      expect(stderr).to.equal('')
      expect(stdout).to.match(/^\n── A business opens its ledger ──\n.*\n0\n$/)
    })).timeout(60_000)

  const endings = [
    ['Ctrl-C while the server is made', 'SIGINT', 130, 'data'],
    ['a termination in the middle', 'SIGTERM', 143, 'the first scene'],
  ] as const
  for (const [what, signal, exit, moment] of endings) {
    it(`cleans up after ${what}`, () =>
      withDemo(async (program, {folder, env}) => {
        const child = program.start(['demo'], {env})
        let seen = ''
        child.stdout?.on('data', (text) => {
          seen += text
        })
        const outcome = outcomeOf(child)
        await until(moment, () =>
          moment === 'data' ? readdirSync(folder).some((name) => hasData(join(folder, name))) : seen.includes('Leyla'),
        )
        child.kill(signal)

        expect((await outcome).code).to.equal(exit)
      })).timeout(60_000)
  }

  it('cleans up when nothing can be written', () =>
    withDemo(async (program, {env}) => {
      const line = `${JSON.stringify(process.execPath)} ${JSON.stringify(PROGRAM)} demo > /dev/full`
      const {code, stderr} = await outcomeOf(spawn('bash', ['-c', line], {cwd: program.home, env}))

      expect(code).to.equal(74)
      expect(stderr).to.match(/^Error: The answer could not be written: ENOSPC.*\n$/)
    })).timeout(60_000)

  it('says so when there is no place for it', () =>
    withDemo(async (program, {folder, env}) => {
      const {code, stderr} = await program.run(['demo'], {env: {...env, TMPDIR: join(folder, 'nowhere')}})

      expect(code).to.equal(9)
      expect(stderr).to.match(/^Error: No temporary folder can be made in .*nowhere\nHint: .*TMPDIR\n$/)
    }))

  const damages = [
    ['a charge that is not refused', 'day.csv', /(?<=\n).*\n$/, '', 'INTERNAL', /day\.csv has 0 refused lines, not 1$/],
    [
      'a command that fails',
      'clients.csv',
      ',20,English',
      ',,English',
      'INTERNAL',
      / --dry-run exited 2 and not 0: Error: Tom/,
    ],
    ['a file that is no CSV', 'clients.csv', 'email', '"email', 'INVALID_INPUT', /^Line 1 of .* is not CSV/],
  ] as const
  for (const [what, file, whole, damaged, refusal, told] of damages) {
    it(`fails, and cleans up, when it does not go as told: ${what}`, () =>
      withDemo(async (program, {env}) => {
        const app = join(program.home, 'app')
        for (const part of ['bin', 'dist', 'migrations', 'examples', 'package.json']) {
          cpSync(join(ROOT, part), join(app, part), {recursive: true})
        }
        symlinkSync(join(ROOT, 'node_modules'), join(app, 'node_modules'))
        const example = join(app, 'examples', file)
        writeFileSync(example, readFileSync(example, 'utf8').replace(whole, damaged))
        const child = spawn(process.execPath, [join(app, 'bin', 'run.js'), 'demo', '--json'], {env})
        const {code, stdout} = await outcomeOf(child)

        const {error} = z.parse(FAILURE_SCHEMA, JSON.parse(stdout))
        expect(error.code).to.equal(refusal)
        expect(error.message).to.match(told)
        expect(code).to.equal(error.exit)
      })).timeout(60_000)
  }
})

function hasData(folder: string): boolean {
  return existsSync(join(folder, 'data', 'cluster'))
}
