/**
 * Modules outside the bundle that most runs never touch, loaded at their first use. Sources import them as usual;
 * docs/DECISIONS.md has the figures.
 */

import type {Plugin} from 'esbuild'

/** Node's own: `tls` alone is 12 ms of CPU time. */
const BUILTINS = [
  'child_process',
  'crypto',
  'dns',
  'fs/promises',
  'module',
  'perf_hooks',
  'readline',
  'stream/promises',
  'timers/promises',
  'tls',
  'zlib',
]

/**
 * Packages with large tables, read from node_modules, and what they export. By require(), because a first import()
 * brings Node's loader of ES modules along, 6 ms; and esbuild's own way to require one does not find its default.
 */
const PACKAGES: Readonly<Record<string, string>> = {
  'any-ascii': "export default require('any-ascii').default",
  'temporal-polyfill': "export const {Temporal} = require('temporal-polyfill')",
}

export const lateModules: Plugin = {
  name: 'late-modules',
  setup(build) {
    build.onResolve({filter: new RegExp(`^(node:)?(${BUILTINS.join('|')})$`)}, ({path}) => ({
      path: path.replace(/^node:/, ''),
      namespace: 'late-builtin',
    }))
    // As a prototype, because esbuild copies a module's own properties when it is imported, and so would load it.
    build.onLoad({filter: /./, namespace: 'late-builtin'}, ({path}) => ({
      contents: `module.exports = Object.create(new Proxy({}, {
        get: (_, name) => name === '__esModule' ? undefined : process.getBuiltinModule('node:${path}')[name]
      }))`,
      loader: 'js',
    }))
    const named = new RegExp(`^(${Object.keys(PACKAGES).join('|')})$`)
    build.onResolve({filter: named}, ({path, namespace}) =>
      namespace === 'late-package' ? {path, external: true} : {path, namespace: 'late-package'},
    )
    build.onLoad({filter: /./, namespace: 'late-package'}, ({path}) => ({contents: PACKAGES[path] ?? '', loader: 'js'}))
  },
}
