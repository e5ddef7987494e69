/** A real terminal for the program: a pseudo-terminal made by util-linux's `script`, typed into and read as text. */

import {spawn, spawnSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {stripVTControlCharacters} from 'node:util'
import {PROGRAM, type Program} from './program.ts'

export const KEYS = {
  ctrlC: '\x03',
  ctrlD: '\x04',
  ctrlU: '\x15',
  ctrlZ: '\x1a',
  down: '\x1b[B',
  enter: '\r',
  tab: '\t',
} as const

interface Size {
  readonly columns: number
  readonly rows: number
}

interface Closed {
  readonly code: number | null
  /** Everything that was shown, without escape sequences, carriage returns and spaces at the ends of lines. */
  readonly text: string
  /** As it came. */
  readonly raw: string
  /** What a terminal left behind must be: reading lines, echoing, and with its cursor shown. */
  readonly sane: boolean
}

export interface Terminal {
  /** Waits until the terminal shows this, after whatever was typed last. */
  readonly shows: (text: string) => Promise<void>
  readonly type: (keys: string) => void
  /** Waits until the program has ended. */
  readonly closed: () => Promise<Closed>
}

const LIMIT_MS = 20_000
const SETTINGS = '@@settings@@'

/** Only util-linux's `script` takes a command and answers with its exit code in this way; BSD's differs. */
export function hasTerminal(): boolean {
  return /util-linux/.test(String(spawnSync('script', ['--version'], {encoding: 'utf8'}).stdout))
}

/** Runs a line of bash, in which `fleks` is the program, in a terminal of its own. */
export function openTerminal(program: Program, line: string, size: Size = {columns: 100, rows: 30}): Terminal {
  const file = join(program.home, 'session.sh')
  const fleks = `fleks() { ${JSON.stringify(process.execPath)} ${JSON.stringify(PROGRAM)} "$@"; }`
  const session = [
    `stty cols ${size.columns} rows ${size.rows}`,
    fleks,
    line,
    'code=$?',
    `printf '${SETTINGS}'`,
    'stty -a',
    'exit $code',
  ]
  writeFileSync(file, `${session.join('\n')}\n`)
  const child = spawn('script', ['-q', '-f', '-e', '-c', `bash '${file}'`, '/dev/null'], {
    cwd: program.home,
    env: {TERM: 'xterm-256color', LANG: 'C.UTF-8', ...program.env},
  })
  let raw = ''
  let typedAt = 0
  let noticed = () => {}
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      resolve(code)
      noticed()
    })
  })
  child.stdin.on('error', () => {})
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      raw += text
      noticed()
    })
  }

  /** Looks again whenever something is shown, until `found` says yes. */
  const until = (found: () => boolean, missing: string) =>
    new Promise<void>((resolve, reject) => {
      const give = (error?: Error) => {
        clearTimeout(limit)
        noticed = () => {}
        if (error === undefined) resolve()
        else reject(error)
      }
      const limit = setTimeout(() => {
        child.kill('SIGKILL')
        give(new Error(`Not ${missing} within ${LIMIT_MS / 1000} s:\n${plain(raw)}`))
      }, LIMIT_MS)
      const look = () => {
        if (found()) give()
        else if (child.exitCode !== null) give(new Error(`It ended, and not ${missing}:\n${plain(raw)}`))
      }
      noticed = look
      look()
    })

  return {
    shows: (text) => until(() => plain(raw.slice(typedAt)).includes(text), `shown: ${text}`),
    type: (keys) => {
      typedAt = raw.length
      child.stdin.write(keys)
    },
    closed: async () => {
      await until(() => child.exitCode !== null, 'ended')
      const [shown = '', settings = ''] = raw.split(SETTINGS)
      const cursorHidden = shown.lastIndexOf('\x1b[?25l') > shown.lastIndexOf('\x1b[?25h')
      const readsLines = / icanon\b/.test(settings) && / echo\b/.test(settings)
      return {code: await ended, text: plain(shown), raw: shown, sane: readsLines && !cursorHidden}
    },
  }
}

function plain(raw: string): string {
  return stripVTControlCharacters(raw).replaceAll('\r', '').replace(/ +\n/g, '\n')
}
