/** Builds dist/: the bundle, oclif's manifest, and the help pages. */

import {execFileSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import {analyzeMetafile, type BuildOptions, build} from 'esbuild'
import {writeHelp} from './help.ts'
import {unusedParts} from './unused-parts.ts'

const shared: BuildOptions = {
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node24',
  // Their tables are large and few commands need them: read from node_modules when they do.
  external: ['any-ascii', 'temporal-polyfill', 'pg-native', 'typescript'],
  legalComments: 'linked',
  logLevel: 'warning',
}

rmSync('dist', {recursive: true, force: true})
// One file in the CommonJS format starts 60 ms sooner than the same as ES modules in pieces (docs/DECISIONS.md).
const program = await build({
  ...shared,
  entryPoints: {main: 'src/main.ts'},
  outExtension: {'.js': '.cjs'},
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  charset: 'ascii',
  plugins: [unusedParts],
  banner: {js: "const __url=require('node:url').pathToFileURL(__filename).href;"},
  define: {'import.meta.dirname': '__dirname', 'import.meta.url': '__url'},
  metafile: true,
})
if (process.argv.includes('--analyze')) process.stdout.write(await analyzeMetafile(program.metafile))

// The manifest and the help are made from the commands themselves, by oclif's explicit command strategy.
await build({
  ...shared,
  entryPoints: {commands: 'src/commands/all.ts'},
  format: 'esm',
  banner: {
    js: "import {createRequire as __createRequire} from 'node:module';const require=__createRequire(import.meta.url);",
  },
})
execFileSync('oclif', ['manifest'], {stdio: ['ignore', 'ignore', 'inherit']})
await writeHelp()
