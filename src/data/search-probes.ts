/** Where to look for clients: each probe reads a few index pages and stops early, whatever the number of clients. */

import {sql} from 'slonik'
import {nationalDigits} from '../core/phone.ts'
import {deletions, looseWord} from '../core/search-key.ts'
import type {Typed} from '../core/search-rank.ts'

type Fragment = ReturnType<typeof sql.fragment>

/** How many distinct words of the dictionary one typed word may stand for in other spellings. */
const SPELLINGS_MAX = 24
/** As a part and as a typo; the nearest are chosen among them. */
const FAR_WORDS_MAX = 150
/** A shorter phonetic form begins too much: `yaya` and `ee` are both `a`. */
const LOOSE_MIN = 3
/** A trigram index needs three letters to look anything up. */
const PART_MIN = 3

/** Ids of clients by number, code, phone, beginnings of words, and other spellings of words; at most `most` each. */
export function nearIds(typed: Typed, most: number): Fragment | null {
  const probes = [...numberProbes(typed, most), ...nameProbes(typed, most)]
  return probes.length === 0 ? null : (sql.join(probes, sql.fragment` union all `) as unknown as Fragment)
}

function numberProbes({id, codeKey, digits, localPhones}: Typed, most: number): readonly Fragment[] {
  const probes: Fragment[] = []
  if (id !== null) probes.push(sql.fragment`select id from client where id = ${id}`)
  if (codeKey !== null) probes.push(sql.fragment`select client_id from client_code where code_key = ${codeKey}`)
  if (digits !== null) {
    const national = nationalDigits(digits)
    for (const end of new Set([digits, national])) if (end !== '') probes.push(phoneEnds(end, most))
    if (national.length >= PART_MIN) {
      probes.push(sql.fragment`(select id from client where phone_digits like ${`%${national}%`} limit ${most})`)
    }
  }
  if (localPhones.length > 0) probes.push(phonesAre(localPhones, most))
  return probes
}

/** Phones that end with these digits. */
function phoneEnds(digits: string, most: number): Fragment {
  const reversed = reverse(digits)
  return sql.fragment`
    (select id from client
     where phone_digits is not null and reverse(phone_digits) collate "C" >= ${reversed}
       and reverse(phone_digits) collate "C" < ${`${reversed}:`}
     limit ${most})`
}

/** Phones with one of these digits. Ordered, or a scan that soon finds enough would seem cheaper. */
function phonesAre(all: readonly string[], most: number): Fragment {
  return sql.fragment`
    (select id from client
     where phone_digits is not null and reverse(phone_digits) collate "C" = any(${sql.array(all.map(reverse), 'text')})
     order by reverse(phone_digits) collate "C" limit ${most})`
}

function reverse(text: string): string {
  return [...text].reverse().join('')
}

function nameProbes(typed: Typed, most: number): readonly Fragment[] {
  const words = longestFirst(typed)
  if (words.length === 0) return []
  const spelled = words.map(looseRange)
  const text = (values: readonly string[]) => sql.array([...values], 'text')
  return [
    sql.fragment`
      select search_near(
        ${typed.key}, ${text(words)}, ${text(spelled.map(([from]) => from))}, ${text(spelled.map(([, to]) => to))}, ${most}::int)`,
  ]
}

/** From and to, not included: the loose words that begin like this one, or are this one where it is short. */
function looseRange(word: string): readonly [from: string, to: string] {
  const loose = looseWord(word)
  return [loose, loose.length < LOOSE_MIN ? `${loose} ` : `${loose}~`]
}

/** The longest word is the rarest guess: it is looked up first, the others sift. */
export function longestFirst({words}: Typed): readonly string[] {
  return words.map(({folded}) => folded).toSorted((a, b) => b.length - a.length)
}

/** Conditions one after another; none is no condition. */
function together(conditions: readonly Fragment[]): Fragment {
  return conditions.length === 0 ? sql.fragment`` : sql.fragment`${sql.join(conditions, sql.fragment` `)}`
}

/** The words that sound like this one, or begin so. */
function spellings(word: string): Fragment {
  const [from, to] = looseRange(word)
  return sql.fragment`select word from word where loose >= ${from} and loose < ${to} order by loose, word limit ${SPELLINGS_MAX}`
}

/** Rows of `n` and `word`: what of the dictionary each typed word, counted from 0, may be a part or a typo of. */
export function farWords(typed: Typed): Fragment {
  const probes = longestFirst(typed).flatMap((word, n) => [
    sql.fragment`select ${n}::int as n, word from (${spellings(word)}) s`,
    sql.fragment`
      select ${n}::int, word
      from (select word from word where word >= ${word} and word < ${`${word}~`} order by word limit ${FAR_WORDS_MAX}) b`,
    ...(word.length < PART_MIN
      ? []
      : [
          sql.fragment`
            select ${n}::int, word
            from (select word from word where word like ${`%${word}%`} order by length(word), word limit ${FAR_WORDS_MAX}) p`,
          typos(word, n),
        ]),
  ])
  return sql.fragment`${sql.join(probes, sql.fragment` union `)}`
}

function typos(word: string, n: number): Fragment {
  const variants = [...new Set([...deletions(word), ...deletions(looseWord(word))])]
  const forms = sql.fragment`array(select form from word_variant where variant = any(${sql.array(variants, 'text')}))`
  return sql.fragment`
    select ${n}::int, word
    from (
      select word from word where word = any(${forms})
      union
      (select word from word where loose = any(${forms}) limit ${FAR_WORDS_MAX})
    ) t`
}

/** Ids of clients that have one of these words, the first ones first. */
export function idsByWord(words: readonly string[], most: number): Fragment {
  return sql.fragment`
    select w.client_id as id
    from unnest(${sql.array([...words], 'text')}) with ordinality d (word, n)
    cross join lateral (select client_id from client_word w where w.word = d.word order by w.other, w.client_id limit ${most}) w
    limit ${2 * most}`
}

/** Ids of clients that have both words of one of these pairs, and one of each of the further lists. */
export function idsByPair(
  pairs: readonly (readonly [string, string])[],
  rest: readonly (readonly string[])[],
  most: number,
): Fragment {
  const others = rest.map(
    (words) => sql.fragment`
      and exists (select from client_word r
        where r.word = p.word and r.other = any(${sql.array([...words], 'text')}) and r.client_id = w.client_id)`,
  )
  return sql.fragment`
    select w.client_id as id
    from unnest(${sql.array(
      pairs.map(([word]) => word),
      'text',
    )}, ${sql.array(
      pairs.map(([, other]) => other),
      'text',
    )}) with ordinality p (word, other, n)
    cross join lateral (
      select w.client_id from client_word w
      where w.word = p.word and w.other = p.other ${together(others)}
      order by w.client_id limit ${most}) w
    limit ${2 * most}`
}
