/** `fleks client` alone: the help of the topic. */

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {packageRoot} from './package-root.ts'

interface Page {
  readonly text: string
  readonly topic: boolean
}

/** Prints the prerendered page (scripts/help.ts) of a topic; false where the words name none. */
export function printTopicHelp(words: readonly string[]): boolean {
  const pages: Record<string, Page> = JSON.parse(readFileSync(join(packageRoot(), 'dist', 'help.json'), 'utf8'))
  const [topic = '', ...others] = words
  const page = Object.hasOwn(pages, topic) ? pages[topic] : undefined
  if (page === undefined || !page.topic || others.length > 0) return false
  process.stdout.write(page.text)
  return true
}
