import {FleksCommand} from '../cli/base-command.ts'
import {AMOUNT, CLIENT, optionalArg, postingFlags, STAFF, staffFlag} from '../cli/flags.ts'
import {completeRequest} from '../cli/guide.ts'
import {pay} from '../data/posting.ts'
import {postingForms} from '../views/posting-forms.ts'

export default class Pay extends FleksCommand {
  static override args = {
    client: optionalArg(CLIENT),
    amount: optionalArg(`${AMOUNT} (default: the client's default price)`),
  }
  static override description =
    'Charge a client for a service\n\nNever below zero, and with the staff member who did it. In a terminal, leave the client or the amount out to be led through it.'
  static override examples = [
    '<%= config.bin %> pay 42 12.50 --staff Ina',
    '<%= config.bin %> pay "anna pet" --staff Ina --note massage',
    '<%= config.bin %> pay 42 12.50 --staff Ina --reference visit-204 --json',
    '<%= config.bin %> pay 42 1 --unit lesson --staff Ina --dry-run',
  ]
  static override flags = {...postingFlags, staff: staffFlag(`${STAFF}, who did the service`)}

  async run(): Promise<void> {
    const input = await this.parse(Pay)
    const {posting, settings} = await this.withLedger(async (ledger) =>
      pay(ledger, await completeRequest(ledger, 'payment', input, this.format)),
    )
    await this.show(postingForms(posting, settings.unit), settings)
  }
}
