/** Every command at once, for oclif's explicit strategy: the manifest and the help are made from it. */

import {LOADERS} from './index.ts'

export const COMMANDS = Object.fromEntries(
  await Promise.all(Object.entries(LOADERS).map(async ([id, load]) => [id, (await load()).default] as const)),
)
