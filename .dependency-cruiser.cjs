/** The import directions of docs/ARCHITECTURE.md. Type imports count: what a type names, its file depends on. */

const LAYERS = {
  commands: ['cli', 'data', 'views', 'core'],
  cli: ['data', 'server', 'core'],
  data: ['core'],
  views: ['core'],
  server: ['core'],
  core: [],
}

const directions = Object.entries(LAYERS).map(([layer, below]) => ({
  name: `${layer}-imports-${['only', ...below].join('-')}`,
  severity: 'error',
  from: {path: `^src/${layer}/`},
  to: {path: '^(src|bin|scripts|test|bench)/', pathNot: `^src/(${[layer, ...below].join('|')})/`},
}))

module.exports = {
  forbidden: [
    ...directions,
    {name: 'no-cycles', severity: 'error', from: {}, to: {circular: true}},
    {
      name: 'sql-only-in-data',
      comment: 'Whoever imports Slonik or pg can write SQL.',
      severity: 'error',
      from: {path: '^src/', pathNot: '^src/data/'},
      to: {path: 'node_modules/(slonik|@slonik|pg|pg-connection-string)/'},
    },
    {
      name: 'tables-and-colour-only-in-views',
      severity: 'error',
      from: {path: '^src/', pathNot: '^src/views/'},
      to: {path: 'node_modules/(chalk|cli-table3)/'},
    },
    {name: 'nothing-unresolved', severity: 'error', from: {path: '^src/'}, to: {couldNotResolve: true}},
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: {path: 'node_modules'},
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
}
