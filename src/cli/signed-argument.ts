/** Lets an argument begin with a minus, which oclif would take for a flag. */

/** What oclif knows of a command's flags, as far as it matters here. */
interface FlagKinds {
  readonly [name: string]: {readonly type: 'boolean' | 'option'}
}

/**
 * `42 -5 --reason x` with the typographic minus in `-5`, which no flag begins with and `parseSignedDecimal` reads.
 * What follows `--` and the values of flags stay as they are.
 */
export function withSignedArgument(argv: readonly string[], flags: FlagKinds): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length
  const isValue = (at: number) => {
    const before = argv[at - 1] ?? ''
    return before.startsWith('--') && flags[before.slice(2)]?.type === 'option'
  }
  return argv.map((word, at) => (at < end && /^-[\d.,]/.test(word) && !isValue(at) ? `\u2212${word.slice(1)}` : word))
}
