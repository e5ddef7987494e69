/** Reads the console sessions of a Markdown text, and compares what a command printed with what is shown for it. */

export interface Session {
  /** Commands that are not shown, run first. */
  readonly hidden: readonly string[]
  /** Whether it begins on a ledger of its own. */
  readonly alone: boolean
  readonly steps: readonly SessionStep[]
}

export interface SessionStep {
  readonly command: string
  /** What is shown below it; none means that it does not matter. */
  readonly shown: readonly string[]
  /** Where it is, for messages. */
  readonly line: number
}

const OWN_LEDGER = '<!-- on a ledger of its own'

/** Every ```console block, in order. */
export function consoleSessions(markdown: string): readonly Session[] {
  const lines = markdown.split('\n')
  const sessions: Session[] = []
  for (let at = 0; at < lines.length; at++) {
    if (!/^`{3,}console\s*$/.test(lines[at] ?? '')) continue
    const end = lines.indexOf('```', at + 1)
    if (end === -1) throw new Error(`The block of line ${at + 1} has no end`)
    const comment = commentBefore(lines.slice(0, at))
    sessions.push({
      hidden: comment ?? [],
      alone: comment !== null,
      steps: stepsOf(lines.slice(at + 1, end), at + 2),
    })
    at = end
  }
  return sessions
}

/** The commands of the comment right above the block; null where there is none. */
function commentBefore(lines: readonly string[]): readonly string[] | null {
  const above = lines.join('\n').trimEnd()
  const from = above.lastIndexOf(OWN_LEDGER)
  if (from === -1 || !above.endsWith('-->') || above.indexOf('-->', from) !== above.length - 3) return null
  const [, ...commands] = above.slice(from, -3).trimEnd().split('\n')
  return commands
}

function stepsOf(lines: readonly string[], first: number): readonly SessionStep[] {
  const steps: {command: string; shown: string[]; line: number}[] = []
  lines.forEach((text, at) => {
    const last = steps.at(-1)
    if (text.startsWith('$ ')) steps.push({command: text.slice(2), shown: [], line: first + at})
    else if (last === undefined) throw new Error(`Line ${first + at} shows output before any command`)
    else if (text.startsWith('> ') && last.shown.length === 0) last.command += `\n${text.slice(2)}`
    else last.shown.push(text)
  })
  return steps
}

/** The lines of the shell blocks, which are not run, that begin with `fleks`. */
export function commandsNotRun(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```(?:sh|bash|shell)\s*\n([\s\S]*?)^```$/gm)].map(([, body = '']) => body)
  return blocks.flatMap((body) => body.split('\n').filter((line) => /^(\$ )?fleks\b/.test(line)))
}

/** The exit code that the shown output tells: none for an answer; for an error, any but 0, or the one that it names. */
export function exitFits({shown}: SessionStep, exit: number): boolean {
  const error = shown.find((line) => /^(Error:|\{"error":)/.test(line))
  if (error === undefined) return exit === 0
  const named = /"exit":(\d+)/.exec(error)?.[1]
  return named === undefined ? exit !== 0 : exit === Number(named)
}

/** `…` alone on a line stands for any lines or none, within a line for any characters or none. */
export function outputFits({shown}: SessionStep, output: string): boolean {
  if (shown.length === 0) return true
  const body = shown.map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : `${lineOf(line)}[ \\t]*\\n`)).join('')
  return new RegExp(`^${body}$`).test(output === '' || output.endsWith('\n') ? output : `${output}\n`)
}

function lineOf(line: string): string {
  return line
    .trimEnd()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('.*')
}
