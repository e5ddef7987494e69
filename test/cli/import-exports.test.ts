import {type Case, INA, one, readToTheCent, written} from '../support/odd-files.ts'

const BANKS: readonly Case[] = [
  [
    'a bank’s, with a line of its own and a sum of both sides',
    '\ufeffHesabdan çıxarış;AZ21NABZ\r\nDövr:;01.11.2026 - 28.11.2026\r\n\r\nƏməliyyat tarixi;Sənəd nömrəsi;Ödəyən;Debet;Kredit;Valyuta;Ödənişin təyinatı\r\n' +
      '20.11.2026;000123;Anna Petrova;0,00;50,00;AZN;"Masaj; avans"\r\n21.11.2026;000124;Rəşad Əliyev;;1 250,00;AZN;\r\n' +
      '21.11.2026;000125;Kapital Bank ASC;2,00;0,00;AZN;Komissiya\r\n;;CƏMİ;2,00;1300,00;AZN;\r\n',
    {applied: 2, refused: ['7 Ödəyən', '8 Debet'], balances: {1: '150.00', 3: '1350.00'}},
    ...INA,
  ],
  [
    'a column that says which way money went',
    'date,client,amount,DR/CR\n2026-11-20,1,5.00,CR\n2026-11-20,1,6.00,DR\n2026-11-20,1,-7.00,CR\n2026-11-20,1,8.00,?\n',
    {applied: 2, refused: ['4 DR/CR', '5 DR/CR'], balances: {1: '99.00'}},
    ...INA,
  ],
  [
    'the same in words, and kinds that only the bank knows',
    'дата;клиент;сумма;тип;Приход/Расход\n20.11.2026;1;5,00;СБП;приход\n20.11.2026;1;6,00;Карта;Расход\n20.11.2026;1;7,00;reversal;приход\n',
    {applied: 2, refused: ['4 тип'], balances: {1: '99.00'}},
    ...INA,
  ],
  [
    'a kind that contradicts its column',
    'date,client,type,debit,credit\n2026-11-20,1,Payment,,50.00\n2026-11-20,1,Deposit,,5.00\n2026-11-20,1,Deposit,7.00,\n2026-11-20,1,Charge,3.00,\n',
    {applied: 2, refused: ['2 type', '4 type'], balances: {1: '102.00'}},
    ...INA,
  ],
  [
    'an amount that contradicts its column',
    'date,client,amount,debit,credit\n2026-11-20,1,50.00,50.00,\n2026-11-20,1,5.00,,5\n2026-11-20,1,-7.00,7.00,\n2026-11-20,1,9.00,,8.00\n',
    {applied: 2, refused: ['2 debit', '5 credit'], balances: {1: '98.00'}},
    ...INA,
  ],
  [
    'a currency beside the amount that its title contradicts',
    'client;amount (EUR)\n1;5,00 AZN\n1;6,00\n1;7,00 EUR\n',
    {applied: 2, refused: ['2 amount (EUR)']},
  ],
  [
    'a currency in a column that the title contradicts',
    'client;amount (EUR);currency\n1;5,00;AZN\n1;6,00;EUR\n1;7,00;\n',
    {applied: 2, refused: ['2 currency']},
  ],
  [
    'a balance beside amounts that nobody knows by their title',
    'Дата операции;Клиент;Сумма в валюте счёта;Остаток\n20.11.2026;Новый Клиент;70,00;220,00\n',
    /--map amount=Сумма в валюте счёта/,
    '--create-clients',
  ],
  [
    'five francs and no cents',
    'client;amount;note\n1;5.–;x\n1;7.-;y\n1;8.50;z\n',
    {applied: 1, refused: ['2 amount', '3 amount'], balances: {1: '108.50'}},
    ...INA,
  ],
  [
    'states in which nothing was moved',
    'Type,Completed Date,Client,Amount,Currency,State\nTOPUP,2026-11-20 10:00:01,1,50.00,AZN,COMPLETED\nCARD_PAYMENT,,1,-5.00,AZN,REVERTED\nTRANSFER,2026-11-20,1,7.00,AZN,COMPLETED\nTOPUP,2026-11-20,1,9.00,AZN,requires_payment_method\n',
    {applied: 1, refused: ['3 State', '4 Type', '5 State'], balances: {1: '150.00'}},
    ...INA,
  ],
  ['a statement in another form', ':20:STARTUMS\n:25:10010010/123\n:61:2611201120C50,00NMSC\n:86:Anna\n', /as CSV/],
  ['a page of the web', '<html><body><table><tr><td>client</td><td>amount</td></tr></table>\n', /as CSV/],
]

const BOOKINGS: readonly Case[] = [
  [
    'visits that nobody came to, in the words of many',
    'client,date,status,amount\n1,2026-11-20,Completed,-12\n1,2026-11-20,NO_SHOW,-12\n1,2026-11-20,Cancelled by client,-12\n1,2026-11-20,Late cancellation,-12\n1,2026-11-20,Ləğv edilmişdir,-12\n1,2026-11-20,Gözləmədədir,-12\n',
    {applied: 1, refused: ['3', '4', '5', '6', '7'].map((line) => `${line} status`), balances: {1: '88.00'}},
    ...INA,
  ],
  [
    'the status of a visit',
    '"Дата";"Клиент";"Телефон";"Сотрудник";"Сумма";"Статус визита"\n"20.11.2026 10:00";"Алиева";"+994 55 765-43-21";"Ina";"-10,00";"Клиент пришел"\n"20.11.2026 11:00";"Алиева";"0557654321";"Ina";"-10,00";"Клиент не пришёл"\n"20.11.2026 12:00";"Алиева";"055 765 43 21";"Ina";"-10,00";"Отменена клиентом"\n',
    {applied: 1, refused: ['3 Статус визита', '4 Статус визита'], balances: {2: '90.00'}},
  ],
  [
    'two statuses',
    'date,client,amount,status,payment status\n2026-11-20,1,5.00,completed,paid\n2026-11-20,1,6.00,completed,failed\n',
    {applied: 1, refused: ['3 status'], balances: {1: '105.00'}},
  ],
  [
    'visits with a price and no amount',
    'Дата;Клиент;Услуга;Стоимость;Мастер\n20.11.2026;Anna Petrova;Массаж;12,00;Ina\n',
    /--map amount=Стоимость/,
  ],
  [
    'clients with prices, statuses, and dashes for nothing',
    'Имя;Телефон;E-mail;Цена;Статус\nНовый Первый;+79991112233;-;12,50;Refunded\nНовый Второй;—;—;1 200,00;VIP\n',
    {applied: 2, balances: {'Новый Первый': '0.00', 'Новый Второй': '0.00'}},
  ],
  [
    'numbers, which are nobody’s names',
    'client,balance\n1,50\n+994501234567,5\n9.94501E+11,5\n#5,5\n',
    {applied: 0, refused: ['2', '3', '4', '5'].map((line) => `${line} name`)},
  ],
  [
    'the same where clients may be added',
    'client,amount\n777,5\n+994700000000,5\n9.94501E+11,5\n=1+1,5\n5%,5\n',
    {applied: 0, refused: ['2', '3', '4', '5', '6'].map((line) => `${line} name`)},
    '--create-clients',
  ],
  [
    'two newcomers of one name',
    'name,phone,amount\nNew One,,5\nNew One,+994501111111,5\nNew One,+994502222222,6\nNew One,0501111111,7\n',
    {applied: 3, refused: ['4 phone'], balances: {'New One': '17.00'}},
    '--create-clients',
  ],
  [
    'references that stand for none',
    'client,amount,reference\n1,5,-\n1,5,-\n1,5,N/A\n1,5,N/A\n1,5,б/н\n1,5,б/н\n1,5,0\n1,5,0\n1,5,\\N\n1,5,\\N\n',
    {applied: 10, balances: {1: '150.00'}},
  ],
  [
    'references that a spreadsheet has rounded, and its errors',
    'client,amount,reference\n1,5,1.23457E+11\n1,5,"1,23457E+11"\n1,5,#N/A\n1,#REF!,a\n#ИМЯ?,5,b\n1,5,#######\n',
    {
      applied: 0,
      refused: ['2 reference', '3 reference', '4 reference', '5 amount', '6 client', '7 reference'],
    },
  ],
  [
    'references that differ in little',
    'client,amount,reference\n1,1,R 1\n1,1,R 1 \n1,1,r 1\n1,2,R 1\n2,1,R 1\n1,1,="007"\n1,1,007\n',
    {applied: 4, replayed: 2, refused: ['5 reference'], balances: {1: '103.00', 2: '101.00'}},
  ],
]

const FORMS: readonly Case[] = [
  [
    'titles that nobody knows but one, which is no list of clients',
    'Client ID,Client,Sale Date,Total Paid\n100000123,"Petrova, Anna",11/20/2026,$50.00\n',
    /--map client=/,
  ],
  [
    'titles that are divided by another mark than the lines',
    'client,amount,note\n1;5;x\n',
    {applied: 0, refused: ['2']},
  ],
  [
    'lines that run into each other, and such as are torn',
    'client,amount,note\r\n1,5,a\n1,7,c\r1,8,d\n1,9,"open\n1,10',
    {applied: 1, refused: ['3', '4', '5'], balances: {1: '105.00'}},
  ],
  ['two tables', 'client,amount\n1,5\n1,6\n\ndate,client,amount,note\n2026-11-20,1,7,x\n', /a file of each/],
  [
    'a table below another, with its columns the other way round',
    'client,amount\n1,5\nclient,amount\n1,6\namount,client\n2,3\nClient;,Amount\n1,7\n',
    {applied: 3, refused: ['3 amount', '5 amount', '6', '7 amount'], balances: {1: '118.00'}},
  ],
  [
    'a line in another encoding than the others',
    Buffer.concat([
      Buffer.from('Клиент;Сумма;Примечание\nАлиева Нигяр;1,00;раз\n'),
      written('Алиева Нигяр;2,00;два\n', 'windows-1251'),
      Buffer.from('Алиева Нигяр;3,00;три\n'),
    ]),
    {applied: 2, refused: ['3'], balances: {2: '104.00'}},
  ],
  [
    'the encoding of DOS, and its end of a file',
    written('Клиент;Сумма\r\nАлиева Нигяр;12,50\r\nСидоров Пётр;1,00\r\n\u001a', 'ibm866'),
    {applied: 1, refused: ['3 Клиент'], balances: {2: '112.50'}},
  ],
  [
    'notes that divide all lines evenly, where cells do not',
    'client,amount,note\n1,5,a;b\n1,6\n1,7,x, y;z\n1,8,"g, h;i"\n1,9,,;\n',
    {applied: 2, refused: ['3', '4', '6'], balances: {1: '113.00'}},
  ],
  [
    'no titles, decimal commas, and lines of other lengths',
    '\ufeff1;5,00;a\n1;6,00\n1;7,00;b;c\n1;8,00;d\n',
    {applied: 2, refused: ['2', '3'], balances: {1: '113.00'}},
    '--no-header',
    '--map',
    'client=1',
    '--map',
    'amount=2',
  ],
  [
    'amounts that are cut at their commas, some of them with no decimals',
    'client,amount,note\n1,12,5\n1,13\n1,14,\n',
    /semicolons/,
  ],
  [
    'notes that divide more evenly than cells',
    'client,amount,note\n1,5,a;b;c\n1,6,x, y;z;t\n1,7,d;e;f\n1,8,"g, h;i;j"\n',
    {applied: 3, refused: ['3'], balances: {1: '120.00'}},
  ],
]

const JSON_LINES: readonly Case[] = [
  [
    'keys that stand twice, or mean the same',
    '{"client":1,"amount":"5.00","amount":"7.00"}\n{"client":1,"amount":"5.00","sum":"7.00"}\n{"client":1,"amount":"5.00","sum":"5.00","note":"a\\":b"}\n{"client":1,"customer":2,"amount":"5.00"}\n',
    {applied: 1, refused: ['1', '2', '4'], balances: {1: '105.00'}},
  ],
  [
    'a key that the user named, beside one of that name',
    '{"client":1,"amount":1,"paid":"7.00"}\n',
    one('107.00'),
    '--map',
    'amount=paid',
  ],
  [
    'people of another ledger',
    '{"client":{"id":1,"name":"Anna Petrova"},"amount":"-5.00","staff":{"id":2,"name":"Ina"}}\n{"client":{"id":1,"name":"Rəşad Əliyev"},"amount":"9.00"}\n{"client":{"name":"Anna"},"amount":1}\n',
    {applied: 1, refused: ['2 name', '3'], balances: {1: '95.00'}},
  ],
  [
    'nothing that can be read',
    '{"client":1,"amount":"5.00",}\n{"client":1}{"amount":1}\n{"client":1,"amount":"6.0',
    {applied: 0, refused: ['1', '2', '3']},
  ],
  ['JSON over several lines', '{\n  "client": 1,\n  "amount": "5.00"\n}\n', /jq -c \./],
  [
    'ten megabytes in the first line, and money in the second',
    `{"name":"Anna Petrova","note":"${'x'.repeat(10_000_000)}"}\n{"client":1,"amount":"6.00"}\n`,
    {applied: 1, refused: ['1 note'], balances: {1: '106.00'}},
  ],
]

describe('a file of a bank', () => readToTheCent(BANKS))
describe('a file of a booking system', () => readToTheCent(BOOKINGS))
describe('a file of a damaged form', () => readToTheCent(FORMS))
describe('JSON lines of other hands', () => readToTheCent(JSON_LINES))
