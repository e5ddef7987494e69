/** Everything that is made from the ledger and not kept in its file, as one number: keys, codes and words to find by. */

import {type CommonQueryMethods, sql} from 'slonik'
import * as z from 'zod/mini'

/** Equal where every client is found by the same words, codes, phones and names. */
export async function derivedSum(db: CommonQueryMethods): Promise<string> {
  const {sum} = await db.one(sql.type(z.object({sum: z.string()}))`
    select concat_ws(' ',
      (select sum(hashtextextended((word || ' ' || other || ' ' || client_id) collate "C", 0)::numeric) from client_word),
      (select sum(hashtextextended((code_key || ' ' || client_id) collate "C", 0)::numeric) from client_code),
      (select sum(hashtextextended(concat_ws(' ', id, search_key, phone_digits) collate "C", 0)::numeric)
       from client),
      (select sum(hashtextextended(concat_ws(' ', id, search_key) collate "C", 0)::numeric) from staff)) as sum`)
  return sum
}
