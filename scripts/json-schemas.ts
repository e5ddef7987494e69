/** Writes docs/schemas: one JSON Schema for each command's output, from the zod schemas. */

import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import * as z from 'zod/mini'
import {FAILURE_SCHEMA, OUTPUT_SCHEMAS} from '../src/views/schemas.ts'

const FOLDER = 'docs/schemas'

/** File names with their texts. */
function rendered(): ReadonlyMap<string, string> {
  const schemas = {...OUTPUT_SCHEMAS, failure: FAILURE_SCHEMA}
  return new Map(
    Object.entries(schemas).map(([command, schema]) => [
      `${command.replaceAll(' ', '-')}.json`,
      `${JSON.stringify({title: `fleks ${command} --json`, ...z.toJSONSchema(schema)}, null, 2)}\n`,
    ]),
  )
}

/** The files in docs/schemas that are not what the zod schemas say. */
export function staleSchemas(): readonly string[] {
  const wanted = rendered()
  const found = new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]))
  return [...new Set([...wanted.keys(), ...found.keys()])].filter((name) => wanted.get(name) !== found.get(name))
}

function write(): void {
  rmSync(FOLDER, {recursive: true, force: true})
  mkdirSync(FOLDER, {recursive: true})
  for (const [name, text] of rendered()) writeFileSync(join(FOLDER, name), text)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) write()
