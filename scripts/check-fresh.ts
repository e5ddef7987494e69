/** Tells what is generated and out of date; run after a build. */

import {execFileSync} from 'node:child_process'
import {staleSchemas} from './json-schemas.ts'
import {readmeIsStale} from './readme-commands.ts'

const stale = [
  ...staleSchemas().map((name) => `docs/schemas/${name}`),
  ...(readmeIsStale() ? ['README.md (its command list)'] : []),
  ...(manifestIsStale() ? ['oclif.manifest.json'] : []),
]
if (stale.length > 0) {
  process.stderr.write(`Out of date: ${stale.join(', ')}\nRun: npm run generate, and commit what it writes\n`)
  process.exitCode = 1
}

/** The build has just written it: what git knows of it must be the same. */
function manifestIsStale(): boolean {
  try {
    execFileSync('git', ['diff', '--quiet', '--', 'oclif.manifest.json'])
    return false
  } catch {
    return true
  }
}
