/** Reads the demo's example files, the first line naming the columns. */

import {readFileSync} from 'node:fs'
import {CsvReader} from '../../core/csv-reader.ts'
import {Refusal} from '../../core/refusal.ts'

export type Row = Readonly<Record<string, string>>

/** Every line as a record, an empty cell as ''. Refused (INVALID_INPUT): a file that is not such a CSV. */
export function readRows(path: string): readonly Row[] {
  const reader = new CsvReader(',')
  // A spreadsheet may have put a byte order mark in front.
  const records = [...reader.push(readFileSync(path, 'utf8').replace(/^\ufeff/, '')), ...reader.end()]
  const [header, ...lines] = records
  if (header === undefined) return []
  if (header.problem !== null) throw malformed(path, 1)
  const columns = header.cells
  return lines.map(({line, cells, problem}) => {
    if (problem !== null || cells.length !== columns.length) throw malformed(path, line)
    return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']))
  })
}

function malformed(path: string, line: number): Refusal {
  return new Refusal('INVALID_INPUT', `Line ${line} of ${path} is not CSV with the columns of its first line`, {
    hint: 'Install fleks anew: its example files are damaged',
  })
}
