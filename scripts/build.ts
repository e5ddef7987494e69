/** Builds dist/: the bundle, oclif's manifest, and the help pages. */

import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import {analyzeMetafile, type BuildOptions, build} from 'esbuild'
import {LOADERS} from '../src/commands/index.ts'
import {writeHelp} from './help.ts'
import {lateModules} from './late-modules.ts'
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
// One file in the CommonJS format, as a function for bin/run.js to call, starts 60 ms sooner than the same as ES modules in pieces (docs/DECISIONS.md).
const program = await build({
  ...shared,
  entryPoints: {main: 'src/main.ts'},
  outExtension: {'.js': '.cjs'},
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  charset: 'ascii',
  // bin/run.js brings require() alone.
  supported: {'dynamic-import': false},
  plugins: [unusedParts, lateModules],
  banner: {
    js: "(function(exports,require,module,__filename,__dirname){const __url=require('node:url').pathToFileURL(__filename).href;",
  },
  footer: {js: '})'},
  define: {'import.meta.dirname': '__dirname', 'import.meta.url': '__url'},
  metafile: true,
})
if (process.argv.includes('--analyze')) process.stdout.write(await analyzeMetafile(program.metafile))

// The charset holds for all but regular expressions: bin/run.js, which reads bytes as characters, saw others in them.
const bundle = readFileSync('dist/main.cjs', 'utf8').replace(
  /[^\0-\x7f]/g,
  (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
)
// bin/run.js tells by it whose compiled code it has kept.
const digest = createHash('sha256').update(bundle).digest('hex')
writeFileSync('dist/main.cjs', `/*${digest} ${Object.keys(LOADERS).join(' ')}*/${bundle}`)

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
