/** What every answer of the program is held to, whatever it was asked. */

import {expect} from 'chai'
import * as z from 'zod/mini'
import {formatAsked} from '../../src/cli/format.ts'
import {FAILURE_SCHEMA, OUTPUT_SCHEMAS} from '../../src/views/schemas.ts'

interface Answer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Everything that controls a terminal, but our own line ends and, in CSV, RFC 4180's. */
const HARMFUL =
  /(?!\r?\n)[\p{Cc}\p{Surrogate}\p{Noncharacter_Code_Point}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const COLOURS = /\x1b\[(?:1|2|22|31|32|39)m/g
const STACK = /\n\s+at .+:\d+/
const REFUSAL_MAX = 2048

/** As `fleks` is called, without the secrets that must not come out of it. */
interface Asked {
  readonly id: string
  readonly rest: readonly string[]
  readonly secret?: string
}

export function expectTame({id, rest, secret}: Asked, {code, stdout, stderr}: Answer): void {
  const all = stdout + stderr
  const format = formatAsked(rest)
  const what = `exit ${code}: ${all.slice(0, 500)}`
  expect(code, what).to.not.be.oneOf([null, 1])
  expect(all, what).to.not.match(STACK)
  // CSV is for programs, and holds what the ledger holds.
  const shown = (format === 'csv' ? stderr : all).replaceAll(COLOURS, '')
  expect(shown, `${what}: ${JSON.stringify(HARMFUL.exec(shown)?.[0])}`).to.not.match(HARMFUL)
  if (secret !== undefined) expect(all, what).to.not.contain(secret)
  const isReport = code !== 0 && /^\s*(\{"(ok|user|client)"|CHECK|.*CHECK)/.test(stdout)
  if (code !== 0 && !isReport) expect(all.length, what).to.be.at.most(REFUSAL_MAX)
  if (format === 'json') expectDocument(id, stdout, code, what)
  if (format === 'table' && code !== 0 && code !== 7 && !isReport) expect(stderr, what).to.match(/^Error: .+\n/)
}

function expectDocument(id: string, stdout: string, code: number | null, what: string): void {
  const document: unknown = JSON.parse(stdout)
  expect(stdout.endsWith('\n') && !stdout.trimEnd().includes('\n'), what).to.equal(true)
  const failed = typeof document === 'object' && document !== null && 'error' in document
  const outputs: Readonly<Record<string, z.ZodMiniType>> = OUTPUT_SCHEMAS
  const schema = failed ? FAILURE_SCHEMA : outputs[id.replaceAll(':', ' ')]
  if (schema === undefined) throw new Error(`src/views/schemas.ts has no schema for ${id}`)
  const {error} = z.safeParse(schema, document)
  expect(error, `${what}: ${error?.message}`).to.equal(undefined)
  // The exit code of a batch is about all its lines, of which this is one's answer.
  if (failed && code !== 7) expect((document as {error: {exit: number}}).error.exit, what).to.equal(code)
}
