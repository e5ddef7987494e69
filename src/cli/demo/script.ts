/** What the demo plays: scenes of commands as the owner types them, each with the exit code that it must have. */

export interface Scene {
  readonly title: string
  readonly text: string
  readonly steps: readonly Step[]
}

export interface Step {
  readonly words: readonly string[]
  readonly exit: number
}

const step = (...words: readonly string[]): Step => ({words, exit: 0})
const refusedStep = (exit: number, ...words: readonly string[]): Step => ({words, exit})

/** The business opens. */
export const OPENING: Scene = {
  title: 'A business opens its ledger',
  text: 'Its name, its time zone, what it counts beside money, and who works there.',
  steps: [
    step('config', 'set', 'business-name', 'Lotus Studio'),
    step('config', 'set', 'time-zone', 'Asia/Baku'),
    step('config', 'set', 'counted-units', 'lesson'),
    ...['Ina', 'Leyla', 'Marat', 'Günay'].map((name) => step('staff', 'add', name)),
  ],
}

/** The day at the desk. */
export const DAY: readonly Scene[] = [
  {
    title: 'Somebody stands at the desk',
    text: 'Any part of a name in any order, another script, a typo, a piece of the phone number.',
    steps: [
      step('client', 'search', 'pet anna'),
      step('client', 'search', 'aliyev', '--limit', '4'),
      step('client', 'search', 'ирада'),
      step('client', 'search', 'bakre', '--limit', '2'),
      step('client', 'search', '900123'),
    ],
  },
  {
    title: 'Money comes in, a visit is charged',
    text: 'Without an amount, a payment takes the default price. Below zero it never goes: exit code 5.',
    steps: [
      step('topup', 'anna pet', '50', '--method', 'cash'),
      step('pay', 'anna pet', '--staff', 'Ina', '--note', 'massage'),
      refusedStep(5, 'pay', 'anna pet', '500', '--staff', 'Ina'),
    ],
  },
  {
    title: 'Two clients have one name',
    text: 'fleks never guesses whose money it is: exit code 4. A code, a phone number or an id says who.',
    steps: [
      refusedStep(4, 'topup', 'elena ivanova', '30'),
      step('topup', 'M-17', '30', '--method', 'card'),
      refusedStep(3, 'topup', 'tom bakre', '30'),
    ],
  },
  {
    title: 'Twice by mistake',
    text: 'A reference is written once, however often it is sent. A dry run writes nothing at all.',
    steps: [
      step('topup', 'tom bak', '100', '--reference', 'bank-7781'),
      step('topup', 'tom bak', '100', '--reference', 'bank-7781'),
      step('pay', 'tom bak', '--staff', 'Marat', '--dry-run'),
    ],
  },
  {
    title: 'Lessons beside money',
    text: 'A balance of its own for everything that is counted.',
    steps: [
      step('topup', 'tom bak', '8', '--unit', 'lesson'),
      step('pay', 'tom bak', '1', '--unit', 'lesson', '--staff', 'Marat'),
      step('balance', 'tom bak'),
    ],
  },
  {
    title: 'Closing time',
    text: 'Who paid for what, and what the business owes its clients.',
    steps: [
      step('history', 'anna pet'),
      step('history', '--staff', 'Ina', '--kind', 'payment', '--limit', '5'),
      step('balance'),
    ],
  },
]

/** The command line as it is typed. */
export function typed({words}: Step): string {
  return ['fleks', ...words].map((word) => (/^[\p{L}\p{N}_./:=-]+$/u.test(word) ? word : `"${word}"`)).join(' ')
}
