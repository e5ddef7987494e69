/** How many columns a text takes on a terminal. */

/** Letters of Latin, Greek and Cyrillic, and the signs around them: one column each, and none joins another. */
const PLAIN =
  /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2015\u2018-\u201f\u2026\u2116\u2192\u2500]*$/

let measure: ((text: string) => number) | null = null

/** To be awaited before texts like `sample` are measured. string-width takes 20 ms to load, and most texts are plain. */
export async function learnWidths(sample: string): Promise<void> {
  if (measure === null && !PLAIN.test(sample)) measure = (await import('string-width')).default
}

/** Columns of a text without line breaks. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length
  // Not learnt: a table may be askew, but showing what was committed must never fail.
  return measure === null ? [...text].length : measure(text)
}
