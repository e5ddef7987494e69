/**
 * Runs what README.md shows. How its blocks are marked:
 * - ```console is a session: a line that begins with `$ ` is a command (going on in lines that begin with `> `), and the
 *   lines below it are what it prints, stdout and stderr together. `…` alone on a line stands for any lines or none, within a
 *   line for any characters or none. With nothing below it, any output will do.
 * - A command must succeed, unless what is shown for it begins with `Error:` or `{"error":`; then it must fail, with the
 *   exit code that is shown as `"exit":5`.
 * - All sessions run one after another in one shell, on one fresh home, in a folder with a copy of examples/.
 * - A session below the comment `<!-- on a ledger of its own -->` has a fresh home instead. Further lines of that comment
 *   are commands that are run first and not shown.
 * - ```sh is not run: installing, other servers, and other programs such as npm and psql. What it shows of fleks must at
 *   least be commands that there are.
 */

import {spawn} from 'node:child_process'
import {readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {LOADERS} from '../../src/commands/index.ts'
import {
  commandsNotRun,
  consoleSessions,
  exitFits,
  outputFits,
  type Session,
  type SessionStep,
} from '../support/console-session.ts'
import {outcomeOf, type Program, programIn} from '../support/program.ts'
import {withShellHome} from '../support/shell-home.ts'

const README = join(import.meta.dirname, '../../README.md')

/** Throws with every command that is not as shown. */
async function play(sessions: readonly Session[]): Promise<void> {
  const together = sessions.filter(({alone}) => !alone)
  for (const group of [together, ...sessions.filter(({alone}) => alone).map((session) => [session])]) {
    if (group.length > 0) await playTogether(group)
  }
}

async function playTogether(sessions: readonly Session[]): Promise<void> {
  const program = await programIn(null)
  try {
    await withShellHome(program, async (shell) => {
      const steps = sessions.flatMap(({hidden, steps}) => [...hidden.map(hiddenStep), ...steps])
      const outputs = await inOneShell(shell, steps)
      const wrong = steps.flatMap((step, at) => {
        const {output, exit} = outputs[at] ?? {output: '', exit: -1}
        if (exitFits(step, exit) && outputFits(step, output)) return []
        return `README line ${step.line}: ${step.command}\nexited ${exit} and printed:\n${output}and not:\n${step.shown.join('\n')}\n`
      })
      if (wrong.length > 0) throw new Error(wrong.join('\n'))
    })
  } finally {
    await program.run(['db', 'stop'])
    rmSync(program.home, {recursive: true, force: true})
  }
}

function hiddenStep(command: string): SessionStep {
  return {command, shown: [], line: 0}
}

const MARK = '\u001e'

/** Runs the commands one after another in one shell, so that `cd` and variables last. */
async function inOneShell({env, home}: Program, steps: readonly SessionStep[]) {
  const script = steps.map(({command}) => `{ ${command}\n} </dev/null 2>&1; printf '${MARK}%d${MARK}' $?`).join('\n')
  const child = spawn('bash', ['-c', script], {cwd: join(home, 'work'), env})
  const {stdout, stderr} = await outcomeOf(child)
  expect(stderr, 'the shell itself').to.equal('')
  const parts = stdout.split(MARK)
  return steps.map((_, at) => ({output: parts[2 * at] ?? '', exit: Number(parts[2 * at + 1] ?? -1)}))
}

async function failureOf(markdown: string): Promise<string> {
  try {
    await play(consoleSessions(markdown))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return 'it passed'
}

describe('README.md', () => {
  it('shows what really happens', () => play(consoleSessions(readFileSync(README, 'utf8')))).timeout(120_000)

  it('names only commands that there are, also where they are not run', () => {
    expect(unknownCommands(readFileSync(README, 'utf8'))).to.deep.equal([])
  })
})

/** Of the lines that are not run, those that name no command. */
function unknownCommands(markdown: string): readonly string[] {
  return commandsNotRun(markdown).filter((line) => {
    const [first = '', second = ''] = line.replace(/^(\$ )?fleks */, '').split(/\s+/)
    return !first.startsWith('-') && !(first in LOADERS) && !(`${first}:${second}` in LOADERS)
  })
}

const GOOD = `
# A text

\`\`\`sh
npm install
\`\`\`

\`\`\`console
$ fleks client add "Anna Petrova" --default-price 12.50
…
$ X=anna; cd examples
\`\`\`

<!-- on a ledger of its own
fleks client add Anna
fleks topup 1 7
-->

\`\`\`console
$ fleks balance 1
Anna (1)  7.00 AZN
\`\`\`

<!-- another comment -->
\`\`\`console
$ head -1 clients.csv
name,phone,…
$ fleks topup $X \\
> 50
Top-up 1-1
  Client   Anna Petrova (1)
  Amount   +50.00 AZN
…
$ fleks balance anna --json
{"client":{"id":1,…"balance":"50.00"}]}
$ fleks balance nobody
Error: There is no client "nobody"…
Hint: …
$ fleks balance nobody --json
{"error":{"code":"CLIENT_NOT_FOUND",…"exit":3,…}}
\`\`\`
`

describe('the README runner', () => {
  it('runs sessions in one shell, and those on a ledger of their own apart', () => play(consoleSessions(GOOD))).timeout(
    120_000,
  )

  it('finds what is not as shown', async () => {
    const shown: readonly (readonly [what: string, session: string])[] = [
      ['another value', '$ echo 12.50\n12.5'],
      ['a dot is no wildcard', '$ echo 12x50\n12.50'],
      ['a line too many', '$ echo a; echo b\na'],
      ['a line too few', '$ echo a\na\nb'],
      ['a failure', '$ false'],
      ['a success shown as a failure', '$ echo "Error: x"\nError: x'],
      ['another exit code', '$ echo \'{"error":{"exit":5}}\'; (exit 6)\n{"error":{"exit":5}}'],
      ['a shell that ends', '$ exit 0\n$ true'],
    ]
    for (const [what, session] of shown) {
      expect(await failureOf(`\`\`\`console\n${session}\n\`\`\``), what).to.match(/^README line \d+: /)
    }
  }).timeout(60_000)

  it('finds commands that there are not in blocks that are not run', () => {
    const markdown =
      '```sh\nnpm ci && fleks demo\nfleks topup 1 5\nfleks top 1 5\n$ fleks db stop # now\nfleks db halt\n```'
    expect(unknownCommands(markdown)).to.deep.equal(['fleks top 1 5', 'fleks db halt'])
  })

  it('refuses a block without an end, and output without a command', () => {
    expect(() => consoleSessions('```console\n$ x\n')).to.throw('The block of line 1 has no end')
    expect(() => consoleSessions('```console\nx\n```')).to.throw('Line 2 shows output before any command')
  })
})
