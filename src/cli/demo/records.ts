/** Reads the demo's example files: CSV as RFC 4180 describes it, the first line naming the columns. */

import {readFileSync} from 'node:fs'
import {Refusal} from '../../core/refusal.ts'

export type Row = Readonly<Record<string, string>>

const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y

/** Every line as a record, an empty cell as ''. Refused (INVALID_INPUT): a file that is not such a CSV. */
export function readRows(path: string): readonly Row[] {
  const [columns = [], ...lines] = readLines(path)
  return lines.map((cells, at) => {
    if (cells.length !== columns.length) throw malformed(path, at + 2)
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']))
  })
}

function readLines(path: string): readonly (readonly string[])[] {
  // A spreadsheet may have put a byte order mark in front.
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '')
  const lines: string[][] = []
  let cells: string[] = []
  for (let from = 0; from < text.length; from = CELL.lastIndex) {
    CELL.lastIndex = from
    const match = CELL.exec(text)
    if (match === null) throw malformed(path, lines.length + 1)
    const [, quoted, plain = '', end] = match
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    lines.push(cells)
    cells = []
  }
  return lines
}

function malformed(path: string, line: number): Refusal {
  return new Refusal('INVALID_INPUT', `Line ${line} of ${path} is not CSV with the columns of its first line`, {
    hint: 'Install fleks anew: its example files are damaged',
  })
}
