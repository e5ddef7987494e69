/** Which form the answer has. */

import {FORMATS, type Format} from '../core/screen.ts'

/** The form that a command line asks for, even where it cannot be parsed: a script that wants JSON gets JSON. */
export function formatAsked(argv: readonly string[]): Format {
  const end = argv.indexOf('--')
  const options = end === -1 ? argv : argv.slice(0, end)
  if (options.includes('--json')) return 'json'
  const inline = options.findLast((word) => word.startsWith('--format='))?.slice('--format='.length)
  const at = options.lastIndexOf('--format')
  const asked = inline ?? (at === -1 ? undefined : options[at + 1])
  return FORMATS.find((format) => format === asked) ?? 'table'
}
