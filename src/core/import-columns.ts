/** What the columns of a file mean, told by their names in English, Russian and Azeri, or by the user. */

import {Refusal} from './refusal.ts'
import {quoted} from './text.ts'

/** Every field that a line can have, with the names it goes by; a name is compared by its letters and digits alone. */
const NAMES = {
  client: [
    'client',
    'customer',
    'client id',
    'customer id',
    'payer',
    'клиент',
    'заказчик',
    'покупатель',
    'плательщик',
    'müştəri',
    'ödəyici',
    'ödəyən',
  ],
  name: [
    'name',
    'full name',
    'client name',
    'customer name',
    'имя',
    'фио',
    'ф.и.о.',
    'имя клиента',
    'ad',
    'ad soyad',
    'soyad ad',
    'a.s.a.',
    'müştərinin adı',
  ],
  phone: [
    'phone',
    'phone number',
    'mobile',
    'tel',
    'telephone',
    'телефон',
    'номер телефона',
    'моб',
    'мобильный',
    'telefon',
    'telefon nömrəsi',
    'mobil',
  ],
  code: [
    'code',
    'card',
    'client code',
    'card number',
    'код',
    'карта',
    'код клиента',
    'номер карты',
    'kod',
    'kart',
    'müştəri kodu',
    'kart nömrəsi',
  ],
  email: ['email', 'e-mail', 'mail', 'почта', 'эл. почта', 'электронная почта', 'e-poçt', 'elektron poçt'],
  birthDate: ['birth date', 'birthday', 'date of birth', 'дата рождения', 'день рождения', 'doğum tarixi', 'ad günü'],
  category: ['category', 'group', 'категория', 'группа', 'kateqoriya', 'qrup'],
  source: ['source', 'источник', 'mənbə'],
  address: ['address', 'адрес', 'ünvan'],
  defaultPrice: ['default price', 'price', 'цена', 'стоимость', 'qiymət'],
  opening: [
    'opening balance',
    'opening',
    'balance',
    'начальный остаток',
    'остаток',
    'баланс',
    'входящий остаток',
    'ilkin qalıq',
    'qalıq',
    'balans',
  ],
  openingDate: ['opening date', 'balance date', 'дата остатка', 'qalıq tarixi'],
  amount: ['amount', 'sum', 'total', 'value', 'сумма', 'итого', 'məbləğ', 'cəmi', 'məbləg'],
  in: [
    'in',
    'credit',
    'paid in',
    'received',
    'deposit',
    'приход',
    'поступление',
    'кредит',
    'пополнение',
    'mədaxil',
    'kredit',
    'daxil olan',
  ],
  out: [
    'out',
    'debit',
    'paid out',
    'spent',
    'withdrawal',
    'charge',
    'расход',
    'списание',
    'дебет',
    'məxaric',
    'debet',
    'xaric olan',
    'silinmə',
  ],
  kind: [
    'kind',
    'type',
    'operation',
    'тип',
    'вид',
    'операция',
    'вид операции',
    'тип операции',
    'növ',
    'əməliyyat',
    'əməliyyatın növü',
    'tip',
  ],
  unit: ['unit', 'currency', 'валюта', 'единица', 'valyuta', 'vahid'],
  staff: [
    'staff',
    'employee',
    'master',
    'specialist',
    'teacher',
    'therapist',
    'trainer',
    'сотрудник',
    'мастер',
    'специалист',
    'преподаватель',
    'тренер',
    'işçi',
    'əməkdaş',
    'usta',
    'mütəxəssis',
    'müəllim',
  ],
  method: ['method', 'payment method', 'способ', 'способ оплаты', 'üsul', 'ödəniş üsulu'],
  note: [
    'note',
    'notes',
    'comment',
    'description',
    'details',
    'purpose',
    'примечание',
    'комментарий',
    'описание',
    'назначение',
    'назначение платежа',
    'qeyd',
    'şərh',
    'təsvir',
    'təyinat',
    'ödənişin təyinatı',
  ],
  reference: [
    'reference',
    'ref',
    'transaction id',
    'transaction',
    'document',
    'document number',
    'receipt',
    'номер',
    'номер документа',
    'документ',
    'ссылка',
    'референс',
    'id операции',
    'квитанция',
    'istinad',
    'sənəd',
    'sənəd nömrəsi',
    'əməliyyat nömrəsi',
    'qəbz',
  ],
  at: [
    'date',
    'at',
    'when',
    'datetime',
    'date and time',
    'occurred at',
    'occurredat',
    'дата',
    'дата и время',
    'дата операции',
    'когда',
    'tarix',
    'tarix və saat',
    'əməliyyat tarixi',
  ],
  time: ['time', 'время', 'saat', 'vaxt'],
  reason: ['reason', 'fleks reason'],
} as const

export type Field = keyof typeof NAMES
export const FIELDS = Object.keys(NAMES) as readonly Field[]

/** Where each field is: the place of its column, from 0. */
export type Columns = {readonly [field in Field]?: number}

/** What is longer is no title, and not looked through. */
const TITLE_MAX = 200

const byName = new Map(FIELDS.flatMap((field) => NAMES[field].map((name) => [simplified(name), field] as const)))

/** Letters and digits in lower case; what stands in brackets or after a comma, such as a currency, is left out. */
function simplified(text: string): string {
  return text
    .slice(0, TITLE_MAX)
    .replace(/\([^)]*\)|\[[^\]]*\]|,.*/gs, ' ')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}

/** `--map amount=Сумма`: the column of that title, or of that number counted from 1. */
export interface Mapping {
  readonly field: Field
  readonly column: string
}

/** Refused (USAGE): anything but FIELD=COLUMN, and a field that does not exist. */
export function parseMapping(text: string): Mapping {
  const at = text.indexOf('=')
  const name = simplified(text.slice(0, Math.max(at, 0)))
  const field = FIELDS.find((one) => one.toLowerCase() === name) ?? byName.get(name)
  const column = text.slice(at + 1).trim()
  if (at < 1 || field === undefined || column === '') {
    throw new Refusal('USAGE', `${quoted(text)} maps nothing`, {
      hint: `Write FIELD=COLUMN, as in amount=Sum; the fields are: ${FIELDS.filter((one) => one !== 'reason').join(', ')}`,
    })
  }
  return {field, column}
}

/** The columns that a header names; a mapping comes before a name. Null where the record is no header. */
export function headerColumns(cells: readonly string[], mappings: readonly Mapping[]): Columns | null {
  const columns: {[field in Field]?: number} = {}
  const taken = new Set<number>()
  const titles = cells.map(simplified)
  for (const {field, column} of mappings) {
    const at = titles.indexOf(simplified(column))
    const place = at === -1 && /^[1-9]\d{0,3}$/.test(column) ? Number(column) - 1 : at
    if (place === -1 || place >= cells.length) return null
    columns[field] = place
    taken.add(place)
  }
  titles.forEach((title, at) => {
    const field = byName.get(title)
    if (field !== undefined && columns[field] === undefined && !taken.has(at)) columns[field] = at
  })
  const found = Object.keys(columns).length
  return found >= Math.min(2, cells.length) && found > 0 ? columns : null
}

/** The columns of a file without a header: those that are mapped by number. */
export function numberedColumns(mappings: readonly Mapping[]): Columns {
  const columns: {[field in Field]?: number} = {}
  for (const {field, column} of mappings) {
    if (!/^[1-9]\d{0,3}$/.test(column)) {
      throw new Refusal('USAGE', `Without a header there is no column ${quoted(column)}`, {
        hint: `Name it by its number, as in: --map ${field}=1`,
      })
    }
    columns[field] = Number(column) - 1
  }
  return columns
}

/** The field that a key of a JSON line stands for. */
export function fieldOf(key: string, mappings: readonly Mapping[]): Field | null {
  const mapped = mappings.find(({column}) => column === key)
  return mapped?.field ?? byName.get(simplified(key)) ?? null
}
