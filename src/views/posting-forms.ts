/** A posting in the forms that commands show. */

import type {Posting} from '../core/entry.ts'
import type {Screen} from '../core/screen.ts'
import type {Unit} from '../core/unit.ts'
import {postingJson} from './entry-json.ts'

export function postingForms(posting: Posting, ownUnit: Unit) {
  return {
    json: () => postingJson(posting, ownUnit),
    text: async (screen: Screen) => (await import('./posting-text.ts')).postingText(posting, screen),
  }
}
