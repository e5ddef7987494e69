/** Colour, where the screen has it. */

import {Chalk} from 'chalk'

type Brush = (text: string) => string

export interface Paint {
  readonly heading: Brush
  readonly quiet: Brush
  readonly strong: Brush
  readonly good: Brush
  readonly bad: Brush
}

/** The level is ours to say: chalk's own guess looks at the terminal. */
export function paintFor(colour: boolean): Paint {
  const chalk = new Chalk({level: colour ? 1 : 0})
  return {heading: chalk.bold, quiet: chalk.dim, strong: chalk.bold, good: chalk.green, bad: chalk.red}
}
