import {gzipSync} from 'node:zlib'
import {type Case, INA, one, readToTheCent, written} from '../support/odd-files.ts'

const FILES: readonly Case[] = [
  [
    "a Russian bank's, with its own lines before the header and sums below",
    written(
      'Выписка по счету 408\r\nПериод: 01.11.2026 - 30.11.2026;Валюта;AZN\r\n\r\nДата;Клиент;Приход;Расход;Назначение\r\n' +
        '20.11.2026;Алиева Нигяр;1\u00a0234,50;;Аванс\r\n21.11.2026;Anna Petrova;0,00;12,50;Массаж\r\nИтого;;1234,50;12,50;\r\n',
      'windows-1251',
    ),
    {applied: 2, refused: ['7 Расход'], balances: {1: '87.50', 2: '1334.50'}},
    ...INA,
  ],
  [
    'an Azeri booking system’s',
    'Tarix|Müştəri|Məbləğ|Əməkdaş|Qeyd\n20.11.2026|Rəşad Əliyev|-12,50|Leyla Quliyeva|saç\n21.11.2026|Rəşad Əliyev|20,00 ₼||\n',
    {applied: 2, balances: {3: '107.50'}},
  ],
  [
    'money in and out in two columns, with dashes for nothing',
    'Tarix;Müştəri;Mədaxil;Məxaric\n20.11.2026;A-17; 50,00 ;-\n21.11.2026;A-17; – ;12,50\n',
    {applied: 2, balances: {3: '137.50'}},
    ...INA,
  ],
  [
    'what comes in with a minus',
    'client,in,out\n1,-5,\n1,5,\n',
    {applied: 1, refused: ['2 in'], balances: {1: '105.00'}},
  ],
  [
    'short lines, and a last one that may have been cut',
    'client,amount,staff,note\n1,-5,Ina\n1,-7,Ina',
    {applied: 1, refused: ['3'], balances: {1: '95.00'}},
  ],
  [
    'amounts that nothing follows',
    'client,amount,note\n1,5,x\n1,10\n',
    {applied: 1, refused: ['3'], balances: {1: '105.00'}},
  ],
  [
    'numbers that a double would round to the same',
    '{"client":1,"amount":5,"reference":12345678901234567890}\n{"client":1,"amount":5,"reference":12345678901234567891}\n',
    {applied: 2, balances: {1: '110.00'}},
  ],
  [
    'what goes out with a minus in its own column',
    'Date,Client,Debit,Credit\n2026-11-20,1,,50.00\n2026-11-21,1,-12.50,\n2026-11-21,1,1,1\n',
    {applied: 2, refused: ['4 Debit'], balances: {1: '137.50'}},
    ...INA,
  ],
  ['a separator that says itself', 'sep=;\r\nclient;date;amount\r\n1;20.11.2026;12,50\r\n', one('112.50')],
  ['UTF-16 with tabs', written('\ufeffClient\tDate\tAmount\r\n1\t2026-11-20\t12,50\r\n', 'utf-16le'), one('112.50')],
  ['UTF-16 without a mark', written('Клиент;Сумма\r\n1;12,50\r\n', 'utf-16be'), one('112.50')],
  [
    'Turkish titles',
    written('Müşteri;Tutar\r\nA-17;12,50\r\n', 'windows-1254'),
    {applied: 1, balances: {3: '112.50'}},
    '--map',
    'client=Müşteri',
    '--map',
    'amount=Tutar',
  ],
  ['two byte order marks', '\ufeff\ufeffclient,amount\n1,12.50\n', one('112.50')],
  ['carriage returns alone', 'client,amount\r1,12.50\r1,1\r', {applied: 2, balances: {1: '113.50'}}],
  [
    'blank lines and empty cells at the ends',
    'client,amount,\n\n1,12.50,\n   \n,,\n1,1,,,\n',
    {applied: 2, balances: {1: '113.50'}},
  ],
  [
    'an empty cell left out by a spreadsheet',
    'client,amount,staff,note\n1,12.50,Ina\n1,1\n',
    {applied: 1, refused: ['3'], balances: {1: '112.50'}},
  ],
  [
    'signs of every kind',
    'client;amount\n1;−1,00\n1;–1,00\n1;1,00-\n1;(1,00)\n1;+1,00\n',
    {applied: 5, balances: {1: '97.00'}},
    ...INA,
  ],
  [
    'currencies beside amounts',
    'client;amount\n1;1,00 AZN\n1;₼1,00\n1;1,00 man.\n1;1,00 манат\n',
    {applied: 4, balances: {1: '104.00'}},
  ],
  [
    'currencies that are not ours',
    'client;amount\n1;5,00 $\n1;5,00 шт\n1;5,00 €\n',
    {applied: 1, refused: ['2 amount', '3 amount']},
  ],
  ['a currency in the title that is not ours', 'client;amount (EUR)\n1;5,00\n', {applied: 1}],
  [
    'a currency in a column of its own',
    'client;amount;currency\n1;5,00;₼\n1;5,00 EUR;AZN\n',
    {applied: 1, refused: ['3 currency'], balances: {1: '105.00'}},
  ],
  [
    'thousands',
    "client;amount\n1;1.234,50\n1;1 000,00\n1;1'000,00\n1;1 2,50\n1;12 34,50\n",
    {applied: 3, refused: ['5 amount', '6 amount'], balances: {1: '3334.50'}},
  ],
  [
    'whole numbers, and one that may be a thousand',
    `client;amount\n${'1;1\n'.repeat(70_000)}1;1.500\n`,
    {applied: 70_000, refused: ['70002 amount'], balances: {1: '70100.00'}},
  ],
  ['amounts with two marks', 'client;amount\n1;12,50\n1;12.50\n', /--decimal/],
  ['an amount of one thousand or of one', 'client;amount\n1;1.234\n', /--decimal/],
  ['amounts cut at their commas', 'client,amount,note\n1,12,50\n1,13,00\n', /semicolons/],
  [
    'nothing that is an amount',
    'client,amount\n1,1e3\n1,0x10\n1,NaN\n1,0\n1,=1+1\n1,1.00555\n1,٥\n1,\n1,99999999999999999999\n',
    {applied: 0, refused: [2, 3, 4, 5, 6, 7, 8, 9, 10].map((line) => `${line} amount`)},
  ],
  ['two columns of amounts', 'client,amount,total\n1,5,6\n', /--map amount=2/],
  [
    'amounts under a title that nobody knows',
    'Name,Phone,Paid sum\nAnna Petrova,+994501234567,5.00\n',
    /--map amount=Paid sum/,
    '--create-clients',
  ],
  [
    'a price and a total',
    'date,client,price,qty,total,staff\n2026-11-20,1,5.00,2,-10.00,Ina\n',
    {applied: 1, balances: {1: '90.00'}},
  ],
  [
    'dates of one book',
    'client,date,amount\n1,2026-11-20T10:05Z,1\n1,20.11.2026 10:05,1\n1,2026-11-20 10:05:00,1\n1,05/06/2026,1\n1,46346,1\n1,20.11.26,1\n1,2036-11-20,1\n',
    {applied: 3, refused: ['5 date', '6 date', '7 date', '8 date'], balances: {1: '103.00'}},
  ],
  [
    'dates as they say',
    'client,date,amount\n1,23/11/2026 10:05,1\n',
    one('101.00'),
    '--date-format',
    'DD/MM/YYYY HH:mm',
  ],
  [
    'a name that another cell contradicts',
    'client,name,phone,amount\n1,Нигяр Алиева,,5\nAnna Petrova,,0557654321,5\n2,Nigyar Aliyeva,055 765 43 21,5\n',
    {applied: 1, refused: ['2 name', '3 phone'], balances: {2: '105.00'}},
  ],
  [
    'phones that are not known, and names that are',
    'name,phone,amount\nRəşad Əliyev,+994 70 111 11 11,5\nAnna Petrova,+994 70 111 11 12,5\n',
    {applied: 1, refused: ['3 client'], balances: {3: '105.00'}},
  ],
  [
    'a name that may be another one',
    'client,amount\nAnna Petrov,5\nann pet,5\nAnna Petrovskaya,5\n',
    {applied: 2, refused: ['2 client'], balances: {1: '105.00', 'Anna Petrovskaya': '5.00'}},
    '--create-clients',
  ],
  [
    'names with a typo',
    'client,amount\nAna Petrova,5\n9.94501E+11,5\n1.0,5\n',
    {applied: 0, refused: ['2 client', '3 client', '4 client']},
  ],
  [
    'a sum at the end',
    'client,amount\n1,5\nИтого:,5\nTotal,5\n,5\n',
    {applied: 1, refused: ['3 name', '4 name', '5 client'], balances: {1: '105.00'}},
    '--create-clients',
  ],
  [
    'what did not come to pass',
    'client,amount,status\n1,5,completed\n1,5,Cancelled\n1,5,Отменён\n1,5,ləğv edilib\n',
    {applied: 1, refused: ['3 status', '4 status', '5 status'], balances: {1: '105.00'}},
  ],
  [
    'refunds',
    'client,amount,kind,method\n1,10,refund,cash\n1,10,возврат,наличные\n1,10,Geri qaytarma,nağd\n1,-10,topup,\n',
    {applied: 3, refused: ['5 amount'], balances: {1: '70.00'}},
  ],
  [
    'staff that is not known',
    'client,amount,staff\n1,-1,Ina\n1,-1,Inna\n',
    {applied: 1, refused: ['3 staff'], balances: {1: '99.00'}},
  ],
  ['the same line twice', 'client,amount\n1,5\n1,5\n', {applied: 2, balances: {1: '110.00'}}],
  [
    'zeros, formulas and what moves a cursor',
    'client,amount,note\n1,1,a\0b\n1,2\0,\n1,1,=HYPERLINK("x")\n1,1,\u001b[31mred\n="1",="5.00",\n',
    {applied: 2, refused: ['2 note', '3 amount', '5 note'], balances: {1: '106.00'}},
  ],
  [
    'ten megabytes in one cell',
    `client,amount,note\n1,1,${'x'.repeat(10_000_000)}\n1,5,"${'y\n'.repeat(50)}"\n1,1,"${'z\n'.repeat(3_000_000)}"\n`,
    {applied: 1, refused: ['2 note', '54 note'], balances: {1: '105.00'}},
  ],
  [
    'a quote that is never closed',
    'client,amount,note\n1,1,"open\n1,5,b\n1,5,"c"\n1,5,"d\\" e"\n',
    {applied: 2, refused: ['2', '5'], balances: {1: '110.00'}},
  ],
  ['a torn end', 'client,amount,reference\n1,5,a\n1,2', {applied: 1, refused: ['3'], balances: {1: '105.00'}}],
  [
    'lines of other lengths',
    'client;amount;note\n1;5;a;b\n1\n1;5;c\n',
    {applied: 1, refused: ['2', '3'], balances: {1: '105.00'}},
  ],
  [
    'JSON lines, some broken',
    '{"client":1,"amount":"5.00"}\n{"client":1,"amount":0.1}\nnot json\n[1]\n{"client":1}\n',
    {applied: 2, refused: ['3', '4', '5 amount'], balances: {1: '105.10'}},
  ],
  ['a JSON array', '[{"client":1,"amount":"5.00"}]\n', /jq -c/],
  ['a header alone', 'client,amount', {applied: 0}],
  ['a byte order mark alone', '\ufeff', /what wrote it/],
  ['no header', 'Anna Petrova,1.00\nAnna Petrova,2.00\n', /--no-header/],
  [
    'columns by number',
    'Anna Petrova,1.00\nAnna Petrova,2.00\n',
    {applied: 2, balances: {1: '103.00'}},
    '--no-header',
    '--map',
    'client=1',
    '--map',
    'amount=2',
  ],
  ['a gzip file', gzipSync('client,amount\n1,1\n'), /gunzip/],
  ['a spreadsheet', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(100, 1)]), /Save it as CSV/],
  ['a PDF', '%PDF-1.7\n1 0 obj\n', /Export the data as CSV/],
  ['a picture', Buffer.from('ffd8ffe000104a46494600010100', 'hex'), /Export it as CSV/],
]

describe('a file that nobody here has seen', () => readToTheCent(FILES))
