/** The words of a file, in English, Russian and Azeri, that say what a line is. */

import type {Direction, Method} from './entry.ts'

/** What a line is when nothing in it says so. */
export type LineKind = 'topup' | 'payment' | 'refund' | 'opening' | 'client' | 'staff'
export const LINE_KINDS: readonly LineKind[] = ['topup', 'payment', 'refund', 'opening', 'client', 'staff']

const KIND_WORDS: Readonly<Record<LineKind, readonly string[]>> = {
  topup: [
    'topup',
    'top-up',
    'top up',
    'deposit',
    'credit',
    'in',
    'пополнение',
    'приход',
    'взнос',
    'зачисление',
    'поступление',
    'mədaxil',
    'artırma',
    'balans artımı',
  ],
  payment: [
    'payment',
    'charge',
    'visit',
    'service',
    'debit',
    'out',
    'списание',
    'расход',
    'визит',
    'услуга',
    'занятие',
    'məxaric',
    'xidmət',
    'silinmə',
    'ziyarət',
  ],
  refund: ['refund', 'возврат', 'qaytarma', 'geri qaytarma', 'geri ödəmə'],
  opening: ['opening', 'opening balance', 'начальный остаток', 'ilkin qalıq'],
  client: ['client', 'customer', 'клиент', 'müştəri'],
  staff: ['staff', 'employee', 'сотрудник', 'işçi', 'əməkdaş'],
}

/** How a column beside the amount says which way money went: to us, or from us. */
const DIRECTION_WORDS: Readonly<Record<Direction, readonly string[]>> = {
  IN: [
    'in',
    'cr',
    'c',
    'credit',
    'h',
    'haben',
    '+',
    'incoming',
    'к',
    'кредит',
    'приход',
    'поступление',
    'зачисление',
    'пополнение',
    'входящий',
    'входящая',
    'k',
    'kredit',
    'mədaxil',
    'daxil olan',
  ],
  OUT: [
    'out',
    'dr',
    'd',
    'debit',
    's',
    'soll',
    '-',
    'outgoing',
    'д',
    'дебет',
    'расход',
    'списание',
    'исходящий',
    'исходящая',
    'debet',
    'məxaric',
    'xaric olan',
  ],
}

const METHOD_WORDS: Readonly<Record<Method, readonly string[]>> = {
  cash: ['cash', 'наличные', 'наличными', 'нал', 'nağd'],
  card: ['card', 'карта', 'картой', 'безнал', 'kart', 'kartla'],
  transfer: ['transfer', 'bank', 'bank transfer', 'перевод', 'köçürmə'],
  other: ['other', 'другое', 'digər'],
}

/**
 * What banks and booking systems write beside a line that did not come to pass, or not yet: how its words begin,
 * wherever they stand (`Cancelled by client`, `NO_SHOW`, `Клиент не пришёл`, `Ləğv edilmişdir`).
 */
const UNDONE_BEGINNINGS = [
  'cancel',
  'declin',
  'fail',
  'reject',
  'pending',
  'awaiting',
  'processing',
  'in progress',
  'incomplete',
  'requires',
  'scheduled',
  'draft',
  'void',
  'revers',
  'revert',
  'refunded',
  'returned',
  'chargeback',
  'disputed',
  'expired',
  'unpaid',
  'not paid',
  'error',
  'no show',
  'noshow',
  'отмен',
  'отклон',
  'аннулир',
  'сторн',
  'возвращ',
  'не выполн',
  'не приш',
  'не приход',
  'не оплач',
  'неоплач',
  'неуспеш',
  'не успеш',
  'неявк',
  'ожида',
  'в обработке',
  'обрабатыва',
  'в процессе',
  'запланир',
  'ошибк',
  'ləğv',
  'imtina',
  'rədd',
  'gözlə',
  'uğursuz',
  'gəlmə',
  'qaytarıl',
  'ödənilməmiş',
  'ödənilməyib',
  'emal',
  'xəta',
]

const TOTAL_WORDS = ['total', 'totals', 'subtotal', 'итого', 'итог', 'всего', 'сальдо', 'cəmi', 'yekun', 'toplam']
const TOTAL_PHRASES = ['grand total', 'opening balance', 'closing balance', 'ümumi cəmi', 'ümumi məbləğ']

const kindByWord = byWord(KIND_WORDS)
const methodByWord = byWord(METHOD_WORDS)
const directionByWord = byWord(DIRECTION_WORDS)
const undone = new RegExp(`(?:^| )(?:${UNDONE_BEGINNINGS.join('|')})`)

function byWord<T extends string>(words: Readonly<Record<T, readonly string[]>>): ReadonlyMap<string, T> {
  return new Map((Object.keys(words) as T[]).flatMap((meaning) => words[meaning].map((word) => [word, meaning])))
}

function lower(text: string): string {
  return text.normalize('NFC').replaceAll('İ', 'i').toLowerCase().trim()
}

export function kindNamed(text: string): LineKind | null {
  return kindByWord.get(text) ?? kindByWord.get(lower(text)) ?? null
}

export function methodNamed(text: string): Method | null {
  return methodByWord.get(text) ?? methodByWord.get(lower(text)) ?? null
}

export function directionNamed(text: string): Direction | null {
  return directionByWord.get(lower(text).replace(/\.$/, '')) ?? null
}

/** Whether a status says that nothing was done. */
export function isUndone(status: string): boolean {
  return undone.test(
    lower(status)
      .replaceAll('ё', 'е')
      .replace(/[^\p{L}\p{N}]+/gu, ' '),
  )
}

/** Whether this stands where a sheet adds up its lines, and is nobody's name. */
export function isTotals(text: string): boolean {
  const plain = lower(text)
  const [word = ''] = plain.split(/[^\p{L}]+/u)
  return TOTAL_WORDS.includes(word) || TOTAL_PHRASES.some((phrase) => plain.startsWith(phrase))
}
