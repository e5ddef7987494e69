/** A home in which a shell finds `fleks` on its PATH, and the example files in its working folder `work`. */

import {chmodSync, cpSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {PROGRAM, type Program} from './program.ts'

const EXAMPLES = join(import.meta.dirname, '../../examples')

export async function withShellHome<T>(program: Program, work: (program: Program) => Promise<T>): Promise<T> {
  const bin = join(program.home, 'bin')
  mkdirSync(bin, {recursive: true})
  writeFileSync(join(bin, 'fleks'), `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`)
  chmodSync(join(bin, 'fleks'), 0o755)
  cpSync(EXAMPLES, join(program.home, 'work', 'examples'), {recursive: true})
  return work({...program, env: {...program.env, PATH: `${bin}:${program.env.PATH}`}})
}
