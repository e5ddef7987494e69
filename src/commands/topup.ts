import {FleksCommand} from '../cli/base-command.ts'
import {AMOUNT, CLIENT, methodFlag, optionalArg, postingFlags, STAFF, staffFlag} from '../cli/flags.ts'
import {completeRequest} from '../cli/guide.ts'
import {topup} from '../data/posting.ts'
import {postingForms} from '../views/posting-forms.ts'

export default class Topup extends FleksCommand {
  static override args = {
    client: optionalArg(CLIENT),
    amount: optionalArg(AMOUNT),
  }
  static override description =
    'Take money from a client in advance\n\nShows the balance before and after. In a terminal, leave the client or the amount out to be led through it.'
  static override examples = [
    '<%= config.bin %> topup 42 50',
    '<%= config.bin %> topup "anna pet" 50 --method cash --note "for March"',
    '<%= config.bin %> topup 42 50 --reference receipt-1017 --json',
    '<%= config.bin %> topup 42 50 --at yesterday --dry-run',
  ]
  static override flags = {...postingFlags, method: methodFlag, staff: staffFlag(`${STAFF}, who took the money`)}

  async run(): Promise<void> {
    const input = await this.parse(Topup)
    const {posting, settings} = await this.withLedger(async (ledger) =>
      topup(ledger, await completeRequest(ledger, 'topup', input, this.format)),
    )
    await this.show(postingForms(posting, settings.unit), settings)
  }
}
