/** The schema that this program reads and writes, and the refusal of any other. */

import {Refusal} from '../core/refusal.ts'

/** The number of the newest file in migrations/; a test keeps the two equal. */
export const SCHEMA_VERSION = 7

/** Null when `found`, the newest migration that was applied, is the one this program is made for. */
export function schemaRefusal(found: number | null): Refusal | null {
  if (found === SCHEMA_VERSION) return null
  const details = {found, needed: SCHEMA_VERSION}
  if (found === null) {
    return new Refusal('SCHEMA_OUTDATED', 'This database has no fleks schema yet', {
      hint: 'Create it with: fleks db migrate',
      details,
    })
  }
  if (found < SCHEMA_VERSION) {
    return new Refusal(
      'SCHEMA_OUTDATED',
      `The database's schema is version ${found}, this fleks needs ${SCHEMA_VERSION}`,
      {
        hint: 'Bring it up to date with: fleks db migrate',
        details,
      },
    )
  }
  return new Refusal(
    'SCHEMA_OUTDATED',
    `The database's schema is version ${found}, newer than the ${SCHEMA_VERSION} this fleks knows`,
    {
      hint: 'Install the newer fleks: npm install -g fleks@latest',
      details,
    },
  )
}
