/** What our commands read of oclif's Config, without its search for plugins, commands and settings: all known when fleks is built. */

import type {Interfaces} from '@oclif/core'
import packageJson from '../../package.json' with {type: 'json'}

const used: Partial<Interfaces.Config> = {
  name: packageJson.name,
  version: packageJson.version,
  bin: packageJson.oclif.bin,
  dirname: packageJson.oclif.dirname,
  root: import.meta.dirname,
  topicSeparator: ' ',
  valid: true,
  userAgent: `${packageJson.name}/${packageJson.version}`,
  plugins: new Map(),
  /** No plugin, no hook. */
  runHook: async () => ({failures: [], successes: []}),
}

/** Importing the whole of oclif's own costs 8 ms at every start (docs/DECISIONS.md). */
export const lightConfig = used as Interfaces.Config
