/** A command that does not exist: what it may have meant, never run. */

import {Refusal} from '../core/refusal.ts'
import {nearest} from '../core/similarity.ts'
import {quoted} from '../core/text.ts'

/** `ids` as oclif writes them: `client:add`. */
export function unknownCommand(words: readonly string[], ids: readonly string[]): Refusal {
  const names = ids.map((id) => id.replaceAll(':', ' '))
  const topics = [...new Set(names.flatMap((name) => (name.includes(' ') ? [name.split(' ')[0] ?? ''] : [])))]
  const typed = words.filter((word) => !word.startsWith('-'))
  const [first = ''] = typed
  const text = topics.includes(first) ? typed.slice(0, 2).join(' ') : first
  const suggestions = nearest(text, topics.includes(first) ? names : [...names, ...topics])
  return new Refusal('UNKNOWN_COMMAND', text === '' ? 'No command was named' : `There is no command ${quoted(text)}`, {
    hint: suggestions.length === 0 ? 'See them all: fleks --help' : `Did you mean: fleks ${suggestions[0]}?`,
    details: {suggestions},
  })
}
