/** Builds dist/: the bundle, oclif's manifest, and the help pages. */

import {execFileSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import {build} from 'esbuild'
import {writeHelp} from './help.ts'

rmSync('dist', {recursive: true, force: true})
const result = await build({
  entryPoints: {main: 'src/main.ts', commands: 'src/commands/all.ts'},
  outdir: 'dist',
  bundle: true,
  // What is imported lazily becomes a file of its own, read when it is used.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'linked',
  metafile: process.argv.includes('--analyze'),
  // Of what others bring, these are never used: tracing that is off, and the driver that ours replaces.
  alias: {
    '@opentelemetry/api': './scripts/stubs/opentelemetry.ts',
    '@slonik/pg-driver': './scripts/stubs/pg-driver.ts',
  },
  external: ['pg-native', 'pg-cloudflare'],
  banner: {
    js: "import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})
if (result.metafile !== undefined) {
  const {analyzeMetafile} = await import('esbuild')
  process.stdout.write(await analyzeMetafile(result.metafile))
}
// The explicit command strategy reads dist/commands.js.
execFileSync('oclif', ['manifest'], {stdio: ['ignore', 'ignore', 'inherit']})
await writeHelp()
