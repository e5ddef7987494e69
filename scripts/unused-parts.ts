/**
 * Parts of our dependencies that fleks never uses, and what stands in for them in the bundle. Every one costs time at
 * each start otherwise (docs/DECISIONS.md has the figures). What would be used by mistake throws.
 */

import type {Plugin} from 'esbuild'

interface UnusedPart {
  /** Whose import is meant. */
  readonly importer: RegExp
  /** The packages that it names. */
  readonly packages: readonly string[]
  /** The stand-in's source. */
  readonly contents: string
}

const never = (what: string) => `() => { throw new Error(${JSON.stringify(`${what} is not part of this bundle`)}) }`

const UNUSED: readonly UnusedPart[] = [
  {
    // Tracing is off in src/data/pool.ts.
    importer: /node_modules\/slonik\//,
    packages: ['@opentelemetry/api'],
    contents: `export const trace = {getTracer: () => ({startActiveSpan: ${never('Tracing')}})}; export const SpanStatusCode = {}`,
  },
  {
    // src/data/pool.ts brings its own driver.
    importer: /node_modules\/slonik\//,
    packages: ['@slonik/pg-driver'],
    contents: `export const createPgDriverFactory = ${never("Slonik's pg driver")}`,
  },
  {
    // Slonik describes intervals and DSNs in zod's classic form when it is loaded; we use neither.
    importer: /node_modules\/@slonik\//,
    packages: ['zod'],
    contents: `
      import {unknown} from 'zod/mini'
      const undescribed = new Proxy({}, {get: (_, name) => (name === 'parse' || name === 'safeParse' ? ${never('This schema')} : () => undescribed)})
      export const z = new Proxy({unknown}, {get: (real, name) => real[name] ?? (() => undescribed)})`,
  },
  {
    // Nothing here runs many things at once through Slonik's asynchronous row transformer.
    importer: /node_modules\/slonik\//,
    packages: ['p-queue'],
    contents: `export default class { constructor() { (${never('p-queue')})() } }`,
  },
  {
    // Plugins, user configuration, spinners and TypeScript sources: src/cli/light-config.ts looks for none of them.
    importer: /node_modules\/@oclif\/core\//,
    packages: [
      'tinyglobby',
      'minimatch',
      'lilconfig',
      'cli-spinners',
      'ansi-escapes',
      'ejs',
      'is-wsl',
      'typescript',
      'widest-line',
    ],
    contents: `module.exports = new Proxy(function () {}, {get: (_, name) => (name === '__esModule' ? false : undefined), apply: ${never('This part of oclif')}})`,
  },
  {
    // Wraps the list in oclif's own words for a missing argument; src/cli/failure.ts has ours.
    importer: /node_modules\/@oclif\/core\//,
    packages: ['wordwrap'],
    contents: 'module.exports = () => (text) => text',
  },
  {
    // Logs only where ROARR_LOG asks for it, and then what is in the queries.
    importer: /node_modules\/(slonik|@slonik)\//,
    packages: ['roarr'],
    contents: `const log = Object.assign(() => {}, {child: () => log, adopt: (work) => work(), getContext: () => ({})});
      for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal']) log[level] = log;
      export const Roarr = log`,
  },
  {
    // Spinners and coloured logs of oclif's own, help from inside a flag, arguments that are files or read from stdin.
    importer: /node_modules\/@oclif\/core\/lib\/(command|flags|args|parser\/help|parser\/parse)\.js$/,
    packages: ['./ux', '../ux', './help', './util/fs', 'node:readline'],
    contents: `const same = (_, text) => text; module.exports = {colorize: same, ux: {colorize: same, action: {}}, loadHelpClass: ${never("oclif's help")}, createInterface: ${never('Reading arguments from stdin')}}`,
  },
  {
    // src/cli/light-config.ts stands in for oclif's Config, and src/cli/failure.ts for its error reports.
    importer: /node_modules\/@oclif\/core\/lib\/(command|errors\/index)\.js$/,
    packages: ['./config', './handle'],
    contents: `module.exports = {Config: {load: ${never("oclif's Config")}}, handle: ${never("oclif's handle")}}`,
  },
  {
    // Logs what it is given when DEBUG is set, arguments and all; src/cli/failure.ts has what DEBUG may show.
    importer: /node_modules\/@oclif\/core\//,
    packages: ['debug'],
    contents: `module.exports = Object.assign(() => Object.assign(() => {}, {extend: () => () => {}, enabled: false}), {enable() {}, enabled: () => false, formatters: {}})`,
  },
  {
    // Colours and wraps oclif's own error reports; src/cli/failure.ts makes ours.
    importer: /node_modules\/@oclif\/core\//,
    packages: ['ansis', 'supports-color', 'wrap-ansi', 'clean-stack', 'indent-string', 'string-width', 'strip-ansi'],
    contents: `const same = (text) => text; module.exports = Object.assign(same, {default: same, supportsColor: {stdout: false, stderr: false}, stdout: false, stderr: false})`,
  },
]

export const unusedParts: Plugin = {
  name: 'unused-parts',
  setup(build) {
    UNUSED.forEach(({importer, packages, contents}, at) => {
      const filter = new RegExp(`^(${packages.map((name) => name.replaceAll(/[./]/g, '\\$&')).join('|')})$`)
      build.onResolve({filter}, ({importer: from, path}) =>
        importer.test(from) ? {path: `${at}:${path}`, namespace: 'unused-part'} : undefined,
      )
      build.onLoad({filter: new RegExp(`^${at}:`), namespace: 'unused-part'}, () => ({
        contents,
        loader: 'js',
        resolveDir: '.',
      }))
    })
  },
}
