/** What the server says of itself. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'

/** Such as `18.4`. */
export async function readServerVersion(db: CommonQueryMethods): Promise<string> {
  const {version} = await db.one(
    sql.type(z.object({version: z.string()}))`select current_setting('server_version') as version`,
  )
  return version
}
