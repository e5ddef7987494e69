/** Everything that must be green before a commit, one line each; the output only of what is red. */

import {spawnSync} from 'node:child_process'

const CHECKS = ['check:types', 'check:lint', 'check:directions', 'check:unused', 'check:fresh', 'test:unit']

let red = 0
for (const name of CHECKS) {
  const {status, stdout, stderr} = spawnSync('npm', ['run', '--silent', name], {encoding: 'utf8'})
  const green = status === 0
  process.stdout.write(`${green ? 'ok ' : 'RED'} ${name}\n`)
  if (!green) {
    red++
    process.stdout.write(`${stdout}${stderr}\n`)
  }
}
process.exitCode = red === 0 ? 0 : 1
