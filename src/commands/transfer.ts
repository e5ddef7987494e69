import {FleksCommand} from '../cli/base-command.ts'
import {AMOUNT, CLIENT, postingFlags, requiredArg} from '../cli/flags.ts'
import {transferRequest} from '../cli/requests.ts'
import {transfer} from '../data/transfer.ts'
import {transferJson} from '../views/entry-json.ts'

export default class Transfer extends FleksCommand {
  static override args = {
    from: requiredArg(`${CLIENT} who gives`),
    to: requiredArg(`${CLIENT} who receives`),
    amount: requiredArg(AMOUNT),
  }
  static override description =
    "Move money from one client's account to another's\n\nBoth sides are written together or not at all, linked to each other, and never below zero."
  static override examples = [
    '<%= config.bin %> transfer 42 43 20',
    '<%= config.bin %> transfer "anna pet" "tom bak" 20 --note "gift"',
    '<%= config.bin %> transfer 42 43 2 --unit lesson --reference gift-12 --json',
  ]
  static override flags = postingFlags

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Transfer)
    const request = transferRequest(args, flags)
    const {posting, settings} = await this.withLedger((ledger) => transfer(ledger, request))
    await this.show(
      {
        json: () => transferJson(posting, settings.unit),
        text: async (screen) => (await import('../views/posting-text.ts')).transferText(posting, screen),
      },
      settings,
    )
  }
}
