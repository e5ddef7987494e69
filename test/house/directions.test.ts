import {spawnSync} from 'node:child_process'
import {cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, relative} from 'node:path'
import {expect} from 'chai'

const ROOT = join(import.meta.dirname, '../..')

/** Which layer may import which, as docs/ARCHITECTURE.md says it; every other pair is planted, and must be found. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  commands: ['cli', 'data', 'views', 'core'],
  cli: ['data', 'server', 'core'],
  data: ['core'],
  views: ['core'],
  server: ['core'],
  core: [],
}
const LAYERS = Object.keys(ALLOWED)

interface Plant {
  /** The file that is planted. */
  readonly from: string
  readonly source: string
}

/** Both kinds of import: what a type names, its file depends on. */
const WRONG_DIRECTIONS: readonly Plant[] = LAYERS.flatMap((layer) =>
  LAYERS.filter((other) => other !== layer && !ALLOWED[layer]?.includes(other)).flatMap((other) => {
    const target = `../${other}/${firstFile(other)}`
    return [
      {from: `src/${layer}/planted-value-of-${other}.ts`, source: `import '${target}'\n`},
      {from: `src/${layer}/planted-type-of-${other}.ts`, source: `export type * as planted from '${target}'\n`},
    ]
  }),
)

/** SQL belongs to data, tables and colour to views. */
const WRONG_PACKAGES: readonly Plant[] = LAYERS.flatMap((layer) => [
  ...(layer === 'data' ? [] : ['slonik', 'pg', 'pg-connection-string']).map((name) => packagePlant(layer, name)),
  ...(layer === 'views' ? [] : ['chalk', 'cli-table3']).map((name) => packagePlant(layer, name)),
])

const WRONG_OTHERWISE: readonly Plant[] = [
  {from: 'src/core/planted-circle-a.ts', source: `import './planted-circle-b.ts'\n`},
  {from: 'src/core/planted-nothing.ts', source: `import './there-is-no-such-file.ts'\n`},
  {from: 'src/cli/planted-script.ts', source: `import '../../scripts/planted.ts'\n`},
]

/** A circle is reported once, at one of its files. */
const CIRCLE_END: Plant = {from: 'src/core/planted-circle-b.ts', source: `import './planted-circle-a.ts'\n`}

/** What the layers may do. */
const RIGHT: readonly Plant[] = [
  ...LAYERS.flatMap((layer) =>
    (ALLOWED[layer] ?? []).map((other) => ({
      from: `src/${layer}/planted-right-${other}.ts`,
      source: `import '../${other}/${firstFile(other)}'\n`,
    })),
  ),
  packagePlant('data', 'slonik'),
  packagePlant('views', 'chalk'),
]

function packagePlant(layer: string, name: string): Plant {
  return {from: `src/${layer}/planted-package-${name}.ts`, source: `import '${name}'\n`}
}

function firstFile(layer: string): string {
  return readdirSync(join(ROOT, 'src', layer)).find((name) => name.endsWith('.ts')) ?? ''
}

describe('the import directions', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fleks-test-'))
    for (const part of ['src', 'bin', 'package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
      cpSync(join(ROOT, part), join(folder, part), {recursive: true})
    }
    mkdirSync(join(folder, 'scripts'))
    writeFileSync(join(folder, 'scripts', 'planted.ts'), '')
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  })
  afterEach(() => rmSync(folder, {recursive: true, force: true}))

  /** The files of which something is wrong. */
  function violators(plants: readonly Plant[]): readonly string[] {
    for (const {from, source} of plants) writeFileSync(join(folder, from), source)
    const depcruise = join(ROOT, 'node_modules', '.bin', 'depcruise')
    const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src', 'bin']
    const {stdout, stderr} = spawnSync(process.execPath, [depcruise, ...args], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 100_000_000,
    })
    expect(stderr).to.equal('')
    const {violations} = JSON.parse(stdout).summary
    return [...new Set<string>(violations.map(({from}: {from: string}) => relative('.', from)))].sort()
  }

  it('are kept, and what they allow is allowed', () => {
    expect(violators(RIGHT)).to.deep.equal([])
  }).timeout(60_000)

  it('turn red for every wrong import, of a value or of a type', () => {
    const plants = [...WRONG_DIRECTIONS, ...WRONG_PACKAGES, ...WRONG_OTHERWISE]

    expect(WRONG_DIRECTIONS).to.have.length(2 * (30 - 10))
    expect(violators([...plants, CIRCLE_END])).to.deep.equal(plants.map(({from}) => from).sort())
  }).timeout(60_000)
})
