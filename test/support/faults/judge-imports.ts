/** Compares what runs of imports told with what is in the ledger. Pure: facts in, findings out. */

import type {Facts} from './facts.ts'
import {type Finding, finding} from './finding.ts'
import type {Imported} from './import-run.ts'

export function judgeImports(files: readonly Imported[], {entries}: Facts): readonly Finding[] {
  const there = new Set(entries.map(({note}) => note))
  return files.flatMap((file) => ofFile(file, file.lines.filter(({name}) => there.has(name)).length))
}

function ofFile({path, lines, atomic, runs}: Imported, written: number): readonly Finding[] {
  const findings: Finding[] = []
  const is = (text: string) => `${path} (${atomic ? 'all or nothing, ' : ''}${lines.length} lines) ${text}`
  for (const told of runs) {
    if (told.kind === 'hung') findings.push(finding('hung', is('hung')))
    if (told.kind === 'broken') findings.push(finding('broken', is(told.why)))
  }
  const whole = runs.some((told) => told.kind === 'ended' && told.code === 0)
  if (whole && written < lines.length)
    findings.push(finding('partial', is(`ended with 0, and ${written} lines are there`)))
  if (atomic && written > 0 && written < lines.length)
    findings.push(finding('partial', is(`is there with ${written} lines`)))
  const applied = runs.reduce((sum, told) => sum + ((told.kind === 'ended' && told.summary?.applied) || 0), 0)
  if (applied > written)
    findings.push(finding('lost', is(`has ${written} lines there, and ${applied} were told as applied`)))
  return findings
}
