/** Currencies as people write them beside an amount or over a column: ₼, руб., manat. */

import {isoDecimals} from './iso4217.ts'
import {Refusal} from './refusal.ts'
import {quoted} from './text.ts'

/** The ISO 4217 codes that a sign or word can stand for. */
const SIGNS: Readonly<Record<string, readonly string[]>> = {
  '₼': ['AZN'],
  '€': ['EUR'],
  '₽': ['RUB'],
  '₺': ['TRY'],
  '₾': ['GEL'],
  '₸': ['KZT'],
  '₴': ['UAH'],
  '₹': ['INR'],
  '₩': ['KRW'],
  '₪': ['ILS'],
  '₫': ['VND'],
  '₦': ['NGN'],
  '₱': ['PHP'],
  '₮': ['MNT'],
  '£': ['GBP', 'EGP', 'LBP'],
  '¥': ['JPY', 'CNY'],
  $: ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN', 'ARS', 'CLP', 'COP'],
}
const WORDS: readonly (readonly [codes: readonly string[], words: readonly string[]])[] = [
  [
    ['AZN', 'TMT'],
    ['ман', 'манат', 'манатов', 'манаты', 'man', 'manat'],
  ],
  [
    ['RUB', 'BYN'],
    ['р', 'руб', 'рубль', 'рублей', 'рубли'],
  ],
  [['EUR'], ['евро', 'euro', 'avro']],
  [
    ['USD', 'CAD', 'AUD'],
    ['доллар', 'долл', 'dollar', 'dollars'],
  ],
]
const codesByWord = new Map([
  ...Object.entries(SIGNS),
  ...WORDS.flatMap(([codes, words]) => words.map((word) => [word, codes] as const)),
])

function codesOf(text: string): readonly string[] | null {
  return codesByWord.get(text.toLowerCase().replace(/\.$/, '')) ?? null
}

/** Whether a text means a currency: by its sign, by a word, or by three letters that are a code. */
export function isCurrency(text: string): boolean {
  return codesOf(text) !== null || isoDecimals(text.toUpperCase()) !== undefined
}

/**
 * The code that a sign or word stands for in a ledger whose own unit is `own`; any other text as it is. Refused
 * (INVALID_INPUT): a sign of several currencies, none of which is the ledger's.
 */
export function currencyCode(text: string, own: string): string {
  const codes = codesOf(text)
  if (codes === null) return text
  if (codes.includes(own)) return own
  const [code, other] = codes
  if (code !== undefined && other === undefined) return code
  throw new Refusal('INVALID_INPUT', `${quoted(text)} can be ${codes.slice(0, 3).join(', ')}`, {
    hint: `Write the currency's code, or say it for the whole file, as in: --unit ${code}`,
  })
}
