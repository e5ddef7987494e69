/** The password file that psql reads, too (PostgreSQL, "The Password File"): ~/.pgpass, or what PGPASSFILE names. */

import {readFileSync, statSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'

export interface Login {
  readonly host: string
  readonly port: string
  readonly database: string
  readonly user: string
}

/** The password of the first line that fits; undefined where none does. A file that others can read is not used. */
export function filedPassword({host, port, database, user}: Login): string | undefined {
  const wanted = [host, port, database, user]
  for (const line of ownText(process.env.PGPASSFILE || join(process.env.HOME || homedir(), '.pgpass')).split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    const fields = fieldsOf(line)
    if (fields.length === 5 && wanted.every((value, at) => fields[at] === '*' || fields[at] === value)) return fields[4]
  }
  return undefined
}

/** Empty where there is no such file, or none that is for this user alone. */
function ownText(path: string): string {
  try {
    const found = statSync(path)
    return found.isFile() && (found.mode & 0o077) === 0 ? readFileSync(path, 'utf8') : ''
  } catch {
    // As psql: what cannot be read has no password, and the server says that it wants one.
    return ''
  }
}

/** Colons divide; a backslash before one, or before another backslash, takes its meaning away. */
function fieldsOf(line: string): readonly string[] {
  return [...line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)]
    .slice(0, 5)
    .map(([, field = '']) => field.replace(/\\(.)/g, '$1'))
}
